package dev.muster.plan;

import static dev.muster.plan.World.NAMING;
import static dev.muster.plan.World.OTHER_ID;
import static dev.muster.plan.World.unknown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.DeadPrimary;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.PeerMongod;
import dev.muster.model.SetConfig;
import dev.muster.model.SetRecord;
import java.time.Duration;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ElectionRulesTest {
    private static final PeerMongod DOWN = unknown(PeerMongod.Cause.UNREACHABLE);
    private static final SetConfig THREE = World.configOf(5, "0", "1", "2");
    private static final Duration JUST_NOW = Duration.ofMillis(10);

    @ParameterizedTest(name = "{0}")
    @MethodSource("worlds")
    void decides(String name, World world, String expected) {
        assertThat(World.words(Planner.plan(world.look()))).isEqualTo(expected);
    }

    private static DeadPrimary dead(SetConfig config, Duration ago) {
        return dead(config, Duration.ofMinutes(1), ago);
    }

    private static DeadPrimary dead(SetConfig config, Duration inOffice, Duration ago) {
        return new DeadPrimary(NAMING.address(0), config, 1, inOffice, ago);
    }

    private static PeerMongod secondary(int ordinal, long ahead) {
        return World.applied(ordinal, MemberState.SECONDARY, ahead);
    }

    /** The sidecar beside the primary that ended, a moment later. */
    private static World own() {
        return own(dead(THREE, JUST_NOW));
    }

    private static World own(DeadPrimary dead) {
        return World.pod(0)
                .local(new LocalMongod.Unreachable("the process has ended"))
                .deadPrimary(dead)
                .peer(1, secondary(1, 0))
                .peer(2, secondary(2, 0));
    }

    /** The sidecar of mongo-1, which is as new as mongo-2, some time after mongo-0 ended. */
    private static World other(Duration ago) {
        return other(ago, "0 PRIMARY down", "1 SECONDARY", "2 SECONDARY");
    }

    private static World other(Duration ago, String... members) {
        return World.pod(1)
                .set(members)
                .deadPrimary(dead(THREE, ago))
                .peer(0, DOWN)
                .peer(2, secondary(2, 0));
    }

    static Stream<Arguments> worlds() {
        String first = "act CALL_ELECTION call_election mongo-1";
        String second = "act CALL_ELECTION call_election mongo-2";
        String unreachable = "wait MONGOD_UNREACHABLE";
        return Stream.of(
                arguments("of two that are as new, the first is asked", own(), first),
                arguments("the newest is asked", own().peer(1, secondary(1, -1)), second),
                arguments("one that does not answer is not asked", own().peer(1, DOWN), second),
                arguments("one that clones is not asked", own().peer(1, World.cloning(1, "a")), second),
                arguments(
                        "one that has rolled something back is not asked",
                        own().peer(1, World.applied(1, MemberState.ROLLBACK, 0)),
                        second),
                arguments(
                        "one whose name leads to another member is not asked", own().peer(1, secondary(2, 0)), second),
                arguments(
                        "one of another set is not asked",
                        own().peer(1, World.inSet(OTHER_ID, World.host(1), MemberState.SECONDARY)),
                        second),
                arguments(
                        "one without a vote cannot be elected",
                        own(dead(World.configOf(5, "0", "1 novote", "2"), JUST_NOW)),
                        second),
                arguments(
                        "one that is being removed by a scale-down is asked last",
                        own().kubernetes(new KubernetesFacts.Known(2, 0, new TreeMap<>()))
                                .peer(2, secondary(2, 1)),
                        first),
                arguments("nobody else answers", own().peer(1, DOWN).peer(2, DOWN), unreachable),
                arguments(
                        "there is another primary",
                        own().peer(2, World.applied(2, MemberState.PRIMARY, 0)),
                        unreachable),
                arguments(
                        "it had been elected only just",
                        own(dead(THREE, Duration.ofMillis(9_999), JUST_NOW)),
                        unreachable),
                arguments(
                        "MongoDB is about to elect by itself", own(dead(THREE, Duration.ofMillis(8_001))), unreachable),
                arguments("an operator paused Muster", own().paused(), "wait PAUSED"),
                arguments(
                        "mongod answers again",
                        own().set("0 SECONDARY", "1 SECONDARY", "2 SECONDARY"),
                        "wait NO_PRIMARY"),
                arguments(
                        "another sidecar gives the primary's time to ask",
                        other(Duration.ofMillis(299)),
                        "wait CALL_ELECTION"),
                arguments("and then asks its own member", other(Duration.ofMillis(300)), first),
                arguments(
                        "mongod has not noticed yet that the primary has ended",
                        other(Duration.ofMillis(300), "0 PRIMARY", "1 SECONDARY", "2 SECONDARY"),
                        first),
                arguments(
                        "a newer one goes first",
                        other(Duration.ofMillis(799)).peer(2, secondary(2, 1)),
                        "wait CALL_ELECTION"),
                arguments(
                        "unless no member was elected by then",
                        other(Duration.ofMillis(800)).peer(2, secondary(2, 1)),
                        first),
                arguments(
                        "this one cannot be elected",
                        other(Duration.ofSeconds(1))
                                .deadPrimary(dead(World.configOf(5, "0", "1 novote", "2"), Duration.ofSeconds(1))),
                        "wait NO_PRIMARY"),
                arguments(
                        "this one clones",
                        other(Duration.ofSeconds(1), "0 PRIMARY down", "1 RECOVERING", "2 SECONDARY"),
                        "wait RECOVERING"),
                arguments(
                        "another member was elected",
                        other(Duration.ofSeconds(1), "0 SECONDARY", "1 SECONDARY", "2 PRIMARY"),
                        "settled FOLLOWING"),
                arguments(
                        "its data belongs to another set than the recorded one",
                        other(Duration.ofSeconds(1)).record(new SetRecord.Formed(OTHER_ID)),
                        "refuse FOREIGN_SET"));
    }
}
