/** Tests of the writer. */
@NullMarked
package dev.muster.e2e.writer;

import org.jspecify.annotations.NullMarked;
