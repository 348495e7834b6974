/** What each port promises, as tests that run on the simulated and on the real thing. */
@NullMarked
package dev.muster.contract;

import org.jspecify.annotations.NullMarked;
