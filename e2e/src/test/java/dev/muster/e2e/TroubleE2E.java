package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Everything at once that a cluster can do to a set, while clients use it whose history is judged. No more than a
 * minority of the voters is troubled at a time, so clients may lose nothing, and never wait for long.
 *
 * <p>Without a timeout of JUnit's: the length is a setting, and every wait has its own bound.
 */
@Tag("e2e")
@Tag("nodes")
class TroubleE2E {
    /**
     * For how long at most no write of any client is acknowledged. 40 s are what the simulation allows: an election takes
     * ten seconds and may fail once, and a new primary's first writes take a moment. A lost node closes no connection
     * and answers no question for a name, so clients notice ten seconds later, and may need as much to find the next.
     */
    private static final Duration WITHIN = Duration.ofSeconds(60);

    private static final Duration ROLLS_OUT = Duration.ofMinutes(3);

    @Order(1)
    @RegisterExtension
    final NodeFaults nodes = new NodeFaults();

    @Order(2)
    @RegisterExtension
    final Releases releases = new Releases();

    @Test
    @DisplayName("whatever happens to a minority: no acknowledged write is lost, and writes never wait for long")
    void minority() {
        long seed = TestSettings.troubleSeed();
        DeedList deeds = TestSettings.troubleDeeds().orElseGet(() -> DeedList.draw(seed, TestSettings.troubleLength()));
        // A given list is done to its end.
        Duration length = TestSettings.troubleDeeds().isPresent() ? Duration.ofDays(1) : TestSettings.troubleLength();
        Optional<Snapshots> snapshots = Snapshots.find();
        ReleaseValues values = ReleaseValues.replicas(Deed.ALWAYS);
        Release release = releases.install(snapshots
                .map(each -> values.with("storage.className", each.storageClass()))
                .orElse(values));
        Processes.share(release);
        release.awaitRollout(ROLLS_OUT);
        String id = release.awaitFormed(BootstrapE2E.FORMS).replicaSetId();
        String home = release.nodeOf(Deed.ALWAYS - 1);
        ClientsPod clients = ClientsPod.startOn(release, home, seed);
        Path files = release.logs().directory();
        Trouble trouble = new Trouble(release, nodes, home, snapshots);
        TroubleRun run = new TroubleRun(trouble, length, files.resolve("deeds.txt"));

        run.tell("-Dmuster.e2e.trouble.seed=%d \"-Dmuster.e2e.trouble.deeds=%s\"".formatted(seed, deeds));
        try {
            run.play(deeds, () -> assertNoGap(clients.report()));
            run.tell(run.summary());
            trouble.settle();
            run.tell("the set has settled");
            ClientsPod.Report report = clients.judge();
            run.tell("judged: " + report.document().toJson());

            assertThat(report.anomalies()).as("what clients saw").isEmpty();
            assertThat(report.unread()).as("why not everything was read").isEmpty();
            assertNoGap(report);
            assertSameSet(release, id);
        } catch (RuntimeException | AssertionError e) {
            clients.keepHistory(files.resolve("history.txt"));
            throw e;
        }
    }

    private static void assertNoGap(ClientsPod.Report report) {
        assertThat(report.longestGap())
                .as("the longest time without an acknowledged write, which ended at %s", report.longestGapEnded())
                .isLessThan(WITHIN);
    }

    private static void assertSameSet(Release release, String id) {
        assertThat(release.replicaSetIds()).containsExactly(id);
        assertThat(release.initiations()).as("initiations").isOne();
        release.assertNeverForced();
        ConfigHistory history = release.configHistory();
        // A log of a node that lost its power may lack lines, and two steps would then look like one.
        if (history.complete()) {
            assertThat(history.leaps()).as("steps that change several votes").isEmpty();
        }
    }
}
