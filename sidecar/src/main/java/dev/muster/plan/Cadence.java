package dev.muster.plan;

import java.time.Duration;

/** The shortest time until a wait is looked at again. The loop lengthens it while nothing changes. */
final class Cadence {
    /** A local {@code replSetGetStatus} takes about 1 ms; a member of an empty set joins in about 100 ms. */
    static final Duration SHORT = Duration.ofMillis(10);

    /** Too short for an operator to notice. Each look costs a DNS query and a connection. */
    static final Duration LONG = Duration.ofMillis(250);

    private Cadence() {}
}
