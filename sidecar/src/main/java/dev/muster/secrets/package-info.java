/** Files that hold secrets, and change while the sidecar runs, as a mounted Secret does. */
@NullMarked
package dev.muster.secrets;

import org.jspecify.annotations.NullMarked;
