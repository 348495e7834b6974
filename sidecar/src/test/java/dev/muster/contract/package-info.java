/**
 * What each port promises, as tests that run on the simulated and on the real thing: whatever the simulation makes of
 * Muster is worth as much as the two agree.
 */
@NullMarked
package dev.muster.contract;

import org.jspecify.annotations.NullMarked;
