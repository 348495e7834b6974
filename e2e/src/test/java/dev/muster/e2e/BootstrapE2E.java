package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a set comes to be. */
@Tag("e2e")
@Timeout(180)
class BootstrapE2E {
    static final Duration FORMS = Duration.ofSeconds(90);

    @RegisterExtension
    final Releases releases = new Releases();

    @Test
    @DisplayName("S1: three empty pods started together, in a restricted namespace, make one set")
    void racingPodsMakeOneSet() {
        Release release = releases.install(ReleaseValues.ofTheChart(3));
        StatusAnswers formed = release.awaitFormed(FORMS);

        assertThat(release.replicaSetIds()).containsExactly(formed.replicaSetId());
        assertThat(release.initiations()).as("initiations").isOne();
        assertThat(formed.clonedFrom(0)).isEmpty();
        assertThat(formed.clonedFrom(1)).contains("mongo-0");
        assertThat(formed.clonedFrom(2)).contains("mongo-1");
        assertThat(release.record().orElseThrow().getData().values())
                .as("the record")
                .contains(formed.replicaSetId());

        // Told, not asserted: on a busy machine it is the machine that is measured.
        Duration took = StartTimes.of(release.logs(), release.ordinals()).forming();
        System.out.printf("S1: three committed voters %d ms after the last mongod%n", took.toMillis());
        assertThat(release.configHistory().leaps()).isEmpty();
    }

    @Test
    @DisplayName("S6: of the ordinals 9, 10 and 11 only 9 makes the set")
    void ordinalsAreNumbers() {
        Release release = releases.install(ReleaseValues.replicas(3).with("ordinals.start", 9));
        StatusAnswers formed = release.awaitFormed(FORMS);

        assertThat(release.replicaSetIds()).hasSize(1);
        assertThat(release.logs().lines("mongo-9", "muster")).anyMatch(line -> line.contains("act INITIATE"));
        assertThat(release.initiations()).isOne();
        assertThat(formed.clonedFrom(10)).contains("mongo-9");
        assertThat(formed.clonedFrom(11)).contains("mongo-10");
    }

    @Test
    @DisplayName("OrderedReady forms too; helm test passes; helm upgrade keeps Secrets, pods and the set")
    void orderedReadyAndUpgrade() {
        ReleaseValues values = ReleaseValues.replicas(3).with("podManagementPolicy", "OrderedReady");
        Release release = releases.install(values);
        StatusAnswers formed = release.awaitFormed(FORMS);
        release.test().orThrow();
        Map<String, String> keyfile = release.secret("-keyfile");
        Map<String, String> root = release.secret("-root");
        List<String> pods = uids(release);

        release.upgrade(values);
        Wait.throughout(
                Duration.ofSeconds(3),
                () -> assertThat(uids(release)).as("pods").isEqualTo(pods));

        assertThat(release.secret("-keyfile")).isEqualTo(keyfile);
        assertThat(release.secret("-root")).isEqualTo(root);
        assertThat(release.awaitFormed(FORMS).replicaSetId()).isEqualTo(formed.replicaSetId());
        assertThat(release.initiations()).isOne();
    }

    private static List<String> uids(Release release) {
        return release.ordinals().stream()
                .map(ordinal -> release.pod(ordinal).orElseThrow().getMetadata().getUid())
                .toList();
    }
}
