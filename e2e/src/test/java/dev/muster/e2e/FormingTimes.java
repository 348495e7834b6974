package dev.muster.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * When a set formed, by the clocks of its nodes.
 *
 * @param listening when the last server began to accept connections
 * @param committed when a majority had the configuration in which every member votes
 */
record FormingTimes(Instant listening, Instant committed) {
    /** As the logs of the pods tell it. */
    static FormingTimes of(Release release) {
        List<Integer> ordinals = release.ordinals();
        List<List<String>> logs = ordinals.stream()
                .map(ordinal -> release.logs().lines(Release.podName(ordinal), "mongod"))
                .toList();
        Instant listening = logs.stream()
                .map(log -> MongodLogLines.acceptsConnections(log).orElseThrow())
                .max(Instant::compareTo)
                .orElseThrow();
        Instant committed = ConfigHistory.of(logs)
                .firstWithVoters(ordinals.size())
                .flatMap(config -> config.inUseBy(ordinals.size() / 2 + 1))
                .orElseThrow(() ->
                        new AssertionError("no mongod logged a configuration of %d voters".formatted(ordinals.size())));
        return new FormingTimes(listening, committed);
    }

    /** From the last {@code mongod} to the set. */
    Duration forming() {
        return Duration.between(listening, committed);
    }
}
