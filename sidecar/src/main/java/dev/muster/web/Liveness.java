package dev.muster.web;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Whether the loop turns, and why that is said. The database has no part in it: a restart of the sidecar heals none.
 */
public record Liveness(boolean alive, String reason) {
    public Liveness {
        requireNonNull(reason, "reason is null");
    }

    /**
     * Alive while the last turn is not older than the limit.
     *
     * @param sinceLastTurn how long ago the loop last began a cycle
     * @param limit longer than any cycle can take
     */
    public static Liveness ofAge(Duration sinceLastTurn, Duration limit) {
        String age = "the loop turned %d ms ago".formatted(sinceLastTurn.toMillis());
        return sinceLastTurn.compareTo(limit) <= 0
                ? new Liveness(true, age)
                : new Liveness(false, age + "; at most %d ms are allowed".formatted(limit.toMillis()));
    }
}
