/**
 * Judges what clients of a database saw, and knows nothing of Muster, of MongoDB or of the simulation: the same judge
 * looks at simulated sets, at local processes and at a cluster.
 */
@NullMarked
package dev.muster.judge;

import org.jspecify.annotations.NullMarked;
