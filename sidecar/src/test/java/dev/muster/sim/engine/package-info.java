/**
 * Simulated time, order and chance: the queue of events, the fibers in which blocking code runs, the network between
 * places, and the transcript of what happened. Nothing here knows of MongoDB or Kubernetes. Start with
 * {@link dev.muster.sim.engine.Scheduler}.
 */
@NullMarked
package dev.muster.sim.engine;

import org.jspecify.annotations.NullMarked;
