package dev.muster.metrics;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the rows of one scrape. What is not added is absent from it, and nothing is kept for the next: so no row can
 * outlive what it tells of.
 */
final class Families {
    private static final String PREFIX = "muster_";

    private final String replicaSet;
    private final Map<String, GaugeSnapshot.Builder> gauges = new LinkedHashMap<>();
    private final List<MetricSnapshot> infos = new ArrayList<>();

    /** @param replicaSet the label that every row has */
    Families(String replicaSet) {
        this.replicaSet = replicaSet;
    }

    /**
     * Adds a row.
     *
     * @param name without the prefix, with the unit
     * @param labels names and values in turn, besides the common one; the same names in every row of a name
     */
    void gauge(String name, String help, double value, String... labels) {
        gauges.computeIfAbsent(
                        name, key -> GaugeSnapshot.builder().name(PREFIX + key).help(help))
                .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .value(value)
                        .labels(common(labels))
                        .build());
    }

    /** Adds a row whose value is whole: below 2^53, as all here are, a double holds it exactly. */
    void gauge(String name, String help, long value, String... labels) {
        gauge(name, help, (double) value, labels);
    }

    void gauge(String name, String help, boolean value, String... labels) {
        gauge(name, help, value ? 1.0 : 0.0, labels);
    }

    /**
     * Adds a metric that is always 1 and tells by its labels.
     *
     * @param name without the prefix and without {@code _info}
     */
    void info(String name, String help, String... labels) {
        infos.add(InfoSnapshot.builder()
                .name(PREFIX + name)
                .help(help)
                .dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                        .labels(common(labels))
                        .build())
                .build());
    }

    MetricSnapshots build() {
        List<MetricSnapshot> all = new ArrayList<>(infos);
        gauges.values().forEach(gauge -> all.add(gauge.build()));
        return new MetricSnapshots(all);
    }

    private Labels common(String... labels) {
        return Labels.of("replica_set", replicaSet).merge(Labels.of(labels));
    }
}
