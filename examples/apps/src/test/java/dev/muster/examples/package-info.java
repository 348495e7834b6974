/** Tests of the examples' programs that need no database. */
@NullMarked
package dev.muster.examples;

import org.jspecify.annotations.NullMarked;
