package dev.muster.playground;

/** How a sidecar's JVM is started. */
public enum SidecarJvm {
    /** As it is shipped: with its {@code jvm.options}, and with the cache of classes where one was made. */
    TUNED,
    /** With its {@code jvm.options} alone. */
    TUNED_WITHOUT_CACHE,
    /** With nothing but the jar. */
    DEFAULTS
}
