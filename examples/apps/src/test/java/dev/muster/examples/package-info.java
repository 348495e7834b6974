/** Tests of the examples that need no database and no cluster. */
@NullMarked
package dev.muster.examples;

import org.jspecify.annotations.NullMarked;
