package dev.muster.plan;

import static dev.muster.plan.World.OTHER_ID;
import static dev.muster.plan.World.OUR_ID;
import static dev.muster.plan.World.empty;
import static dev.muster.plan.World.holdsData;
import static dev.muster.plan.World.host;
import static dev.muster.plan.World.inSet;
import static dev.muster.plan.World.ownData;
import static dev.muster.plan.World.pod;
import static dev.muster.plan.World.seedApproved;
import static dev.muster.plan.World.unknown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.Approval;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.PeerMongod;
import dev.muster.model.PeerMongod.Cause;
import dev.muster.model.SetRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an empty member does, and the record by which a set is initiated once. Each row is one situation and what follows from it. */
class BootstrapRulesTest {
    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource({"bootstrap", "record", "seed", "declaredSeed"})
    void decides(String situation, World world, String expected) {
        Rows.check(situation, world, expected);
    }

    static Stream<Arguments> bootstrap() {
        return Stream.of(
                arguments(
                        "the first ordinal, all others empty",
                        pod(0).peer(1, empty()).peer(2, empty()),
                        "act INITIATE initiate mongo-0"),
                arguments("a set of one", pod(0).replicas(1), "act INITIATE initiate mongo-0"),
                arguments(
                        "a later ordinal, all others empty",
                        pod(1).peer(0, empty()).peer(2, empty()),
                        "wait AWAIT_FIRST_ORDINAL"),
                arguments(
                        "ordinal 10 is not ordinal 1, nor 0",
                        pod(10).replicas(11).firstOrdinal(1),
                        "wait AWAIT_FIRST_ORDINAL"),
                arguments(
                        "ordinals start at 5: 5 is the first",
                        pod(5).firstOrdinal(5).replicas(2).peer(6, empty()),
                        "act INITIATE initiate mongo-5"),
                arguments(
                        "ordinals start at 5: 0 is not expected at all",
                        pod(0).firstOrdinal(5).replicas(1).peer(5, empty()),
                        "wait AWAIT_FIRST_ORDINAL"),
                arguments("nobody has been asked", pod(0), "wait PEERS_UNKNOWN"),
                arguments("one was not asked", pod(0).peer(1, empty()), "wait PEERS_UNKNOWN"),
                arguments(
                        "a peer is in a set",
                        pod(0).peer(1, inSet(OUR_ID, host(1), MemberState.SECONDARY))
                                .peer(2, empty()),
                        "wait AWAIT_JOIN"),
                arguments(
                        "a peer is in a set, the other one is unknown",
                        pod(0).peer(1, inSet(OUR_ID, host(1), MemberState.RECOVERING))
                                .peer(2, unknown(Cause.UNREACHABLE)),
                        "wait AWAIT_JOIN"),
                arguments(
                        "a pod beyond the replicas holds a set",
                        pod(0).peer(1, empty()).peer(2, empty()).peer(4, inSet(OUR_ID, host(4), MemberState.SECONDARY)),
                        "wait AWAIT_JOIN"),
                arguments(
                        "a pod beyond the replicas may hold a set",
                        pod(0).peer(1, empty()).peer(2, empty()).peer(3, unknown(Cause.TIMEOUT)),
                        "wait PEERS_UNKNOWN"),
                arguments(
                        "a peer is a former standalone: its data would be cloned over",
                        pod(0).peer(1, holdsData()).peer(2, empty()),
                        "wait HOLDS_DATA"),
                arguments(
                        "a pod beyond the replicas is one: scaling up would clone over it",
                        pod(0).peer(1, empty()).peer(2, empty()).peer(4, holdsData()),
                        "wait HOLDS_DATA"),
                arguments(
                        "a peer is one, another is unknown: a person is needed in any case",
                        pod(0).peer(1, unknown(Cause.TIMEOUT)).peer(2, holdsData()),
                        "wait HOLDS_DATA"),
                arguments(
                        "a peer is one, another is in a set: the set is joined, and left to its primary",
                        pod(0).peer(1, inSet(OUR_ID, host(1), MemberState.SECONDARY))
                                .peer(2, holdsData()),
                        "wait AWAIT_JOIN"),
                arguments(
                        "a peer holds a set that does not name it",
                        pod(0).peer(1, new PeerMongod.Removed(OUR_ID)).peer(2, empty()),
                        "wait AWAIT_JOIN"));
    }

