package dev.muster.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.MemberState;
import dev.muster.model.SetConfig;
import dev.muster.plan.Decision;
import dev.muster.sim.cluster.KubernetesObjects.Policy;
import dev.muster.sim.trouble.Sabotage;
import dev.muster.sim.trouble.Setting;
import dev.muster.tell.CycleReport;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sets as large as MongoDB allows. */
class ManyMembersTest {
    private static final Duration STEP = Duration.ofSeconds(1);

    /** Settled sidecars look every two seconds. */
    private static final Duration OBSERVED = Duration.ofMinutes(3);

    private final SimulatedWorld world = new SimulatedWorld(7, Setting.fresh(3, Policy.PARALLEL), Sabotage.NONE);

    @AfterEach
    void noInvariantWasBroken() {
        world.close();
    }

    @Test
    void threeGrowToTwentyAndToFiftyAndComeBackAsTheyWereWhenAllPodsAreDeletedAtOnce() {
        settles(3, Duration.ofMinutes(1));
        String id = configOfPrimary().replicaSetId();
        double ofThree = requestsWhileSettled() / 3.0;

        world.kubectl().scale(20);
        settles(20, Duration.ofMinutes(2));
        assertThat(configOfPrimary().voters()).isEqualTo(SetConfig.MAX_VOTERS);
        assertThat(clonesServedBy(0)).as("clones that the primary served").isEqualTo(1);

        world.kubectl().scale(50);
        settles(50, Duration.ofMinutes(3));
        SetConfig before = configOfPrimary();
        assertThat(before.members()).hasSize(50);
        assertThat(before.voters()).isEqualTo(SetConfig.MAX_VOTERS);
        assertThat(before.heartbeatIntervalMillis()).isEqualTo(SetConfig.DEFAULT_HEARTBEAT_MILLIS);
        assertThat(clonesServedBy(0)).as("clones that the primary served").isEqualTo(1);
        assertThat(requestsWhileSettled() / 50.0)
                .as("requests of a settled sidecar to the API server")
                .isLessThanOrEqualTo(ofThree);

        for (int ordinal = 0; ordinal < 50; ordinal++) {
            world.kubectl().deletePod(ordinal, false);
        }
        world.scheduler().run(Duration.ofSeconds(30));
        settles(50, Duration.ofMinutes(5));
        assertThat(configOfPrimary().replicaSetId()).isEqualTo(id);
        assertThat(configOfPrimary().version())
                .as("the configuration's version")
                .isEqualTo(before.version());
    }

    private SetConfig configOfPrimary() {
        return world.configOfPrimary().orElseThrow();
    }

    private long requestsWhileSettled() {
        // Until what is told to others has been told.
        world.scheduler().run(Duration.ofMinutes(1));
        long before = world.server().requests();
        world.scheduler().run(OBSERVED);
        return world.server().requests() - before;
    }

    /** All members serve, and no sidecar has anything left to do. */
    private void settles(int members, Duration atMost) {
        Duration end = world.scheduler().elapsed().plus(atMost);
        while (inService().count() < members || !decisions().allMatch(Decision.Settled.class::isInstance)) {
            assertThat(world.scheduler().elapsed())
                    .as(() -> "%d of %d members serve; decisions: %s"
                            .formatted(
                                    inService().count(),
                                    members,
                                    decisions().distinct().toList()))
                    .isLessThan(end);
            world.scheduler().run(STEP);
        }
    }

    private Stream<MemberState> inService() {
        return world.processes().stream()
                .map(process -> process.state())
                .filter(state -> state == MemberState.PRIMARY || state == MemberState.SECONDARY);
    }

    private Stream<Decision> decisions() {
        return reports().map(CycleReport::decision);
    }

    private Stream<CycleReport> reports() {
        return world.runs().stream().flatMap(run -> run.sidecar().stream()).flatMap(sidecar -> sidecar.last().stream());
    }

    /** How many members cloned from that one, as their own sidecars say. */
    private long clonesServedBy(int ordinal) {
        return reports()
                .flatMap(report -> report.snapshot().inSet().stream())
                .flatMap(set -> set.status().clonedFrom().stream())
                .filter(SimulatedWorld.NAMING.address(ordinal)::equals)
                .count();
    }
}
