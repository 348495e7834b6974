/**
 * What a seed draws, and what can be wrong, as values: the kind of set, the faults, and the guards that can be taken
 * away. Nothing happens here yet; {@code dev.muster.sim} has a world to which it can happen. Start with
 * {@link dev.muster.sim.trouble.Fault}.
 */
@NullMarked
package dev.muster.sim.trouble;

import org.jspecify.annotations.NullMarked;
