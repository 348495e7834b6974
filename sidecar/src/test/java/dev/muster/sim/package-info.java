/**
 * A simulation that tries to break Muster: the real loop, planner and step runner of every pod, on simulated mongods, names
 * and Kubernetes, in simulated time. Start reading at {@link dev.muster.sim.engine.Scheduler}.
 */
@NullMarked
package dev.muster.sim;

import org.jspecify.annotations.NullMarked;
