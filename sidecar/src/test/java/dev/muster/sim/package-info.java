/**
 * A simulation that tries to break Muster: the real loop, planner and step runner of every pod, on simulated mongods,
 * names and Kubernetes, in simulated time. This package puts one world together, judges it, and runs it from seeds
 * and as stories; what it is made of is in the packages below. The page {@code docs/simulation.md} has the order in
 * which to read them.
 */
@NullMarked
package dev.muster.sim;

import org.jspecify.annotations.NullMarked;
