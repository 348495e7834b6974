/**
 * Simulated mongods: what Muster can see of a replica set, behind the same port as the real ones. The contract in
 * {@code dev.muster.contract} runs on both. Start with {@link dev.muster.sim.mongod.Mongods}, which lists what is
 * simplified.
 */
@NullMarked
package dev.muster.sim.mongod;

import org.jspecify.annotations.NullMarked;
