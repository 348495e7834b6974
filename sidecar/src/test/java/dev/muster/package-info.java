/** Tests of the whole. */
@NullMarked
package dev.muster;

import org.jspecify.annotations.NullMarked;
