/** The programs of the examples: the quiz, and the positions of vehicles. */
@NullMarked
package dev.muster.examples;

import org.jspecify.annotations.NullMarked;
