/** Files that hold secrets and can change while the sidecar runs, as mounted Secrets do. */
@NullMarked
package dev.muster.secrets;

import org.jspecify.annotations.NullMarked;
