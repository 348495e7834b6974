package dev.muster.chart;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Values with which the chart brings as much as it can, and as little. */
final class ValueSets {
    static final String EVERYTHING = """
            ipv6: true
            clusterDomain: example.org
            ordinals: {start: 5}
            seedOrdinal: 6
            podManagementPolicy: OrderedReady
            networkPolicy: {enabled: true}
            podMonitor: {enabled: true}
            prometheusRule: {enabled: true}
            dashboard: {enabled: true}
            mongod: {extraArgs: [--oplogSize=2048]}
            """;

    static final String AS_LITTLE_AS_POSSIBLE = """
            replicas: 1
            kubernetes: {enabled: false}
            auth: {enabled: false}
            storage: {enabled: false}
            topologySpread: {enabled: false}
            serviceAccount: {create: false}
            podDisruptionBudget: {enabled: false}
            metrics: {annotations: false}
            """;

    static final String PREPARE = "mongod: {startOrder: prepare}\n";

    private ValueSets() {}

    static Stream<Arguments> atBothEnds() {
        return Stream.of(
                Arguments.of("the defaults", ""),
                Arguments.of("with prepare", PREPARE),
                Arguments.of("everything", EVERYTHING),
                Arguments.of("as little as possible", AS_LITTLE_AS_POSSIBLE));
    }
}
