package dev.muster.judge;

import dev.muster.judge.Operation.Get;
import dev.muster.judge.Operation.Put;
import dev.muster.judge.Operation.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One register, whose values are all different. Then it needs no search whether it is linearizable (Gibbons and Korach,
 * "Testing Shared Memories", 1997): each value with its reads is a zone of time, in which the register certainly held it
 * or may have been written and read at one moment, and the zones tell.
 */
final class RegisterHistory {
    private static final Duration NEVER = Duration.ofDays(1_000_000);

    private final String key;
    private final Map<Long, Put> puts = new HashMap<>();
    private final List<Get> gets = new ArrayList<>();
    private final Findings findings;

    RegisterHistory(String key) {
        this.key = key;
        this.findings = new Findings(key);
    }

    void add(Put put) {
        if (puts.put(put.value(), put) != null) {
            throw new IllegalArgumentException("value " + put.value() + " was put twice into " + key);
        }
    }

    void add(Get get) {
        gets.add(get);
    }

    /**
     * When the first of a value's operations had ended, and when the last of them began.
     *
     * @param held whether the register held the value from the first time until the second; otherwise all of them may
     *     have taken effect at one moment between the second and the first
     */
    private record Zone(long value, Duration from, Duration until, boolean held) {}

    List<Anomaly> check() {
        List<Zone> zones = zones();
        List<Zone> held = zones.stream()
                .filter(Zone::held)
                .sorted(Comparator.comparing(Zone::from))
                .toList();
        for (int zone = 1; zone < held.size(); zone++) {
            Zone before = held.get(zone - 1);
            if (held.get(zone).from().compareTo(before.until()) < 0) {
                findings.add(
                        Anomaly.Kind.REORDERED,
                        "it had to hold values %d and %d at once, %s and %s",
                        before.value(),
                        held.get(zone).value(),
                        before,
                        held.get(zone));
            }
        }
        for (Zone moment : zones) {
            if (moment.held()) {
                continue;
            }
            held.stream()
                    .filter(zone -> zone.from().compareTo(moment.from()) < 0
                            && moment.until().compareTo(zone.until()) < 0)
                    .findFirst()
                    .ifPresent(zone -> findings.add(
                            Anomaly.Kind.STALE,
                            "value %d was written while it held value %d, and does not come after or before it: %s and %s",
                            moment.value(),
                            zone.value(),
                            moment,
                            zone));
        }
        return findings.all();
    }

    private List<Zone> zones() {
        Map<Long, List<Get>> byValue = new HashMap<>();
        Duration firstAnswer = NEVER;
        for (Put put : puts.values()) {
            if (put.result() == Result.ACKNOWLEDGED && put.returned().compareTo(firstAnswer) < 0) {
                firstAnswer = put.returned();
            }
        }
        for (Get get : gets) {
            if (get.seen().isPresent() && get.returned().compareTo(firstAnswer) < 0) {
                firstAnswer = get.returned();
            }
        }
        for (Get get : gets) {
            Optional<Long> seen = get.seen();
            Put put = seen.map(puts::get).orElse(null);
            if (seen.isEmpty()) {
                if (firstAnswer.compareTo(get.invoked()) < 0) {
                    findings.add(Anomaly.Kind.LOST, "%s saw nothing, though it had held a value", get);
                }
            } else if (put == null || put.result() == Result.REFUSED) {
                findings.add(
                        Anomaly.Kind.UNWRITTEN,
                        "%s saw a value that %s",
                        get,
                        put == null ? "nobody put" : "was refused");
            } else if (put.invoked().compareTo(get.returned()) > 0) {
                findings.add(Anomaly.Kind.UNWRITTEN, "%s saw what was put later, %s", get, put);
            } else {
                byValue.computeIfAbsent(seen.get(), _ -> new ArrayList<>()).add(get);
            }
        }
        List<Zone> zones = new ArrayList<>();
        for (Put put : puts.values()) {
            List<Get> reads = byValue.getOrDefault(put.value(), List.of());
            // A write without an answer that nobody saw may never have been made.
            if (put.result() == Result.REFUSED || (put.result() == Result.UNKNOWN && reads.isEmpty())) {
                continue;
            }
            Duration firstEnd = put.result() == Result.ACKNOWLEDGED ? put.returned() : NEVER;
            Duration lastBegin = put.invoked();
            for (Get get : reads) {
                firstEnd = get.returned().compareTo(firstEnd) < 0 ? get.returned() : firstEnd;
                lastBegin = get.invoked().compareTo(lastBegin) > 0 ? get.invoked() : lastBegin;
            }
            boolean held = firstEnd.compareTo(lastBegin) < 0;
            zones.add(
                    held
                            ? new Zone(put.value(), firstEnd, lastBegin, true)
                            : new Zone(put.value(), lastBegin, firstEnd, false));
        }
        return zones;
    }
}
