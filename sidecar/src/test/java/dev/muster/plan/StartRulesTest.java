package dev.muster.plan;

import static dev.muster.plan.World.OUR_ID;
import static dev.muster.plan.World.cloning;
import static dev.muster.plan.World.empty;
import static dev.muster.plan.World.holdsData;
import static dev.muster.plan.World.knows;
import static dev.muster.plan.World.unknown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.HostAddress;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.OpTime;
import dev.muster.model.PeerMongod;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StartRulesTest {
    private static final PeerMongod HELD = new PeerMongod.Held("another-pod");
    private static final PeerMongod DOWN = unknown(PeerMongod.Cause.UNREACHABLE);
    private static final String START = "act START start_mongod";
    private static final String WAITS = "wait AWAIT_START";

    @ParameterizedTest(name = "{0}")
    @MethodSource("worlds")
    void decides(String name, World world, String expected) {
        assertThat(World.words(Planner.plan(world.look()))).isEqualTo(expected);
    }

    /** One of that many, whose pod says already that it is held. */
    private static World held(int ordinal, int replicas) {
        return World.pod(ordinal)
                .local(new LocalMongod.NotStarted())
                .kubernetes(told(ordinal, replicas))
                .record(new SetRecord.Formed(OUR_ID));
    }

    private static KubernetesFacts told(int ordinal, int replicas) {
        NavigableMap<Integer, KubernetesFacts.Pod> pods = new TreeMap<>();
        pods.put(ordinal, new KubernetesFacts.Pod(Optional.empty(), Optional.of("this-pod")));
        return new KubernetesFacts.Known(replicas, 0, pods);
    }

    private static PeerMongod primary(int ordinal, long version, String... members) {
        return knows(ordinal, MemberState.PRIMARY, version, members);
    }

    private static PeerMongod secondary(int ordinal, long version, String... members) {
        return knows(ordinal, MemberState.SECONDARY, version, members);
    }

    static Stream<Arguments> worlds() {
        return Stream.of(
                arguments("no set is recorded: the first bootstrap", held(1, 3).record(new SetRecord.Absent()), START),
                arguments(
                        "a set is about to be initiated",
                        held(1, 3).record(new SetRecord.Intended("another-pod", false, Duration.ZERO)),
                        START),
                arguments("no record is kept", held(1, 3).record(new SetRecord.NotKept()), START),
                arguments(
                        "it is not known whether a set is recorded",
                        held(1, 3).record(new SetRecord.Unavailable("away")),
                        "wait RECORD_UNAVAILABLE"),
                arguments(
                        "the set gives it a vote, and two others have data",
                        held(1, 3).peer(0, primary(0, 5, "0", "1", "2")).peer(2, secondary(2, 5, "0", "1", "2")),
                        WAITS),
                arguments(
                        "its vote was taken, and a majority of the others knows",
                        held(1, 3)
                                .peer(0, primary(0, 6, "0", "1 novote", "2"))
                                .peer(2, secondary(2, 6, "0", "1 novote", "2")),
                        START),
                arguments(
                        "its vote was taken, and only the primary knows: the other one may still count on it",
                        held(1, 3).peer(0, primary(0, 6, "0", "1 novote", "2")).peer(2, secondary(2, 5, "0", "1", "2")),
                        WAITS),
                arguments(
                        "its vote was taken, and the other voter does not answer",
                        held(1, 3).peer(0, primary(0, 6, "0", "1 novote", "2")).peer(2, DOWN),
                        WAITS),
                arguments(
                        "the name of mongo-2 leads to mongo-0, which answers twice, and only it knows",
                        held(1, 3)
                                .peer(0, primary(0, 6, "0", "1 novote", "2"))
                                .peer(2, primary(0, 6, "0", "1 novote", "2")),
                        WAITS),
                arguments(
                        "the name of mongo-2 leads to mongo-3, which clones: mongo-2 itself may have data",
                        held(1, 4)
                                .peer(0, secondary(0, 5, "0", "1", "2", "3"))
                                .peer(2, cloning(3, "a"))
                                .peer(3, cloning(3, "a")),
                        WAITS),
                arguments(
                        "three of five voters know",
                        held(4, 6)
                                .peer(0, primary(0, 6, "0", "1", "2", "3", "5", "4 novote"))
                                .peer(1, secondary(1, 6, "0", "1", "2", "3", "5", "4 novote"))
                                .peer(2, secondary(2, 6, "0", "1", "2", "3", "5", "4 novote"))
                                .peer(3, secondary(3, 5, "0", "1", "2", "3", "5", "4"))
                                .peer(5, DOWN),
                        START),
                arguments(
                        "the set does not name it yet: it joins a set that is scaled up",
                        held(2, 3).peer(0, primary(0, 6, "0", "1")).peer(1, secondary(1, 6, "0", "1")),
                        START),
                arguments(
                        "of a later term, with a lower version: that one counts",
                        held(1, 3)
                                .peer(
                                        0,
                                        new PeerMongod.InSet(
                                                OUR_ID,
                                                World.NAMING.address(0),
                                                MemberState.PRIMARY,
                                                Optional.empty(),
                                                Optional.of(World.configOf(5, 2, "0", "1", "2")),
                                                Optional.empty()))
                                .peer(2, secondary(2, 6, "0", "1 novote", "2")),
                        WAITS),
                arguments("the only other member of two", held(1, 2).peer(0, secondary(0, 5, "0", "1")), START),
                arguments(
                        "one other has data, and one is held as well: either may start",
                        held(1, 3).peer(0, secondary(0, 5, "0", "1", "2")).peer(2, HELD),
                        START),
                arguments(
                        "one other has data, and one clones",
                        held(1, 3).peer(0, primary(0, 5, "0", "1", "2")).peer(2, cloning(2, "a")),
                        START),
                arguments(
                        "one other has data, and one is down and may have data",
                        held(1, 3).peer(0, secondary(0, 5, "0", "1", "2")).peer(2, DOWN),
                        WAITS),
                arguments(
                        "nobody answers, and two may have data",
                        held(1, 3).peer(0, DOWN).peer(2, DOWN),
                        WAITS),
                arguments(
                        "nobody answers, and one may have data",
                        held(1, 3).peer(0, DOWN).peer(2, HELD),
                        START),
                arguments("all volumes are lost", held(1, 3).peer(0, HELD).peer(2, empty()), START),
                arguments(
                        "all volumes are lost, and later pods do not exist yet",
                        held(0, 3).peer(1, new PeerMongod.Absent()).peer(2, new PeerMongod.Absent()),
                        START),
                arguments(
                        "it is not known who else there is",
                        held(1, 3).kubernetes(new KubernetesFacts.Unavailable("away")),
                        "act AWAIT_START tell_held"),
                arguments(
                        "two of four have data: together with this one they are a majority, and none without both",
                        held(2, 4)
                                .peer(0, secondary(0, 5, "0", "1", "2", "3"))
                                .peer(1, secondary(1, 5, "0", "1", "2", "3"))
                                .peer(3, HELD),
                        START),
                arguments(
                        "the next one of them does not: with both, one of the two with data would be enough",
                        held(3, 4)
                                .peer(0, secondary(0, 5, "0", "1", "2", "3"))
                                .peer(1, secondary(1, 5, "0", "1", "2", "3"))
                                .peer(2, HELD),
                        WAITS),
                arguments(
                        "nor where the other one runs already",
                        held(2, 4)
                                .peer(0, secondary(0, 5, "0", "1", "2", "3"))
                                .peer(1, secondary(1, 5, "0", "1", "2", "3"))
                                .peer(3, cloning(3, "a")),
                        WAITS),
                arguments(
                        "nor where that one's pod does not exist yet, and comes first",
                        held(3, 4)
                                .peer(0, secondary(0, 5, "0", "1", "2", "3"))
                                .peer(1, secondary(1, 5, "0", "1", "2", "3"))
                                .peer(2, new PeerMongod.Absent()),
                        WAITS),
                arguments(
                        "an arbiter votes without data too",
                        held(2, 4)
                                .peer(0, secondary(0, 5, "0", "1", "2", "9 arbiter"))
                                .peer(1, secondary(1, 5, "0", "1", "2", "9 arbiter")),
                        WAITS),
                arguments(
                        "an arbiter never has data: it starts",
                        held(2, 3)
                                .peer(0, primary(0, 5, "0", "1", "2 arbiter"))
                                .peer(1, secondary(1, 5, "0", "1", "2 arbiter")),
                        START),
                arguments(
                        "a voter that no pod of ours is may have data",
                        held(1, 2).peer(0, secondary(0, 5, "0", "1", "db9.example.com:27017")),
                        WAITS),
                arguments(
                        "the set knows its members by names of their own: this may be any of them",
                        held(1, 3)
                                .peer(0, primary(0, 5, "db0.example.com:27017", "db1.example.com:27017"))
                                .peer(2, secondary(2, 5, "db0.example.com:27017", "db1.example.com:27017")),
                        START),
                arguments(
                        "a peer's own data is data",
                        held(1, 3).peer(0, holdsData()).peer(2, holdsData()),
                        WAITS),
                arguments(
                        "a member of another set says nothing about this one",
                        held(1, 3)
                                .peer(0, World.inSet(World.OTHER_ID, World.host(0), MemberState.PRIMARY))
                                .peer(2, DOWN),
                        WAITS),
                arguments(
                        "it has not said yet that it waits",
                        held(1, 3)
                                .kubernetes(3)
                                .peer(0, primary(0, 5, "0", "1", "2"))
                                .peer(2, secondary(2, 5, "0", "1", "2")),
                        "act AWAIT_START tell_held"),
                arguments("paused", held(1, 3).record(new SetRecord.Absent()).paused(), "wait PAUSED"));
    }

    @Test
    void namesTheNewestWriteWhereThereIsNoPrimary() {
        Snapshot seen = held(1, 3)
                .peer(0, of(0, 5, new OpTime(1, 1_700_000_000, 1)))
                .peer(2, of(2, 5, new OpTime(2, 1_600_000_000, 1)))
                .look();
        assertThat(Planner.plan(seen).message())
                .contains("mongo-0: SECONDARY of set", "mongo-2: SECONDARY of set")
                .endsWith("There is no primary; of those that answer, mongo-2 has the newest write,"
                        + " of 2020-09-13T12:26:40Z in term 2");
    }

    @Test
    void doesNotNameAWriteThatChangesInEachCycle() {
        Snapshot seen = held(1, 3)
                .peer(0, primary(0, 5, "0", "1", "2"))
                .peer(2, of(2, 5, new OpTime(2, 1_600_000_000, 1)))
                .look();
        assertThat(Planner.plan(seen).message()).doesNotContain("newest write");
    }

    private static PeerMongod of(int ordinal, long version, OpTime applied) {
        return new PeerMongod.InSet(
                OUR_ID,
                HostAddress.parse(World.host(ordinal)),
                MemberState.SECONDARY,
                Optional.empty(),
                Optional.of(World.configOf(version, "0", "1", "2")),
                Optional.of(applied));
    }
}
