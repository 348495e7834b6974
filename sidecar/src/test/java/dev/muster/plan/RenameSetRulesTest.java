package dev.muster.plan;

import static dev.muster.plan.World.OTHER_ID;
import static dev.muster.plan.World.OUR_ID;
import static dev.muster.plan.World.empty;
import static dev.muster.plan.World.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.Approval;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.PeerMongod;
import dev.muster.model.PodHosts;
import dev.muster.model.SetRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RenameSetRulesTest {
    private static final String RENAMES = "act RENAME_SET_APPROVED rename_set [mongo-0, mongo-1, mongo-2]";

    private static List<HostAddress> there(int count) {
        return IntStream.range(0, count)
                .mapToObj(ordinal -> HostAddress.parse("db-" + ordinal + ".db.prod.svc.cluster.local"))
                .toList();
    }

    private static LocalMongod brought(long version) {
        return new LocalMongod.Removed(OTHER_ID, version, there(3));
    }

    private static PeerMongod alike() {
        return new PeerMongod.Removed(OTHER_ID, 5, Duration.ZERO);
    }

    private static SetRecord approved(Instant at) {
        return new SetRecord.Absent(World.renameSet(0, at), Duration.ZERO);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void renames(String name, World world, String expected) {
        assertThat(World.words(Planner.plan(world.look()))).isEqualTo(expected);
    }

    static Stream<Arguments> renames() {
        SetRecord now = approved(World.NOW);
        LocalMongod renamed = new LocalMongod.Removed(
                OUR_ID, 6, IntStream.range(0, 3).mapToObj(World.NAMING::address).toList());
        return Stream.of(
                arguments(
                        "nobody approved it",
                        pod(1).kubernetes(3).record(new SetRecord.Absent()).local(brought(5)),
                        "wait REMOVED"),
                arguments("approved", pod(1).kubernetes(3).record(now).local(brought(5)), RENAMES),
                arguments(
                        "approved over the record of this very place, whose Service was renamed",
                        pod(1).kubernetes(3)
                                .record(new SetRecord.Formed(OTHER_ID, World.renameSet(0, World.NOW)))
                                .local(brought(5)),
                        RENAMES),
                arguments(
                        "the others have got their names, and the record names the new id: this one comes later",
                        pod(1).kubernetes(3)
                                .record(new SetRecord.Formed(OUR_ID, World.renameSet(0, World.NOW)))
                                .local(brought(5)),
                        RENAMES),
                arguments(
                        "too late: the approval is gone",
                        pod(1).kubernetes(3)
                                .record(new SetRecord.Formed(OUR_ID))
                                .local(brought(5)),
                        "refuse FOREIGN_SET"),
                arguments(
                        "the approval has expired",
                        pod(1).kubernetes(3)
                                .record(approved(World.NOW.minus(Duration.ofHours(1))))
                                .local(brought(5)),
                        "wait REMOVED"),
                arguments(
                        "this volume has another version",
                        pod(1).kubernetes(3).record(now).local(brought(4)),
                        "wait REMOVED"),
                arguments(
                        "this volume is of another set",
                        pod(1).kubernetes(3)
                                .record(now)
                                .local(new LocalMongod.Removed("66000000000000000000eeee", 5, there(3))),
                        "wait REMOVED"),
                arguments(
                        "it was written, and mongod has not been restarted",
                        pod(1).kubernetes(3).record(now).local(renamed),
                        "act RENAME_SET_APPROVED rename_set []"),
                arguments(
                        "the StatefulSet does not ask for it",
                        pod(2).kubernetes(2).record(now).local(brought(5)),
                        "wait REMOVED"),
                arguments(
                        "paused",
                        pod(1).kubernetes(3).record(now).local(brought(5)).paused(),
                        "wait PAUSED"),
                arguments(
                        "the primary of the new id writes the record",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Formed(OTHER_ID, World.renameSet(0, World.NOW)))
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY down"),
                        "act RECORD_SET record_formed our id"),
                arguments(
                        "one member may still need the approval",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Formed(OUR_ID, World.renameSet(0, World.NOW)))
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY down"),
                        "wait MEMBER_DOWN"),
                arguments(
                        "all have their names: the approval goes",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Formed(OUR_ID, World.renameSet(0, World.NOW)))
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY"),
                        "act APPROVAL_WITHDRAWN withdraw_approval"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refuses(String name, World world, String why) {
        assertThat(RenameSetRules.plan(world.look()))
                .isInstanceOfSatisfying(
                        RenameSetRules.Refused.class,
                        refused -> assertThat(refused.why()).contains(why));
    }

    static Stream<Arguments> refuses() {
        return Stream.of(
                arguments("an empty member", pod(0).kubernetes(1), "this mongod is: empty"),
                arguments(
                        "a member that was removed here",
                        pod(0).kubernetes(1)
                                .local(new LocalMongod.Removed(OTHER_ID, 5, List.of(World.NAMING.address(1)))),
                        "does not name the pods of one other place, but mongo-1."),
                arguments(
                        "members of two places",
                        pod(0).kubernetes(1)
                                .local(new LocalMongod.Removed(
                                        OTHER_ID,
                                        5,
                                        List.of(
                                                HostAddress.parse("db-0.db.prod.svc.cluster.local"),
                                                HostAddress.parse("db-1.db.test.svc.cluster.local")))),
                        "does not name the pods of one other place"),
                arguments(
                        "a peer does not answer: it may have newer data",
                        pod(0).kubernetes(3)
                                .local(brought(5))
                                .peer(1, alike())
                                .peer(2, World.unknown(PeerMongod.Cause.UNREACHABLE)),
                        "mongo-2: it does not accept connections"),
                arguments(
                        "a peer has another version",
                        pod(0).kubernetes(2)
                                .local(brought(5))
                                .peer(1, new PeerMongod.Removed(OTHER_ID, 6, Duration.ZERO)),
                        ", configuration version 6"),
                arguments(
                        "a set exists here",
                        pod(0).kubernetes(2)
                                .local(brought(5))
                                .peer(1, World.inSet(OUR_ID, World.host(1), MemberState.PRIMARY)),
                        "mongo-1: PRIMARY of set"),
                arguments(
                        "a peer has data of its own",
                        pod(0).kubernetes(2).local(brought(5)).peer(1, World.holdsData()),
                        "has data of its own"),
                arguments(
                        "the StatefulSet does not ask for this pod",
                        pod(2).kubernetes(2).local(brought(5)).peer(0, alike()).peer(1, alike()),
                        "does not ask for this pod"));
    }

    @Test
    void plansWhoKeepsItsDataWhoClonesAndWhoLeaves() {
        assertThat(RenameSetRules.plan(pod(0).kubernetes(4)
                        .local(new LocalMongod.Removed(OTHER_ID, 5, there(5)))
                        .peer(1, alike())
                        .peer(2, empty())
                        .peer(3, new PeerMongod.Held("pod-3"))
                        .look()))
                .isEqualTo(new RenameSetRules.Plan(
                        OTHER_ID,
                        5,
                        new PodHosts("db", "db.prod.svc.cluster.local"),
                        List.of("mongo-0", "mongo-1"),
                        List.of("mongo-2", "mongo-3"),
                        List.of("mongo-4")));
    }

    @Test
    void aPlaceIsReadFromItsText() {
        PodHosts place = PodHosts.of(there(2)).orElseThrow();
        assertThat(place).hasToString("db-*.db.prod.svc.cluster.local");
        assertThat(PodHosts.parse(place.toString())).contains(place);
        assertThat(PodHosts.parse("db-*.")).isEmpty();
        assertThat(PodHosts.parse("-*.db")).isEmpty();
        assertThat(PodHosts.of(List.of())).isEmpty();
        assertThat(PodHosts.of(List.of(HostAddress.parse("10.0.0.1")))).isEmpty();
        assertThat(((Approval.Given) World.renameSet(0, World.NOW)).words()).contains(place.toString());
    }
}
