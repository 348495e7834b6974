package dev.muster.plan;

import static dev.muster.plan.World.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.SetRecord;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** When the mongod of a pod that is being deleted may stop. */
class DepartureTest {
    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource
    void mayStop(String situation, World world, String expected) {
        Departure departure = Departure.of(world.look());

        assertThat(departure.getClass().getSimpleName()).as(departure.why()).isEqualTo(expected);
    }

    @Test
    void onlyAPrimaryHasASuccessor() {
        assertThat(Successor.of(pod(0).set("0 PRIMARY", "1 SECONDARY").look())).contains(World.NAMING.address(1));
        assertThat(Successor.of(
                        pod(2).set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY").look()))
                .isEmpty();
    }

    static Stream<Arguments> mayStop() {
        return Stream.of(
                arguments("an empty member", pod(1).kubernetes(3).terminating(1), "Free"),
                arguments(
                        "scaled down, and its mongod has not been started: it cannot vote",
                        pod(1).kubernetes(1)
                                .terminating(1)
                                .record(new SetRecord.Formed("our id"))
                                .local(new LocalMongod.NotStarted()),
                        "Free"),
                arguments(
                        "its mongod does not answer any more",
                        pod(1).kubernetes(3).terminating(1).local(new LocalMongod.Unreachable("refused")),
                        "Free"),
                arguments(
                        "scaled away, and its mongod hangs, perhaps only for a moment: it may have a vote",
                        pod(1).kubernetes(1).terminating(1).local(new LocalMongod.Unreachable("no answer")),
                        "Hold"),
                arguments(
                        "scaled away, and its mongod loads its configuration",
                        pod(1).kubernetes(1).terminating(1).local(new LocalMongod.Starting()),
                        "Hold"),
                arguments(
                        "removed by a scale-down and empty, and the record names no set",
                        pod(1).kubernetes(1)
                                .terminating(1)
                                .record(new SetRecord.Absent())
                                .local(new LocalMongod.NotYetInitialized()),
                        "Free"),
                arguments(
                        "removed by a scale-down after its volume was lost: the configuration may still give it a vote",
                        pod(1).kubernetes(1)
                                .terminating(1)
                                .record(new SetRecord.Formed("our id"))
                                .local(new LocalMongod.NotYetInitialized()),
                        "Hold"),
                arguments(
                        "a former standalone, scaled away: it has no vote, and nobody waits for its data",
                        pod(1).kubernetes(1).terminating(1).local(new LocalMongod.HoldsData("user bob@admin")),
                        "Free"),
                arguments(
                        "scaled away under a name that is kept: nobody removes it but an operator",
                        pod(1).kubernetes(1)
                                .terminating(1)
                                .set("0 PRIMARY host=db0.example.com", "1 SECONDARY host=db1.example.com"),
                        "Hold"),
                arguments(
                        "all pods are deleted at once, and their names are kept: they say who they are",
                        pod(1).kubernetes(3)
                                .terminating(0, 1, 2)
                                .set(
                                        "0 SECONDARY host=db0.example.com",
                                        "1 SECONDARY host=db1.example.com",
                                        "2 PRIMARY host=db2.example.com")
                                .peer(0, World.inSet(World.OUR_ID, "db0.example.com", MemberState.SECONDARY))
                                .peer(2, World.inSet(World.OUR_ID, "db2.example.com", MemberState.PRIMARY)),
                        "Hold"),
                arguments(
                        "a set of one under a name that is kept",
                        pod(0).kubernetes(1).terminating(0).set("0 PRIMARY host=db0.example.com"),
                        "Free"),
                arguments(
                        "a secondary that comes back",
                        pod(1).kubernetes(3).terminating(1).set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY"),
                        "Free"),
                arguments(
                        "a primary that comes back, and somebody can take over",
                        pod(1).kubernetes(3).terminating(1).set("0 SECONDARY", "1 PRIMARY", "2 SECONDARY"),
                        "Hold"),
                arguments(
                        "a primary that comes back, and nobody can take over yet",
                        pod(1).kubernetes(3).terminating(1).set("0 SECONDARY down", "1 PRIMARY", "2 RECOVERING"),
                        "Hold"),
                arguments(
                        "a primary that comes back, and nobody can ever take over",
                        pod(0).kubernetes(2).terminating(0).set("0 PRIMARY", "1 SECONDARY novote"),
                        "Free"),
                arguments("a set of one", pod(0).kubernetes(1).terminating(0).set("0 PRIMARY"), "Free"),
                arguments(
                        "all pods are deleted at once, and the highest ordinal stops first",
                        pod(2).kubernetes(3).terminating(0, 1, 2).set("0 SECONDARY", "1 PRIMARY", "2 SECONDARY"),
                        "Free"),
                arguments(
                        "all pods are deleted at once, and one must be back before the second stops",
                        pod(1).kubernetes(3).terminating(0, 1, 2).set("0 SECONDARY", "1 SECONDARY", "2 PRIMARY"),
                        "Hold"),
                arguments(
                        "all pods are deleted at once, and the last is a primary that has nobody to hand over to",
                        pod(0).kubernetes(3).terminating(0, 1, 2).set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY"),
                        "Hold"),
                arguments(
                        "all pods are deleted at once, and the second stops when the first is back",
                        pod(1).kubernetes(3).terminating(0, 1).set("0 SECONDARY", "1 SECONDARY", "2 PRIMARY"),
                        "Free"),
                arguments(
                        "a pod that was deleted before stops first, whatever its ordinal",
                        pod(2).kubernetes(3)
                                .terminating(0)
                                .terminatingLater(2)
                                .set("0 SECONDARY", "1 PRIMARY", "2 SECONDARY"),
                        "Hold"),
                arguments(
                        "and the one that was deleted before need not wait for it",
                        pod(0).kubernetes(3)
                                .terminating(0)
                                .terminatingLater(2)
                                .set("0 SECONDARY", "1 PRIMARY", "2 SECONDARY"),
                        "Free"),
                arguments(
                        "a voter without which there is no majority, as another one is down",
                        pod(1).kubernetes(3).terminating(1).set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY down"),
                        "Hold"),
                arguments(
                        "a voter without which there is no majority, as another one clones",
                        pod(1).kubernetes(3).terminating(1).set("0 PRIMARY", "1 SECONDARY", "2 STARTUP2"),
                        "Hold"),
                arguments(
                        "there is no majority anyway",
                        pod(1).kubernetes(3).terminating(1).set("0 SECONDARY down", "1 SECONDARY", "2 SECONDARY down"),
                        "Free"),
                arguments(
                        "it has no vote",
                        pod(2).kubernetes(3).terminating(2).set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY novote"),
                        "Free"),
                arguments(
                        "one of two voters: nobody comes back first",
                        pod(1).kubernetes(2).terminating(1).set("0 PRIMARY", "1 SECONDARY"),
                        "Free"),
                arguments(
                        "five voters whose scale-down to one was taken back: two may stop",
                        pod(3).kubernetes(5)
                                .terminating(1, 2, 3, 4)
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY", "3 SECONDARY", "4 SECONDARY"),
                        "Free"),
                arguments(
                        "five voters whose scale-down to one was taken back: the third waits",
                        pod(2).kubernetes(5)
                                .terminating(1, 2, 3, 4)
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY", "3 SECONDARY", "4 SECONDARY"),
                        "Hold"),
                arguments(
                        "scaled to zero",
                        pod(1).kubernetes(0).terminating(0, 1, 2).set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY"),
                        "Free"),
                arguments(
                        "scaled away and still in the configuration",
                        pod(2).kubernetes(1).terminating(1, 2).set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY"),
                        "Hold"),
                arguments(
                        "scaled away, its vote is gone, but it is still in the configuration",
                        pod(2).kubernetes(1).terminating(1, 2).set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY novote"),
                        "Hold"),
                arguments(
                        "scaled away and removed",
                        pod(2).kubernetes(1).terminating(1, 2).local(new LocalMongod.Removed(World.OUR_ID)),
                        "Free"),
                arguments(
                        "scaled away with the data of another set, whose configuration nobody here changes",
                        pod(2).kubernetes(1)
                                .terminating(1, 2)
                                .record(new SetRecord.Formed(World.OTHER_ID))
                                .set("0 SECONDARY", "2 PRIMARY"),
                        "Free"),
                arguments(
                        "scaled away, and not to be found under its name, but still in the configuration with its vote",
                        pod(2).kubernetes(1).terminating(1, 2).set("0 PRIMARY", "1 SECONDARY", "2 REMOVED"),
                        "Hold"),
                arguments(
                        "it stays, and is not to be found under its name",
                        pod(1).kubernetes(3).terminating(1).set("0 PRIMARY", "1 REMOVED"),
                        "Free"),
                arguments(
                        "scaled away, and a primary, and still in the configuration",
                        pod(2).kubernetes(1).terminating(1, 2).set("0 SECONDARY", "1 SECONDARY", "2 PRIMARY"),
                        "Hold"));
    }
}
