/** Makes the one write that a cycle decided. */
@NullMarked
package dev.muster.act;

import org.jspecify.annotations.NullMarked;
