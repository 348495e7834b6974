package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The Prometheus of {@code examples/prometheus}: it finds the sidecars, and the alerts tell what happens to a node. */
@Tag("e2e")
@Timeout(300)
class PrometheusE2E {
    private static final String IMAGE = "prom/prometheus:v3.5.0";
    private static final int PORT = 9090;
    private static final Duration SCRAPED = Duration.ofSeconds(60);
    private static final Duration FIRES = Duration.ofSeconds(90);

    @RegisterExtension
    final Releases releases = new Releases();

    /** Scrapes every two seconds, and alarms after fifteen where the rules say minutes: the rules are the same. */
    private void install(Release release, String node) throws IOException {
        LocalImage.provide(IMAGE, Path.of("../examples/prometheus/image"));
        Example example = new Example(release, "prometheus");
        Path config = example.file("prometheus/prometheus.yml");
        Files.writeString(config, Files.readString(config).replace("_interval: 15s", "_interval: 2s"));
        Path alerts = example.file("alerts.yaml");
        Files.writeString(
                alerts,
                Files.readString(TestSettings.chart().resolve("files/alerts.yaml"))
                        .replaceAll("for: [0-9]+m", "for: 15s"));
        Path manifests = example.file("prometheus/manifests.yaml");
        Files.writeString(
                manifests,
                Files.readString(manifests)
                        .replace(
                                "      serviceAccountName: prometheus\n",
                                "      serviceAccountName: prometheus\n      nodeSelector: {kubernetes.io/hostname: %s}\n"
                                        .formatted(node)));
        release.kubectl("create", "configmap", "prometheus", "--from-file=" + config)
                .orThrow();
        release.kubectl("create", "configmap", "prometheus-alerts", "--from-file=" + alerts)
                .orThrow();
        release.kubectl("apply", "-f", manifests.toString()).orThrow();
        release.kubectl("rollout", "status", "deployment/prometheus", "--timeout=50s")
                .orThrow();
        Wait.until(
                "three sidecars are scraped",
                SCRAPED,
                () -> query(release, "up == 1").equals(Set.of("mongo-0", "mongo-1", "mongo-2")));
    }

    private static Optional<Document> ask(Release release, String path) {
        return release
                .client()
                .pods()
                .inNamespace(release.namespace())
                .withLabel("app", "prometheus")
                .list()
                .getItems()
                .stream()
                .findFirst()
                .flatMap(pod ->
                        Cluster.ask(release.namespace(), pod.getMetadata().getName(), PORT, path));
    }

    private static Stream<Document> results(Release release, String query) {
        return ask(release, "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8)).stream()
                .flatMap(answer -> answer.get("data", Document.class).getList("result", Document.class).stream())
                .map(result -> result.get("metric", Document.class));
    }

    private static Set<String> query(Release release, String query) {
        return results(release, query).map(metric -> metric.get("pod", "")).collect(Collectors.toSet());
    }

    private static Set<String> firing(Release release) {
        return results(release, "ALERTS{alertstate=\"firing\"}")
                .map(metric -> metric.getString("alertname"))
                .collect(Collectors.toSet());
    }

    @Test
    @DisplayName("three sidecars are scraped, every rule is understood, and a healthy set alarms nobody")
    void healthy() throws IOException {
        Release release = releases.install(ReleaseValues.replicas(3));
        release.awaitFormed(BootstrapE2E.FORMS);

        install(release, release.nodeOf(0));

        Wait.untilAsserted(
                "every rule is evaluated",
                SCRAPED,
                () -> assertThat(rules(release))
                        .isNotEmpty()
                        .allSatisfy(rule -> assertThat(rule.getString("health"))
                                .as(rule.getString("name"))
                                .isEqualTo("ok")));
        Wait.throughout(
                Duration.ofSeconds(20), () -> assertThat(firing(release)).isEmpty());
    }

    private static List<Document> rules(Release release) {
        return ask(release, "/api/v1/rules").stream()
                .flatMap(answer -> answer.get("data", Document.class).getList("groups", Document.class).stream())
                .flatMap(group -> group.getList("rules", Document.class).stream())
                .toList();
    }

    @Nested
    @Tag("nodes")
    class WithFailingNodes {
        @RegisterExtension
        final NodeFaults nodes = new NodeFaults();

        @Test
        @DisplayName("power loss of the primary's node fires MemberUnhealthy and MajorityAtRisk, and they end with it")
        void primarysNodeDies() throws IOException {
            Release release = releases.install(ReleaseValues.replicas(3));
            release.awaitFormed(BootstrapE2E.FORMS);
            int primary = release.primary();
            String node = release.nodeOf(primary);
            install(release, release.nodeOf((primary + 1) % 3));

            nodes.crash(node);
            Wait.untilAsserted(
                    "the alerts",
                    FIRES,
                    () -> assertThat(firing(release)).contains("MusterMemberUnhealthy", "MusterMajorityAtRisk"));
            assertThat(firing(release))
                    .doesNotContain("MusterMajorityLost", "MusterSplitBrain", "MusterMultiplePrimaries");
            nodes.boot(node);

            release.awaitFormed(BootstrapE2E.FORMS);
            Wait.untilAsserted(
                    "the alerts end",
                    FIRES,
                    () -> assertThat(firing(release))
                            .doesNotContain("MusterMemberUnhealthy", "MusterMajorityAtRisk", "MusterNoPrimary"));
        }
    }
}
