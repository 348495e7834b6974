/** One sidecar, put together: {@code Wiring} on ports that are given, {@code Sidecar} on the real ones. */
@NullMarked
package dev.muster.sidecar;

import org.jspecify.annotations.NullMarked;
