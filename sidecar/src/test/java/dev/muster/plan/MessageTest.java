package dev.muster.plan;

import static dev.muster.plan.World.OTHER_ID;
import static dev.muster.plan.World.OUR_ID;
import static dev.muster.plan.World.empty;
import static dev.muster.plan.World.holdsData;
import static dev.muster.plan.World.host;
import static dev.muster.plan.World.inSet;
import static dev.muster.plan.World.pod;
import static dev.muster.plan.World.unknown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.PeerMongod;
import dev.muster.model.SetRecord;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an operator reads: what a decision waits for, and why. */
class MessageTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void says(String situation, World world, String sentence) {
        String message = Planner.plan(world.look()).message().replace(".mongo.default.svc.cluster.local:27017", "");

        assertThat(message).as(situation).isEqualTo(sentence);
    }

    static Stream<Arguments> says() {
        return Stream.of(
                arguments(
                        "an empty first ordinal names the peers that are unknown, and why",
                        pod(0).peer(1, unknown(PeerMongod.Cause.TLS)),
                        "empty, but does not initiate the set until every other expected member is known to be empty: mongo-1:"
                                + " the TLS handshake with it failed (test); mongo-2: not asked yet"),
                arguments(
                        "an old intent is taken over by name",
                        pod(3).firstOrdinal(3)
                                .kubernetes(1)
                                .record(new SetRecord.Intended("another-pod", false, Duration.ofSeconds(15))),
                        "takes over from an earlier mongo-3, which recorded that it was about to initiate the set and"
                                + " did not"),
                arguments(
                        "a set of one",
                        pod(0).replicas(1),
                        "initiates the set rs0 with mongo-0 alone: the only expected member is provably empty"),
                arguments(
                        "a set of two",
                        pod(0).replicas(2).peer(1, empty()),
                        "initiates the set rs0 with mongo-0 alone: all 2 expected members are provably empty"),
                arguments(
                        "a member that the configuration does not name",
                        pod(1).local(new LocalMongod.Removed(OUR_ID)),
                        "holds the data of a set whose configuration does not name it (" + OUR_ID
                                + "): waits for the primary's sidecar to add it"),
                arguments(
                        "a member whose volume comes from another namespace",
                        pod(1).local(new LocalMongod.Removed(
                                OUR_ID,
                                List.of(
                                        new HostAddress("mongo-0.mongo.prod.svc.cluster.local", 27017),
                                        new HostAddress("mongo-1.mongo.prod.svc.cluster.local", 27017)))),
                        "holds the data of a set whose configuration does not name it (" + OUR_ID
                                + "): it names members of another namespace, Service or cluster domain"
                                + " (mongo-0.mongo.prod.svc.cluster.local:27017, mongo-1.mongo.prod.svc.cluster.local:27017),"
                                + " so the volume comes from there, and no sidecar here adds this member"),
                arguments(
                        "a member that did not find itself under its stable name",
                        pod(1).local(new LocalMongod.Removed(
                                OUR_ID, List.of(World.NAMING.address(0), World.NAMING.address(1)))),
                        "mongod holds the data of a set and did not find itself in its configuration, which names it as"
                                + " mongo-1: the name must lead to this pod; mongod looks again when another member sends a"
                                + " heartbeat; if every member is REMOVED, restart one: kubectl delete pod mongo-1"),
                arguments(
                        "a member that may be one under another name",
                        pod(1).local(new LocalMongod.Removed(
                                OUR_ID,
                                List.of(
                                        World.NAMING.address(0),
                                        new HostAddress("db1.example.com", 27017),
                                        new HostAddress("db2.example.com", 27017)))),
                        "holds the data of a set whose configuration does not name it (" + OUR_ID
                                + "): waits for the primary's sidecar to add it, unless it is db1.example.com:27017 or"
                                + " db2.example.com:27017: then mongod did not find itself, and the name must lead to this"
                                + " pod; mongod looks again when another member sends a heartbeat; if every member is"
                                + " REMOVED, restart one: kubectl delete pod mongo-1"),
                arguments(
                        "a member that a scale-down removed",
                        pod(2).kubernetes(2)
                                .local(new LocalMongod.Removed(
                                        OUR_ID, List.of(World.NAMING.address(0), World.NAMING.address(1)))),
                        "holds the data of a set whose configuration does not name it (" + OUR_ID
                                + "): a scale-down removed it, and its pod may stop"),
                arguments(
                        "a primary that is scaled away, where nobody that stays can be elected",
                        pod(2).kubernetes(2).set("0 SECONDARY priority0", "1 SECONDARY priority0", "2 PRIMARY"),
                        "this primary is being removed by a scale-down, but no remaining member has caught up"),
                arguments(
                        "a scale-down that is on hold for a member that lags",
                        pod(0).kubernetes(2).set("0 PRIMARY", "1 SECONDARY lag=60", "2 SECONDARY"),
                        "the scale-down to 2 is on hold: no majority of the remaining voters is in service and has caught up:"
                                + " mongo-1 is SECONDARY, 60 s behind"),
                arguments(
                        "a member that recovers",
                        pod(1).set("0 PRIMARY", "1 RECOVERING"),
                        "mongod is RECOVERING: waits until it is SECONDARY"),
                arguments(
                        "a member that recovers and hears nobody",
                        pod(1).set("0 SECONDARY down", "1 RECOVERING", "2 SECONDARY down"),
                        "mongod is RECOVERING and hears no other member, as when its keyfile differs from the others' keyfile:"
                                + " waits until it is SECONDARY"),
                arguments(
                        "a scale-down that is on hold for a member that has told no optime",
                        pod(0).kubernetes(2).set("0 PRIMARY", "1 RECOVERING unheard", "2 SECONDARY"),
                        "the scale-down to 2 is on hold: no majority of the remaining voters is in service and has caught up:"
                                + " mongo-1 is RECOVERING"),
                arguments(
                        "the forming heartbeats of a set that has formed",
                        pod(0).forming(Duration.ofSeconds(1)).set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY"),
                        "resets the heartbeat interval to 2000 ms: the set has formed"),
                arguments(
                        "the forming heartbeats of a set that still forms, where mongod is slow",
                        pod(0).forming(Duration.ofSeconds(1))
                                .observedIn(Duration.ofSeconds(1))
                                .set("0 PRIMARY", "1 STARTUP2 joining", "2 STARTUP2 joining"),
                        "resets the heartbeat interval to 2000 ms: mongod is slow to answer"),
                arguments(
                        "the forming heartbeats of a set that never ends to form",
                        pod(0).forming(Duration.ofHours(1))
                                .set("0 PRIMARY", "1 STARTUP2 joining", "2 STARTUP2 joining"),
                        "resets the heartbeat interval to 2000 ms: the set is no longer new"),
                arguments(
                        "one member with data, seen by the first ordinal",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Absent())
                                .peer(1, holdsData())
                                .peer(2, empty()),
                        "empty, but does not initiate a replica set, as its initial syncs would replace data: mongo-1: has"
                                + " no replica set configuration, but has data of its own: 1 collection in databases of its"
                                + " own. To initiate the set from the data of mongo-1, run 'muster approve seed --ordinal=1'"
                                + " in that pod"),
                arguments(
                        "the same without a record",
                        pod(1).local(World.ownData()).peer(0, empty()).peer(2, empty()),
                        "has no replica set configuration, but has data of its own, which is left alone: 1 collection in"
                                + " databases of its own. To initiate the set from the data of mongo-1, start every sidecar"
                                + " with --seed-ordinal=1"),
                arguments(
                        "the same in the place of a recorded set",
                        pod(1).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID))
                                .local(World.ownData())
                                .peer(0, empty()),
                        "has no replica set configuration, but has data of its own, which is left alone: 1 collection in"
                                + " databases of its own. To initiate the set from the data of mongo-1, run 'muster approve"
                                + " seed --ordinal=1 --replica-set-id=" + OUR_ID + "' in that pod"),
                arguments(
                        "two members with data, seen by one of them",
                        pod(1).kubernetes(2)
                                .record(new SetRecord.Absent())
                                .local(World.ownData())
                                .peer(0, holdsData()),
                        "has no replica set configuration, but has data of its own, which is left alone: 1 collection in"
                                + " databases of its own; another member has data as well: mongo-0: has no replica set"
                                + " configuration, but has data of its own: 1 collection in databases of its own"),
                arguments(
                        "the set is initiated from data",
                        pod(1).declaredSeed(1)
                                .local(World.ownData())
                                .peer(0, empty())
                                .peer(2, empty()),
                        "initiates the set rs0 with mongo-1 alone, from its data, as an operator wants it: 1 collection in"
                                + " databases of its own. All other expected members are provably empty"),
                arguments(
                        "the first ordinal waits for the member with the data",
                        pod(0).declaredSeed(1)
                                .peer(1, unknown(PeerMongod.Cause.TIMEOUT))
                                .peer(2, empty()),
                        "empty; waits for mongo-1 to initiate the set from its data, as an operator wants it: it did not"
                                + " answer in time (test)"),
                arguments(
                        "former standalones, each with what it holds",
                        pod(0).set("0 PRIMARY").peer(1, holdsData()).peer(2, holdsData()),
                        "does not add members that have no replica set configuration, but have data of their own:"
                                + " mongo-1: has no replica set configuration, but has data of its own: 1 collection in"
                                + " databases of its own; mongo-2: has no replica set configuration, but has data of its"
                                + " own: 1 collection in databases of its own"),
                arguments(
                        "a clone that begins",
                        pod(1).replicas(2)
                                .set("0 PRIMARY", "1 STARTUP2 joining")
                                .cloning("", 0, 0),
                        "the server chooses mongo-0 by itself; waits for the server to begin, 0 % done"),
                arguments(
                        "a clone in its third attempt",
                        pod(1).replicas(2)
                                .set("0 PRIMARY", "1 STARTUP2 joining")
                                .cloning(host(0), 250, 2),
                        "copies from mongo-0, 25 % done, attempt 3 of 10"),
                arguments(
                        "a member that is behind",
                        pod(0).replicas(2).set("0 PRIMARY", "1 SECONDARY joining lag=11"),
                        "waits for mongo-1 to catch up before it is promoted: its lag is 11 s, and 10 s are allowed"),
                arguments(
                        "a member of which nothing is known",
                        pod(0).replicas(2).set("0 PRIMARY", "1 SECONDARY joining unheard"),
                        "waits for mongo-1 to catch up before it is promoted: its lag is not known, and 10 s are allowed"),
                arguments(
                        "a scale-down that is on hold names the voters that are down, and no others",
                        pod(0).kubernetes(3)
                                .set("0 PRIMARY", "1 SECONDARY down", "2 SECONDARY novote down", "3 SECONDARY"),
                        "the scale-down to 3 is on hold: no majority of the remaining voters is in service and has caught up:"
                                + " mongo-1 is not healthy"),
                arguments(
                        "a scale-down to members without a vote",
                        pod(2).kubernetes(2).set("0 SECONDARY novote", "1 SECONDARY novote", "2 PRIMARY"),
                        "the scale-down to 2 is on hold: none of the remaining members has a vote yet"),
                arguments(
                        "no primary: which voters are down",
                        pod(1).set("0 SECONDARY", "1 SECONDARY", "2 SECONDARY down", "3 SECONDARY novote down"),
                        "no primary is visible: not healthy: mongo-2; waits for the members to elect one"),
                arguments(
                        "no primary, and every voter answers",
                        pod(1).set("0 SECONDARY", "1 SECONDARY"),
                        "no primary is visible: all voters answer; waits for the members to elect one"),
                arguments(
                        "the missing members, each with its reason",
                        pod(0).kubernetes(6)
                                .set("0 PRIMARY")
                                .peer(1, unknown(PeerMongod.Cause.TIMEOUT))
                                .peer(2, empty())
                                .peer(3, new PeerMongod.Absent())
                                .peer(4, inSet(OUR_ID, "10.0.0.4", MemberState.RECOVERING)),
                        "waits for expected members: mongo-1: it did not answer in time (test); mongo-2: empty; mongo-3:"
                                + " neither its pod nor its claim exists; mongo-4: RECOVERING of set " + OUR_ID
                                + " as 10.0.0.4:27017; mongo-5: not asked yet"),
                arguments(
                        "another set's data",
                        pod(0).replicas(2).set("0 PRIMARY").peer(1, new PeerMongod.Removed(OTHER_ID)),
                        "does not add members that hold another set's data: mongo-1: holds the data of a set whose"
                                + " configuration does not name it (" + OTHER_ID + ")"),
                arguments(
                        "which members are down",
                        pod(0).set("0 PRIMARY", "1 SECONDARY down", "2 SECONDARY unseen"),
                        "not healthy, and kept in the configuration: mongo-1, mongo-2"),
                arguments(
                        "all is well, also beside a member without a vote",
                        pod(0).set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY novote"),
                        "3 members, 2 voters, all healthy"));
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyReasonIsExplainedInSentences(Reason reason) {
        assertThat(reason.meaning()).endsWith(".");
        assertThat(reason.whatToDo()).endsWith(".");
    }
}
