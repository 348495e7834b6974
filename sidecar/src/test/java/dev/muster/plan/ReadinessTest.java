package dev.muster.plan;

import static dev.muster.plan.World.OTHER_ID;
import static dev.muster.plan.World.OUR_ID;
import static dev.muster.plan.World.empty;
import static dev.muster.plan.World.holdsData;
import static dev.muster.plan.World.pod;
import static dev.muster.plan.World.unknown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.KubernetesFacts;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.PeerMongod;
import dev.muster.model.PeerMongod.Cause;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** When a pod is ready, and what it says of it. */
class ReadinessTest {
    @ParameterizedTest(name = "{0}: {2} {3}")
    @MethodSource({"withoutASet", "members"})
    void isReady(String situation, World world, boolean ready, String reason) {
        Snapshot snapshot = world.look();

        Readiness readiness = Readiness.of(snapshot, Planner.plan(snapshot));

        assertThat(readiness.ready()).as(situation).isEqualTo(ready);
        assertThat(readiness.reason()).as(situation).contains(reason);
    }

    static Stream<Arguments> withoutASet() {
        return Stream.of(
                arguments("mongod is away", pod(0).local(new LocalMongod.Unreachable("refused")), false, "refused"),
                arguments(
                        "mongod has not been started, as two others may have data",
                        held(1).peer(0, World.unknown(PeerMongod.Cause.UNREACHABLE))
                                .peer(2, World.unknown(PeerMongod.Cause.UNREACHABLE)),
                        false,
                        "These may have data"),
                arguments(
                        "mongod has not been started, and those that may have data are created only once this one is ready",
                        held(0).peer(1, World.unknown(PeerMongod.Cause.NO_SUCH_NAME))
                                .peer(2, World.unknown(PeerMongod.Cause.NO_SUCH_NAME)),
                        true,
                        "no primary may be elected until the later ordinals exist"),
                arguments("mongod refuses us", pod(0).local(new LocalMongod.Denied("keyfile")), false, "keyfile"),
                arguments("not a member", pod(0).local(new LocalMongod.Misconfigured("no set")), false, "no set"),
                arguments("mongod loads", pod(0).local(new LocalMongod.Starting()), false, "waits for mongod"),
                arguments(
                        "a former standalone",
                        pod(0).local(new LocalMongod.HoldsData("user bob@admin")),
                        false,
                        "user bob@admin"),
                arguments(
                        "empty, and the member with the set's data is a later pod that does not exist yet",
                        pod(0).declaredSeed(1)
                                .peer(1, unknown(Cause.NO_SUCH_NAME))
                                .peer(2, unknown(Cause.NO_SUCH_NAME)),
                        true,
                        "waits for the later ordinals to exist"),
                arguments(
                        "with the set's data, and a later pod does not exist yet",
                        pod(0).declaredSeed(0)
                                .local(World.ownData())
                                .peer(1, empty())
                                .peer(2, unknown(Cause.NO_SUCH_NAME)),
                        true,
                        "waits for the later ordinals to exist"),
                arguments(
                        "with the set's data, and another member has data as well",
                        pod(0).declaredSeed(0)
                                .local(World.ownData())
                                .peer(1, holdsData())
                                .peer(2, unknown(Cause.NO_SUCH_NAME)),
                        false,
                        "mongo-1: has no replica set configuration"),
                arguments(
                        "empty, and a peer is a former standalone",
                        pod(0).peer(1, holdsData()).peer(2, unknown(Cause.NO_SUCH_NAME)),
                        false,
                        "mongo-1: has no replica set configuration, but has data of its own: 1 collection"),
                arguments(
                        "a later ordinal, and an earlier one is a former standalone",
                        pod(1).peer(0, holdsData()).peer(2, unknown(Cause.NO_SUCH_NAME)),
                        false,
                        "waits for mongo-0"),
                arguments("removed", pod(1).local(new LocalMongod.Removed(OUR_ID)), false, OUR_ID),
                arguments(
                        "another set's volume, also as PRIMARY",
                        pod(0).set("0 PRIMARY").record(new SetRecord.Formed(OTHER_ID)),
                        false,
                        "left alone"),
                arguments(
                        "about to initiate the set",
                        pod(0).peer(1, empty()).peer(2, empty()),
                        false,
                        "initiates the set"),
                arguments(
                        "an ordered StatefulSet makes the later pods only when this one is ready",
                        pod(0).peer(1, unknown(Cause.NO_SUCH_NAME)).peer(2, unknown(Cause.NO_SUCH_NAME)),
                        true,
                        "waits for the later ordinals to exist"),
                arguments(
                        "of the later pods one exists already",
                        pod(0).peer(1, empty()).peer(2, unknown(Cause.NO_SUCH_NAME)),
                        true,
                        "waits for the later ordinals to exist"),
                arguments(
                        "a later pod exists, and is not known to be empty",
                        pod(0).peer(1, unknown(Cause.TIMEOUT)).peer(2, unknown(Cause.NO_SUCH_NAME)),
                        false,
                        "does not initiate the set"),
                arguments(
                        "a later ordinal, and the only volume with data is that of one still later: its pod has to come",
                        pod(1).peer(0, empty()).peer(2, unknown(Cause.NO_SUCH_NAME)),
                        true,
                        "waits for the later ordinals to exist"),
                arguments(
                        "a later ordinal, and all others are empty",
                        pod(1).peer(0, empty()).peer(2, empty()),
                        false,
                        "waits for mongo-0"),
                arguments(
                        "a later ordinal, and the first one's name is missing",
                        pod(1).peer(0, unknown(Cause.NO_SUCH_NAME)).peer(2, unknown(Cause.NO_SUCH_NAME)),
                        false,
                        "waits for mongo-0"),
                arguments(
                        "a set exists, and a later pod may have the vote that it lacks for a primary",
                        pod(1).peer(0, World.inSet(OUR_ID, World.host(0), MemberState.SECONDARY))
                                .peer(2, unknown(Cause.NO_SUCH_NAME)),
                        true,
                        "until the later ordinals exist"),
                arguments(
                        "a set exists, and a later pod that has lost its volume has a vote there",
                        pod(1).peer(0, World.inSet(OUR_ID, World.host(0), MemberState.SECONDARY))
                                .peer(2, new PeerMongod.Absent()),
                        true,
                        "until the later ordinals exist"),
                arguments(
                        "a set exists and has a primary, which will add it",
                        pod(1).peer(0, World.inSet(OUR_ID, World.host(0), MemberState.PRIMARY))
                                .peer(2, unknown(Cause.NO_SUCH_NAME)),
                        false,
                        "waits for its primary's sidecar"),
                arguments(
                        "removed, and a later pod may have the vote that the set lacks for a primary",
                        pod(1).local(new LocalMongod.Removed(OUR_ID)).peer(2, unknown(Cause.NO_SUCH_NAME)),
                        true,
                        "until the later ordinals exist"),
                arguments("a later ordinal that asked nobody", pod(1), false, "waits for mongo-0"));
    }

