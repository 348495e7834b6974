package dev.muster.judge;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What was found wrong with one list or register: the first anomaly of each kind. */
final class Findings {
    private final String key;
    private final Map<Anomaly.Kind, Anomaly> first = new EnumMap<>(Anomaly.Kind.class);

    Findings(String key) {
        this.key = key;
    }

    void add(Anomaly.Kind kind, String words, Object... values) {
        first.computeIfAbsent(kind, _ -> new Anomaly(kind, key + ": " + words.formatted(values)));
    }

    List<Anomaly> all() {
        return List.copyOf(first.values());
    }
}
