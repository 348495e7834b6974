/** Assembles one sidecar: {@code Wiring} on given ports, {@code Sidecar} on the real ones. */
@NullMarked
package dev.muster.sidecar;

import org.jspecify.annotations.NullMarked;
