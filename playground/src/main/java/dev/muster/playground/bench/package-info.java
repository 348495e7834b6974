/**
 * Measures Muster on real sets against what it replaces, both sides in the same run and in turns, and prints one
 * table. {@link dev.muster.playground.bench.Benchmarks} is the way in; what each figure means stands in
 * {@code playground/BENCHMARKS.md}.
 */
@NullMarked
package dev.muster.playground.bench;

import org.jspecify.annotations.NullMarked;
