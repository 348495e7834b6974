package dev.muster.plan;

import static dev.muster.plan.World.cloning;
import static dev.muster.plan.World.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.HostAddress;
import dev.muster.model.MemberState;
import dev.muster.model.PeerMongod;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EmptyVoterRulesTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource("worlds")
    void decides(String name, World world, String expected) {
        assertThat(World.words(Planner.plan(world.look()))).isEqualTo(expected);
    }

    static Stream<Arguments> worlds() {
        return Stream.of(
                arguments(
                        "a voter lost its data, and the other two are a majority without it: it loses its vote",
                        pod(0).kubernetes(3)
                                .set("0 PRIMARY", "1 STARTUP2", "2 SECONDARY")
                                .peer(1, cloning(1, "a")),
                        "act EMPTY_VOTER take_empty_vote mongo-1"),
                arguments(
                        "the other one lags, and may lack an acknowledged write: that is what it is for",
                        pod(0).kubernetes(3)
                                .set("0 PRIMARY", "1 STARTUP2", "2 SECONDARY lag=3600")
                                .peer(1, cloning(1, "a")),
                        "act EMPTY_VOTER take_empty_vote mongo-1"),
                arguments(
                        "its vote was taken: it gets it back, though it still clones",
                        pod(0).kubernetes(3)
                                .set("0 PRIMARY", "1 STARTUP2 joining emptied=a", "2 SECONDARY")
                                .peer(1, cloning(1, "a")),
                        "act VOTE_RETURNED return_vote mongo-1"),
                arguments(
                        "not where nothing could be acknowledged until it has cloned",
                        pod(0).kubernetes(2)
                                .set("0 PRIMARY", "1 STARTUP2 joining emptied=a")
                                .peer(1, cloning(1, "a")),
                        "wait CLONING"),
                arguments(
                        "its mongod has not been started: its vote is taken before that",
                        pod(0).kubernetes(3)
                                .set("0 PRIMARY", "1 DOWN down", "2 SECONDARY")
                                .peer(1, new PeerMongod.Held("pod-1")),
                        "act EMPTY_VOTER take_empty_vote mongo-1"),
                arguments(
                        "the same though somebody gave it back by hand, as it still waits",
                        pod(0).kubernetes(3)
                                .set("0 PRIMARY", "1 DOWN down emptied=pod-1", "2 SECONDARY")
                                .peer(1, new PeerMongod.Held("pod-1")),
                        "act EMPTY_VOTER take_empty_vote mongo-1"),
                arguments(
                        "its vote is away: it starts by itself, and nothing is given back before it runs",
                        pod(0).kubernetes(3)
                                .set("0 PRIMARY", "1 DOWN down joining emptied=pod-1", "2 SECONDARY")
                                .peer(1, new PeerMongod.Held("pod-1")),
                        "wait MEMBER_DOWN"),
                arguments(
                        "its pod still says that it waits, but it is heard",
                        pod(0).kubernetes(3)
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY")
                                .peer(1, new PeerMongod.Held("pod-1")),
                        "settled SETTLED"),
                arguments(
                        "not before a majority of the others has all that was acknowledged",
                        pod(0).kubernetes(3)
                                .uncommitted()
                                .set("0 PRIMARY", "1 STARTUP2 joining emptied=a", "2 SECONDARY lag=3600")
                                .peer(1, cloning(1, "a")),
                        "wait CONFIG_UNCOMMITTED"),
                arguments(
                        "it has its vote back and clones: it is left alone",
                        pod(0).kubernetes(3)
                                .set("0 PRIMARY", "1 STARTUP2 emptied=a", "2 SECONDARY")
                                .peer(1, cloning(1, "a")),
                        "wait CLONING"),
                arguments(
                        "another process clones now: it may have had the data in between, and lost it again",
                        pod(0).kubernetes(3)
                                .set("0 PRIMARY", "1 STARTUP2 emptied=a", "2 SECONDARY")
                                .peer(1, cloning(1, "b")),
                        "act EMPTY_VOTER take_empty_vote mongo-1"),
                arguments(
                        "it has its data again: the mark goes",
                        pod(0).kubernetes(3).set("0 PRIMARY", "1 SECONDARY emptied=a", "2 SECONDARY"),
                        "act VOTE_RETURNED forget_emptied mongo-1"),
                arguments(
                        "the clone was faster than the vote came back: it is promoted as any joining member",
                        pod(0).kubernetes(3).set("0 PRIMARY", "1 SECONDARY joining emptied=a", "2 SECONDARY"),
                        "act PROMOTE promote mongo-1"),
                arguments(
                        "a voter under a name that is kept: its pod says that it is the one without data",
                        pod(0).kubernetes(3)
                                .set("0 PRIMARY", "1 STARTUP2 host=db1.example.com", "2 SECONDARY")
                                .peer(1, cloningAs("db1.example.com")),
                        "act EMPTY_VOTER take_empty_vote db1.example.com:27017"),
                arguments(
                        "and gets its vote back",
                        pod(0).kubernetes(3)
                                .set("0 PRIMARY", "1 STARTUP2 joining emptied=a host=db1.example.com", "2 SECONDARY")
                                .peer(1, cloningAs("db1.example.com")),
                        "act VOTE_RETURNED return_vote db1.example.com:27017"),
                arguments(
                        "or is promoted if the clone was faster",
                        pod(0).kubernetes(3)
                                .set("0 PRIMARY", "1 SECONDARY joining emptied=a host=db1.example.com", "2 SECONDARY")
                                .peer(1, World.inSet(World.OUR_ID, "db1.example.com", MemberState.SECONDARY)),
                        "act PROMOTE promote db1.example.com:27017"),
                arguments(
                        "two of five lost their data: one after the other",
                        pod(0).kubernetes(5)
                                .set("0 PRIMARY", "1 STARTUP2", "2 SECONDARY", "3 STARTUP2", "4 SECONDARY")
                                .peer(1, cloning(1, "a"))
                                .peer(3, cloning(3, "b")),
                        "act EMPTY_VOTER take_empty_vote mongo-1"),
                arguments(
                        "and both votes are away before the first comes back",
                        pod(0).kubernetes(5)
                                .set(
                                        "0 PRIMARY",
                                        "1 STARTUP2 joining emptied=a",
                                        "2 SECONDARY",
                                        "3 STARTUP2",
                                        "4 SECONDARY")
                                .peer(1, cloning(1, "a"))
                                .peer(3, cloning(3, "b")),
                        "act EMPTY_VOTER take_empty_vote mongo-3"),
                arguments(
                        "two of three lost their data: without one vote there would be no majority that has its data",
                        pod(0).kubernetes(3)
                                .set("0 PRIMARY", "1 STARTUP2", "2 STARTUP2")
                                .peer(1, cloning(1, "a"))
                                .peer(2, cloning(2, "b")),
                        "wait CLONING"),
                arguments(
                        "the other voter is an arbiter, which has no data",
                        pod(0).kubernetes(2)
                                .set("0 PRIMARY", "1 STARTUP2", "9 ARBITER arbiter host=arbiter.example:27017")
                                .peer(1, cloning(1, "a")),
                        "wait CLONING"),
                arguments(
                        "the other one of two: nobody but the primary can be elected",
                        pod(0).kubernetes(2).set("0 PRIMARY", "1 STARTUP2").peer(1, cloning(1, "a")),
                        "wait CLONING"),
                arguments(
                        "a member that restarts with its data is STARTUP2 for a moment, and does not clone",
                        pod(0).kubernetes(3).set("0 PRIMARY", "1 STARTUP2", "2 SECONDARY"),
                        "wait CLONING"));
    }

    private static PeerMongod cloningAs(String host) {
        return new PeerMongod.InSet(
                World.OUR_ID,
                HostAddress.parse(host),
                MemberState.STARTUP2,
                Optional.of("a"),
                Optional.empty(),
                Optional.empty());
    }
}
