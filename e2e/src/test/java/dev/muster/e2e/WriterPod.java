package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bson.Document;

/** An application in the cluster that writes all the time, with majority write concern and a retrying driver. */
final class WriterPod {
    private static final Duration STARTED = Duration.ofSeconds(60);

    /** The driver looks for a primary for 30 s, so the last write has ended by then. */
    private static final Duration STOPPED = Duration.ofSeconds(45);

    private static final Duration READ_BACK = Duration.ofSeconds(90);

    private final Release release;
    private final String name;

    private WriterPod(Release release, String name) {
        this.release = release;
        this.name = name;
    }

    /**
     * What came of the writes.
     *
     * @param failed those that the application saw fail: they may be there or not
     * @param longestGap between two acknowledged writes
     */
    record Report(long attempted, int failed, Duration longestGap, Document document) {
        static Report of(Document document) {
            return new Report(
                    document.get("attempted", Number.class).longValue(),
                    document.getList("failed", Number.class).size(),
                    Duration.ofMillis(
                            document.get("longestGapMillis", Number.class).longValue()),
                    document);
        }

        /** Fails unless the application saw every write succeed. */
        void assertNoneFailed() {
            assertThat(failed).as("failed writes: %s", document.get("errors")).isZero();
        }
    }

    /** Starts to write; returns when writes are acknowledged. */
    static WriterPod start(Release release) {
        return start(release, Optional.empty());
    }

    /** The same on a node of one's choice: one that will not fail. */
    static WriterPod startOn(Release release, String node) {
        return start(release, Optional.of(node));
    }

    private static WriterPod start(Release release, Optional<String> node) {
        WriterPod writer = create(release, "writer", "write", node);
        Wait.until(
                "the writer's first acknowledged writes",
                STARTED,
                () -> writer.ask()
                        .filter(report -> report.attempted() - report.failed() >= 10)
                        .isPresent());
        return writer;
    }

    private static WriterPod create(Release release, String name, String mode, Optional<String> node) {
        ApplicationPod.create(
                release,
                name,
                node,
                List.of("-Xmx96m", "dev.muster.e2e.writer.WriterMain", mode),
                Map.of("MONGODB_URI", release.uri()));
        return new WriterPod(release, name);
    }

    /** What came of the writes up to now; nothing when the writer does not answer. */
    Optional<Report> ask() {
        return Cluster.ask(release.namespace(), name, ApplicationPod.PORT, "/report")
                .map(Report::of);
    }

    /** What came of the writes up to now. */
    Report report() {
        return Wait.untilPresent("the writer's report", Duration.ofSeconds(20), this::ask);
    }

    /** Waits until writes are acknowledged that began after this call. */
    void awaitProgress(Duration atMost) {
        Report before = report();
        long acknowledged = before.attempted() - before.failed();
        // One may have been under way.
        Wait.until(
                "new acknowledged writes",
                atMost,
                () -> ask().filter(now -> now.attempted() - now.failed() >= acknowledged + 2)
                        .isPresent());
    }

    /** Ends the writing. */
    Report stop() {
        Cluster.ask(release.namespace(), name, ApplicationPod.PORT, "/stop");
        Report last = Wait.untilPresent(
                "the writer's end",
                STOPPED,
                () -> ask().filter(report -> report.document().getBoolean("finished")));
        System.out.printf(
                "%s: %d writes acknowledged, %d failed, longest gap %d ms%n",
                release.label(),
                last.attempted() - last.failed(),
                last.failed(),
                last.longestGap().toMillis());
        return last;
    }

    /** Fails where no write was acknowledged for that long, with what the writer and the sidecars know of it. */
    void assertNoGapOf(Duration gap, Report report) {
        assertThat(report.longestGap())
                .as(() -> "the longest gap; what was slow:%n%s".formatted(String.join("\n", whatWasSlow())))
                .isLessThan(gap);
    }

    private List<String> whatWasSlow() {
        return Stream.concat(
                        release.logs().lines(name, name).stream()
                                .filter(line -> line.startsWith("slow: ") || line.startsWith("server: ")),
                        release.logs().linesOfAll("muster").stream().filter(line -> line.contains("HAND_OVER")))
                .toList();
    }

    /** Fails unless everything that a report calls acknowledged is there. */
    void assertNothingLost(Report report) {
        assertNothingLost(release, name, report);
    }

    /** The same, read by another pod, as the writer is gone. */
    static void assertNothingLostWithoutWriter(Release release, Report report) {
        WriterPod reader = create(release, "reader", "verify", Optional.empty());
        Wait.until("the reader's start", STARTED, () -> reader.ask().isPresent());
        assertNothingLost(release, reader.name, report);
    }

    private static void assertNothingLost(Release release, String pod, Report report) {
        Document answer = Wait.untilPresent("reading back", READ_BACK, () -> {
            try {
                return Optional.of(Cluster.post(
                        release.namespace(),
                        pod,
                        ApplicationPod.PORT,
                        "/verify",
                        report.document().toJson()));
            } catch (KubernetesClientException e) {
                return Optional.empty();
            }
        });
        assertThat(answer.getInteger("acknowledged")).as("acknowledged writes").isPositive();
        assertThat(answer.getInteger("lost"))
                .as("lost of %d acknowledged writes: %s", answer.getInteger("acknowledged"), answer.get("missing"))
                .isZero();
    }
}