    static Stream<Arguments> record() {
        PeerMongod absent = new PeerMongod.Absent();
        return Stream.of(
                arguments(
                        "no record yet: it is written before the set is made",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Absent())
                                .peer(1, absent)
                                .peer(2, empty()),
                        "act INITIATE record_intended"),
                arguments(
                        "crashed after the record was written: the set is made now",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Intended("this-pod", true, Duration.ZERO))
                                .peer(1, absent)
                                .peer(2, empty()),
                        "act INITIATE initiate mongo-0"),
                arguments(
                        "crashed after the set was made: its id is recorded",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Intended("this-pod", true, Duration.ZERO))
                                .set("0 PRIMARY"),
                        "act RECORD_SET record_formed our id"),
                arguments(
                        "another pod of this name has just written its intent: it may be about to initiate",
                        pod(0).kubernetes(1)
                                .record(new SetRecord.Intended("another-pod", false, Duration.ofSeconds(14))),
                        "wait INTENDED_BY_ANOTHER"),
                arguments(
                        "nothing came of the other pod's intent: it is taken over, by a write of the record first",
                        pod(0).kubernetes(1)
                                .record(new SetRecord.Intended("another-pod", false, Duration.ofSeconds(15))),
                        "act INITIATE record_intended"),
                arguments(
                        "a set was made, and another pod of this name has just written its intent: it is about to make one",
                        pod(0).kubernetes(1)
                                .record(new SetRecord.Intended("another-pod", false, Duration.ofSeconds(14)))
                                .set("0 PRIMARY"),
                        "wait INTENDED_BY_ANOTHER"),
                arguments(
                        "nothing came of that intent: the set that there is is recorded",
                        pod(0).kubernetes(1)
                                .record(new SetRecord.Intended("another-pod", false, Duration.ofSeconds(15)))
                                .set("0 PRIMARY"),
                        "act RECORD_SET record_formed our id"),
                arguments(
                        "the same, and a pod that does not exist yet is not known: the others join, or it never exists",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Intended("another-pod", false, Duration.ofSeconds(15)))
                                .set("0 PRIMARY")
                                .peer(1, empty())
                                .peer(2, unknown(Cause.NO_SUCH_NAME)),
                        "act JOIN add mongo-1"),
                arguments(
                        "a set of this member alone, and the record cannot be read: it may name another one by now",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Unavailable("403"))
                                .set("0 PRIMARY")
                                .peer(1, empty()),
                        "wait RECORD_UNAVAILABLE"),
                arguments(
                        "a set without a record is adopted",
                        pod(1).kubernetes(3)
                                .record(new SetRecord.Absent())
                                .set("0 SECONDARY", "1 PRIMARY")
                                .peer(2, empty()),
                        "act RECORD_SET record_formed our id"),
                arguments(
                        "a primary without a record, and an expected member of another set: a person has to say which",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Absent())
                                .set("0 PRIMARY")
                                .peer(1, inSet(OTHER_ID, host(1), MemberState.SECONDARY)),
                        "wait FOREIGN_PEER"),
                arguments(
                        "the same with the intent that came before: it says nothing of which set was made",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Intended("another-pod", false, Duration.ZERO))
                                .set("0 PRIMARY")
                                .peer(1, new PeerMongod.Removed(OTHER_ID)),
                        "wait FOREIGN_PEER"),
                arguments(
                        "an expected member of which nothing is known may hold the real set: nothing is adopted yet",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Absent())
                                .set("0 PRIMARY")
                                .peer(1, unknown(Cause.TIMEOUT)),
                        "wait AWAIT_PEER"),
                arguments(
                        "scaled to zero, with the real set's members out of sight: nothing is adopted either",
                        pod(1).kubernetes(0).record(new SetRecord.Absent()).set("1 PRIMARY"),
                        "settled SETTLED"),
                arguments(
                        "nor by one that is scaled away",
                        pod(1).kubernetes(1).record(new SetRecord.Absent()).set("0 SECONDARY", "1 PRIMARY"),
                        "act HAND_OVER hand_over mongo-0"),
                arguments(
                        "who made the set writes it down also on its way out",
                        pod(0).kubernetes(0)
                                .record(new SetRecord.Intended("this-pod", true, Duration.ZERO))
                                .set("0 PRIMARY"),
                        "act RECORD_SET record_formed our id"),
                arguments(
                        "but who made the set itself knows that all others were empty",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Intended("this-pod", true, Duration.ZERO))
                                .set("0 PRIMARY")
                                .peer(1, unknown(Cause.TIMEOUT)),
                        "act RECORD_SET record_formed our id"),
                arguments(
                        "a peer is a former standalone: no intent is recorded",
                        pod(0).kubernetes(2).record(new SetRecord.Absent()).peer(1, holdsData()),
                        "wait HOLDS_DATA"),
                arguments(
                        "nor is the set made by the pod that recorded its intent before",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Intended("this-pod", true, Duration.ZERO))
                                .peer(1, holdsData()),
                        "wait HOLDS_DATA"),
                arguments(
                        "a set is adopted beside a former standalone, which is in no other set",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Absent())
                                .set("0 PRIMARY")
                                .peer(1, holdsData()),
                        "act RECORD_SET record_formed our id"),
                arguments(
                        "nobody is asked for: no set is made, though nobody could hold one",
                        pod(0).kubernetes(0).record(new SetRecord.Absent()),
                        "wait AWAIT_FIRST_ORDINAL"),
                arguments(
                        "all volumes gone, the set is on record: nobody makes another",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Formed(OUR_ID))
                                .peer(1, empty())
                                .peer(2, empty()),
                        "wait NEW_SET_NEEDS_APPROVAL"),
                arguments(
                        "the record cannot be read: it may name a set",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Unavailable("403"))
                                .peer(1, empty())
                                .peer(2, empty()),
                        "wait RECORD_UNAVAILABLE"),
                arguments(
                        "a volume of another set is left alone",
                        pod(1).record(new SetRecord.Formed(OTHER_ID)).set("0 SECONDARY", "1 PRIMARY"),
                        "refuse FOREIGN_SET"),
                arguments(
                        "a removed volume of another set is left alone",
                        pod(1).record(new SetRecord.Formed(OUR_ID)).local(new LocalMongod.Removed(OTHER_ID)),
                        "refuse FOREIGN_SET"));
    }

    static Stream<Arguments> seed() {
        return Stream.of(
                arguments(
                        "the one member with data, all others empty: an operator is needed",
                        pod(1).kubernetes(3)
                                .record(new SetRecord.Absent())
                                .local(ownData())
                                .peer(0, empty())
                                .peer(2, empty()),
                        "wait HOLDS_DATA"),
                arguments(
                        "approved: its intent is recorded, whatever its ordinal",
                        pod(1).kubernetes(3)
                                .record(seedApproved(1))
                                .local(ownData())
                                .peer(0, empty())
                                .peer(2, empty()),
                        "act SEED_APPROVED record_intended"),
                arguments(
                        "recorded: the set is initiated from its data",
                        pod(1).kubernetes(3)
                                .record(intendedSeed("this-pod", true, Duration.ZERO))
                                .local(ownData())
                                .peer(0, empty())
                                .peer(2, empty()),
                        "act SEED_APPROVED initiate mongo-1"),
                arguments(
                        "the first ordinal, and pods that do not exist yet hold nothing",
                        pod(0).kubernetes(3)
                                .record(seedApproved(0))
                                .local(ownData())
                                .peer(1, new PeerMongod.Absent())
                                .peer(2, new PeerMongod.Absent()),
                        "act SEED_APPROVED record_intended"),
                arguments(
                        "the intent of an earlier pod with the data is taken over when nothing came of it",
                        pod(1).kubernetes(2)
                                .record(intendedSeed("another-pod", false, Duration.ofSeconds(15)))
                                .local(ownData())
                                .peer(0, empty()),
                        "act SEED_APPROVED record_intended"),
                arguments(
                        "not before",
                        pod(1).kubernetes(2)
                                .record(intendedSeed("another-pod", false, Duration.ofSeconds(14)))
                                .local(ownData())
                                .peer(0, empty()),
                        "wait INTENDED_BY_ANOTHER"),
                arguments(
                        "an intent of before the data came is not an approval of it",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Intended("this-pod", true, Duration.ZERO))
                                .local(ownData())
                                .peer(1, empty()),
                        "wait HOLDS_DATA"),
                arguments(
                        "approved for another member",
                        pod(1).kubernetes(2)
                                .record(seedApproved(0))
                                .local(ownData())
                                .peer(0, empty()),
                        "wait HOLDS_DATA"),
                arguments(
                        "approved, and another member has data as well by now",
                        pod(1).kubernetes(3)
                                .record(seedApproved(1))
                                .local(ownData())
                                .peer(0, empty())
                                .peer(2, holdsData()),
                        "wait HOLDS_DATA"),
                arguments(
                        "approved, and a member is not known: it may hold a set",
                        pod(1).kubernetes(3)
                                .record(seedApproved(1))
                                .local(ownData())
                                .peer(0, empty())
                                .peer(2, unknown(Cause.TIMEOUT)),
                        "wait PEERS_UNKNOWN"),
                arguments(
                        "approved, and a set exists by now: it is left to that set's primary, which does not add it",
                        pod(1).kubernetes(2)
                                .record(seedApproved(1))
                                .local(ownData())
                                .peer(0, inSet(OUR_ID, host(0), MemberState.PRIMARY)),
                        "wait HOLDS_DATA"),
                arguments(
                        "approved an hour ago, by the clock",
                        pod(1).kubernetes(2)
                                .record(new SetRecord.Absent(
                                        new Approval.Seed(1, Optional.empty(), World.NOW.minus(Duration.ofHours(1))),
                                        Duration.ZERO))
                                .local(ownData())
                                .peer(0, empty()),
                        "act APPROVAL_EXPIRED withdraw_approval"),
                arguments(
                        "approved and recorded, but expired before it was initiated",
                        pod(1).kubernetes(2)
                                .record(new SetRecord.Intended(
                                        "this-pod", Set.of(1), true, Duration.ofHours(1), World.seed(1)))
                                .local(ownData())
                                .peer(0, empty()),
                        "act APPROVAL_EXPIRED withdraw_approval"),
                arguments(
                        "the empty first ordinal waits for it",
                        pod(0).kubernetes(2).record(seedApproved(1)).peer(1, holdsData()),
                        "wait AWAIT_SEED"),
                arguments(
                        "also where its data is not seen: no empty set is initiated instead",
                        pod(0).kubernetes(2).record(seedApproved(1)).peer(1, empty()),
                        "wait AWAIT_SEED"),
                arguments(
                        "approved, but it has no data any more",
                        pod(1).kubernetes(2).record(seedApproved(1)).peer(0, empty()),
                        "wait SEED_EMPTY"),
                arguments(
                        "any other empty member waits to be added",
                        pod(2).kubernetes(3).record(seedApproved(1)),
                        "wait AWAIT_FIRST_ORDINAL"),
                arguments(
                        "a recorded set is replaced if the approval names it",
                        pod(1).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID, World.seed(1, OUR_ID)))
                                .local(ownData())
                                .peer(0, empty()),
                        "act SEED_APPROVED record_intended"),
                arguments(
                        "an approval for another recorded set is for nothing",
                        pod(1).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID, World.seed(1, OTHER_ID)))
                                .local(ownData())
                                .peer(0, empty()),
                        "wait HOLDS_DATA"),
                arguments(
                        "one from before the set was recorded as well",
                        pod(1).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID, World.seed(1)))
                                .local(ownData())
                                .peer(0, empty()),
                        "wait HOLDS_DATA"),
                arguments(
                        "a new, empty set was approved, but one member has data",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID, World.newSet(OUR_ID)))
                                .peer(1, holdsData()),
                        "wait HOLDS_DATA"),
                arguments(
                        "initiated: its id is recorded",
                        pod(1).kubernetes(2)
                                .record(intendedSeed("this-pod", true, Duration.ZERO))
                                .set("1 PRIMARY"),
                        "act RECORD_SET record_formed our id"),
                arguments(
                        "a set was made by hand instead: it is adopted, and the approval ends",
                        pod(0).kubernetes(2)
                                .record(seedApproved(1))
                                .set("0 PRIMARY")
                                .peer(1, holdsData()),
                        "act RECORD_SET record_formed our id"));
    }

    static Stream<Arguments> declaredSeed() {
        return Stream.of(
                arguments(
                        "without a record the option is enough",
                        pod(1).declaredSeed(1).local(ownData()).peer(0, empty()).peer(2, empty()),
                        "act SEED_APPROVED initiate mongo-1"),
                arguments(
                        "with a record the intent comes first",
                        pod(1).kubernetes(2)
                                .record(new SetRecord.Absent())
                                .declaredSeed(1)
                                .local(ownData())
                                .peer(0, empty()),
                        "act SEED_APPROVED record_intended"),
                arguments(
                        "a pod that the StatefulSet does not ask for initiates nothing",
                        pod(3).kubernetes(3)
                                .record(new SetRecord.Absent())
                                .declaredSeed(3)
                                .local(ownData())
                                .peer(0, empty())
                                .peer(1, empty())
                                .peer(2, empty()),
                        "wait HOLDS_DATA"),
                arguments(
                        "another member holds data as well",
                        pod(1).declaredSeed(1)
                                .local(ownData())
                                .peer(0, holdsData())
                                .peer(2, empty()),
                        "wait HOLDS_DATA"),
                arguments(
                        "the empty first ordinal initiates no empty set",
                        pod(0).declaredSeed(1).peer(1, empty()).peer(2, empty()),
                        "wait AWAIT_SEED"),
                arguments(
                        "nor does it while the seed's pod is missing",
                        pod(0).declaredSeed(1)
                                .peer(1, unknown(Cause.NO_SUCH_NAME))
                                .peer(2, empty()),
                        "wait AWAIT_SEED"),
                arguments(
                        "nor where the seed is itself and empty",
                        pod(0).declaredSeed(0).peer(1, empty()).peer(2, empty()),
                        "wait SEED_EMPTY"),
                arguments(
                        "the set has been recorded since: the option has no effect",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID))
                                .declaredSeed(1)
                                .peer(1, empty()),
                        "wait NEW_SET_NEEDS_APPROVAL"),
                arguments(
                        "nor is a recorded set replaced for it",
                        pod(1).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID))
                                .declaredSeed(1)
                                .local(ownData())
                                .peer(0, empty()),
                        "wait HOLDS_DATA"));
    }

    private static SetRecord intendedSeed(String holder, boolean byUs, Duration lasting) {
        return new SetRecord.Intended(holder, Set.of(1), byUs, lasting, World.seed(1));
    }

    @ParameterizedTest(name = "an empty first ordinal never initiates while a peer is unknown: {0}")
    @EnumSource(Cause.class)
    void unknownMeansWait(Cause cause) {
        for (SetRecord record : List.of(
                new SetRecord.NotKept(),
                new SetRecord.Absent(),
                new SetRecord.Intended("this-pod", true, Duration.ZERO),
                new SetRecord.Formed(OUR_ID),
                new SetRecord.Unavailable("away"))) {
            World world = pod(0).record(record).peer(1, empty()).peer(2, unknown(cause, Duration.ofDays(30)));
            assertThat(World.words(Planner.plan(world.look()))).isEqualTo("wait PEERS_UNKNOWN");
        }
    }
}
