package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The Service that has one address: the primary's. */
@Tag("e2e")
@Timeout(900)
class PrimaryServiceE2E {
    private static final String SERVICE = Release.NAME + "-primary";
    private static final Duration FOLLOWS = Duration.ofSeconds(20);

    @RegisterExtension
    final Releases releases = new Releases();

    @Test
    @DisplayName("S43: the primary's Service follows every failover and never names two pods; the pods' labels follow")
    void followsFailovers() {
        Release release = releases.install(ReleaseValues.replicas(3));
        release.awaitFormed(BootstrapE2E.FORMS);
        awaitFollowed(release, release.primary());
        Queue<List<String>> seen = new ConcurrentLinkedQueue<>();
        List<Duration> times = new ArrayList<>();

        try (Watch _ = watch(release, seen)) {
            for (int i = 0; i < TestSettings.failovers(); i++) {
                int before = release.primary();
                long start = System.nanoTime();
                Wait.until(
                        "a step-down of " + Release.podName(before),
                        FOLLOWS,
                        () -> release.muster(before, "step-down").succeeded());
                int after = Wait.untilPresent(
                        "another primary",
                        FOLLOWS,
                        () -> release.status().primary().filter(ordinal -> ordinal != before));
                awaitFollowed(release, after);
                times.add(Duration.ofNanos(System.nanoTime() - start));
                release.awaitFormed(BootstrapE2E.FORMS);
            }
        }

        System.out.printf(
                "S43: %d failovers, from the command to the Service and labels: %s ms%n",
                times.size(), times.stream().map(Duration::toMillis).toList());
        assertThat(seen)
                .as("addresses at each change of the slice")
                .isNotEmpty()
                .allSatisfy(addresses -> assertThat(addresses).hasSizeLessThanOrEqualTo(1));
        assertThat(seen.stream().filter(addresses -> !addresses.isEmpty()).count())
                .as("changes of the slice")
                .isGreaterThanOrEqualTo(TestSettings.failovers());
    }

    /** Every change of the slices of the Service, none left out. */
    private static Watch watch(Release release, Queue<List<String>> seen) {
        return release.client()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(release.namespace())
                .withLabel("kubernetes.io/service-name", SERVICE)
                .watch(new Watcher<>() {
                    @Override
                    public void eventReceived(Action action, EndpointSlice slice) {
                        seen.add(addresses(slice));
                    }

                    @Override
                    public void onClose(WatcherException cause) {
                        seen.add(List.of("the watch broke:", cause.toString()));
                    }
                });
    }

    private static List<String> addresses(EndpointSlice slice) {
        // Null is what the API server says for none, which is what a slice is made with.
        return Stream.ofNullable(slice.getEndpoints())
                .flatMap(List::stream)
                .flatMap(endpoint -> endpoint.getAddresses().stream())
                .toList();
    }

    private static void awaitFollowed(Release release, int primary) {
        Wait.untilAsserted("Service and labels name " + Release.podName(primary), FOLLOWS, () -> {
            List<EndpointSlice> slices = release.client()
                    .discovery()
                    .v1()
                    .endpointSlices()
                    .inNamespace(release.namespace())
                    .withLabel("kubernetes.io/service-name", SERVICE)
                    .list()
                    .getItems();
            assertThat(slices).as("slices of the Service").hasSize(1);
            assertThat(addresses(slices.getFirst()))
                    .containsExactly(
                            release.pod(primary).orElseThrow().getStatus().getPodIP());
            assertThat(roles(release))
                    .containsEntry(Release.podName(primary), "primary")
                    .hasSize(3);
            assertThat(roles(release).values()).containsExactlyInAnyOrder("primary", "secondary", "secondary");
        });
    }

    private static Map<String, String> roles(Release release) {
        return release.ordinals().stream()
                .map(ordinal -> release.pod(ordinal).orElseThrow())
                .collect(Collectors.toMap(pod -> pod.getMetadata().getName(), PrimaryServiceE2E::role));
    }

    private static String role(Pod pod) {
        return pod.getMetadata().getLabels().getOrDefault("muster.dev/role", "none");
    }
}
