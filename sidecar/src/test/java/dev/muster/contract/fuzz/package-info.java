/**
 * Differential fuzzing: random initiations, reconfigurations and user commands are put to a real set and to a simulated
 * one, which have to answer alike. Start with {@link dev.muster.contract.fuzz.SideBySide}.
 */
@NullMarked
package dev.muster.contract.fuzz;

import org.jspecify.annotations.NullMarked;
