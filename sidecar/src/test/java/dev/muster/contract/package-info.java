/**
 * What the port {@code Mongod} promises, tried on simulated mongods here and on real ones in the playground: whatever the
 * simulation makes of Muster is worth as much as the two agree.
 */
@NullMarked
package dev.muster.contract;

import org.jspecify.annotations.NullMarked;