    static Stream<Arguments> members() {
        return Stream.of(
                arguments(
                        "the primary",
                        pod(0).set("0 PRIMARY", "1 SECONDARY down", "2 SECONDARY down"),
                        true,
                        "PRIMARY"),
                arguments("a secondary", pod(1).set("0 PRIMARY", "1 SECONDARY lag=10"), true, "SECONDARY, 10 s behind"),
                arguments("one that lags", pod(1).set("0 PRIMARY", "1 SECONDARY lag=11"), false, "11 s behind: 10 s"),
                arguments(
                        "one whose lag is not known",
                        pod(1).set("0 PRIMARY", "1 SECONDARY unheard"),
                        false,
                        "not known yet"),
                arguments(
                        "a delayed one that is as far behind as it was told to be",
                        pod(1).set("0 PRIMARY", "1 SECONDARY novote hidden delay=3600 lag=3610"),
                        true,
                        "SECONDARY, 3610 s behind"),
                arguments(
                        "a delayed one that lags",
                        pod(1).set("0 PRIMARY", "1 SECONDARY novote hidden delay=3600 lag=3611"),
                        false,
                        "3611 s behind: 3610 s"),
                arguments("an arbiter", pod(1).set("0 PRIMARY", "1 ARBITER arbiter", "2 SECONDARY"), true, "ARBITER"),
                arguments(
                        "an arbiter that sees no primary",
                        pod(1).set("0 SECONDARY", "1 ARBITER arbiter"),
                        false,
                        "no primary is visible"),
                arguments(
                        "an arbiter in a full restart in order",
                        pod(1).set("0 SECONDARY", "1 ARBITER arbiter", "2 SECONDARY down"),
                        true,
                        "ARBITER; no primary can be elected until the later ordinals run"),
                arguments("one that clones", pod(1).set("0 PRIMARY", "1 STARTUP2 joining"), false, "STARTUP2"),
                arguments("one that recovers", pod(1).set("0 PRIMARY", "1 RECOVERING"), false, "mongod is RECOVERING"),
                arguments(
                        "a full restart in order: the later members come only when this one is ready",
                        pod(0).set("0 SECONDARY", "1 SECONDARY down", "2 SECONDARY down"),
                        true,
                        "until the later ordinals run"),
                arguments(
                        "a full restart in order: the first two run",
                        pod(1).set("0 SECONDARY", "1 SECONDARY", "2 SECONDARY down"),
                        true,
                        "until the later ordinals run"),
                arguments(
                        "a full restart in order, under names that are kept: the members that are down may be later ones",
                        pod(0).set(
                                        "0 SECONDARY host=db0.example.com",
                                        "1 SECONDARY down host=db1.example.com",
                                        "2 SECONDARY down host=db2.example.com"),
                        true,
                        "until the later ordinals run"),
                arguments(
                        "the last one under a name that is kept does not wait for a later one",
                        pod(2).set(
                                        "0 SECONDARY down host=db0.example.com",
                                        "1 SECONDARY down host=db1.example.com",
                                        "2 SECONDARY host=db2.example.com"),
                        false,
                        "no primary is visible"),
                arguments(
                        "the last one does not wait for a later one",
                        pod(2).set("0 SECONDARY down", "1 SECONDARY down", "2 SECONDARY"),
                        false,
                        "no primary is visible"),
                arguments(
                        "all run and have no primary yet",
                        pod(0).set("0 SECONDARY", "1 SECONDARY", "2 SECONDARY"),
                        false,
                        "no primary is visible: all voters answer"));
    }

    /** Its pod says already that it waits. */
    private static World held(int ordinal) {
        NavigableMap<Integer, KubernetesFacts.Pod> pods = new TreeMap<>();
        pods.put(ordinal, new KubernetesFacts.Pod(Optional.empty(), Optional.of("this-pod")));
        return pod(ordinal)
                .local(new LocalMongod.NotStarted())
                .record(new SetRecord.Formed(World.OUR_ID))
                .kubernetes(new KubernetesFacts.Known(3, 0, pods));
    }
}
