package dev.muster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.MemberState;
import dev.muster.model.RootUser;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The way from empty members to a settled set, broken off at every step: before the write, or after it and before anybody
 * knew. The plan goes on from what is seen, comes to the same end, and never makes a write twice.
 */
class InterruptedTest {
    private static final int ENOUGH_TICKS = 200;

    static Stream<Arguments> ways() {
        return Stream.of(
                Arguments.of("without a record", 3, new SetRecord.NotKept()),
                Arguments.of("with a record", 3, new SetRecord.Absent()),
                Arguments.of("a set of one", 1, new SetRecord.NotKept()),
                Arguments.of("nine members, of which seven vote", 9, new SetRecord.Absent()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    void everyInterruptionComesToTheSameEnd(String way, int replicas, SetRecord record) {
        List<String> undisturbed = new Toy(replicas, record).walk(List.of());
        assertThat(undisturbed).as("the way itself").contains("initiate").doesNotHaveDuplicates();

        for (int first = 0; first < undisturbed.size(); first++) {
            for (int second = first; second < undisturbed.size(); second++) {
                List<String> writes = new Toy(replicas, record).walk(List.of(first, second + 1));
                assertThat(writes)
                        .as("attempts %d and %d were lost before they took effect", first, second + 1)
                        .isEqualTo(undisturbed);
            }
        }
    }

    /** A set whose members do what they are told at once, and clone in one tick. */
    private static final class Toy {
        private final int replicas;
        private final List<String> members = new ArrayList<>();
        private SetRecord record;
        private RootUser rootUser = RootUser.MISSING;
        private boolean forming;

        Toy(int replicas, SetRecord record) {
            this.replicas = replicas;
            this.record = record;
        }

        /**
         * Turns all sidecars in turn until they settle.
         *
         * @param lost the numbers of the attempts that are broken off before the write
         * @return what was written, in order
         */
        List<String> walk(List<Integer> lost) {
            List<String> writes = new ArrayList<>();
            int attempt = 0;
            for (int tick = 0; tick < ENOUGH_TICKS; tick++) {
                boolean acted = false;
                for (int pod = 0; pod < replicas; pod++) {
                    if (Planner.plan(look(pod)) instanceof Decision.Act act) {
                        acted = true;
                        if (!lost.contains(attempt++)) {
                            apply(act.step());
                            writes.add(World.words(act)
                                    .replaceFirst("^act \\w+ ", "")
                                    .replace(" mongo-0", ""));
                            assertThat(Planner.plan(look(pod)))
                                    .as("a write that took effect is not planned again")
                                    .isNotEqualTo(act);
                        }
                    }
                }
                boolean cloned = finishClones();
                if (!acted && !cloned) {
                    assertThat(World.words(Planner.plan(look(0)))).isEqualTo("settled SETTLED");
                    return writes;
                }
            }
            throw new AssertionError("not settled after " + ENOUGH_TICKS + " ticks: " + members);
        }

        private Snapshot look(int pod) {
            World world = World.pod(pod).replicas(replicas).record(record).rootUser(rootUser);
            if (!(record instanceof SetRecord.NotKept)) {
                world.kubernetes(replicas);
            }
            if (forming) {
                world.forming(Duration.ofSeconds(1));
            }
            boolean member = members.stream().anyMatch(words -> words.startsWith(pod + " "));
            if (member) {
                world.set(members.toArray(String[]::new));
            }
            for (int peer = 0; peer < replicas; peer++) {
                if (peer >= members.size()) {
                    world.peer(peer, World.empty());
                } else if (!member) {
                    world.peer(peer, World.inSet(World.OUR_ID, World.host(peer), MemberState.PRIMARY));
                }
            }
            return world.look();
        }

        private void apply(Step step) {
            switch (step) {
                case Step.RecordIntended intended -> record = new SetRecord.Intended(true, Duration.ZERO);
                case Step.RecordFormed formed -> record = new SetRecord.Formed(formed.replicaSetId());
                case Step.Initiate initiate -> {
                    assertThat(members).as("at most one set is made").isEmpty();
                    members.add("0 PRIMARY");
                    forming = true;
                }
                case Step.CreateRootUser create -> rootUser = RootUser.AS_THE_FILES_SAY;
                case Step.Reconfigure reconfigure -> change(reconfigure.change());
                case Step.SyncFrom syncFrom -> throw new AssertionError("nobody needs to be directed");
                case Step.ForceReconfigure force -> throw new AssertionError("nobody approved it");
                case Step.UpdateRootPassword update -> throw new AssertionError("the password is as the file says");
                case Step.HandOver handOver -> throw new AssertionError("nobody leaves");
            }
        }

        private void change(ConfigChange change) {
            switch (change) {
                case ConfigChange.Add add -> {
                    assertThat(add.host().toString()).isEqualTo(World.host(members.size()));
                    members.add(members.size() + " STARTUP2 joining");
                }
                case ConfigChange.Promote promote -> {
                    int ordinal = World.NAMING.ordinalOf(promote.host()).orElseThrow();
                    members.set(ordinal, ordinal + " SECONDARY");
                }
                case ConfigChange.RestoreHeartbeat restore -> forming = false;
                case ConfigChange.Rename rename -> throw new AssertionError("all have their names");
                case ConfigChange.Demote demote -> throw new AssertionError("nobody leaves");
                case ConfigChange.Remove remove -> throw new AssertionError("nobody leaves");
            }
        }

        private boolean finishClones() {
            boolean cloned = false;
            for (int ordinal = 0; ordinal < members.size(); ordinal++) {
                if (members.get(ordinal).contains("STARTUP2")) {
                    members.set(ordinal, ordinal + " SECONDARY joining");
                    cloned = true;
                }
            }
            return cloned;
        }
    }
}
