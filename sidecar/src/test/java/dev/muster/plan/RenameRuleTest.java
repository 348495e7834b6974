package dev.muster.plan;

import static dev.muster.plan.World.OTHER_ID;
import static dev.muster.plan.World.OUR_ID;
import static dev.muster.plan.World.inSet;
import static dev.muster.plan.World.pod;
import static dev.muster.plan.World.unknown;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.MemberState;
import dev.muster.model.PeerMongod.Cause;
import dev.muster.model.Renaming;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How members of an adopted set get their stable names. Each row is one situation and what follows from it. */
class RenameRuleTest {
    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("renaming")
    void decides(String situation, World world, String expected) {
        Rows.check(situation, world, expected);
    }

    static Stream<Arguments> renaming() {
        return Stream.of(
                arguments(
                        "an adopted secondary under its address",
                        pod(0).replicas(2)
                                .set("0 PRIMARY", "1 SECONDARY host=10.0.0.2:27017")
                                .peer(1, inSet(OUR_ID, "10.0.0.2:27017", MemberState.SECONDARY)),
                        "act RENAME rename 10.0.0.2:27017 to mongo-1"),
                arguments(
                        "secondaries before the primary",
                        pod(0).replicas(2)
                                .set("0 PRIMARY host=mongo-0:27017", "1 SECONDARY host=mongo-1:27017")
                                .peer(1, inSet(OUR_ID, "mongo-1:27017", MemberState.SECONDARY)),
                        "act RENAME rename mongo-1:27017 to mongo-1"),
                arguments(
                        "the primary last",
                        pod(0).replicas(2).set("0 PRIMARY host=mongo-0:27017", "1 SECONDARY"),
                        "act RENAME rename mongo-0:27017 to mongo-0"),
                arguments(
                        "a member that does not answer under its stable name keeps its host",
                        pod(0).replicas(2)
                                .set("0 PRIMARY", "1 SECONDARY host=10.0.0.2:27017")
                                .peer(1, unknown(Cause.NO_SUCH_NAME)),
                        "wait AWAIT_PEER"),
                arguments(
                        "a member that recovers keeps its host until it is SECONDARY",
                        pod(0).replicas(2)
                                .set("0 PRIMARY", "1 RECOVERING host=10.0.0.2:27017")
                                .peer(1, inSet(OUR_ID, "10.0.0.2:27017", MemberState.RECOVERING)),
                        "wait CLONING"),
                arguments(
                        "a member that is not healthy keeps its host",
                        pod(0).replicas(2)
                                .set("0 PRIMARY", "1 SECONDARY down host=10.0.0.2:27017")
                                .peer(1, inSet(OUR_ID, "10.0.0.2:27017", MemberState.SECONDARY)),
                        "wait MEMBER_DOWN"),
                arguments(
                        "another set's member gives its name to nobody",
                        pod(0).replicas(2)
                                .set("0 PRIMARY", "1 SECONDARY host=10.0.0.2:27017")
                                .peer(1, inSet(OTHER_ID, "10.0.0.2:27017", MemberState.SECONDARY)),
                        "wait FOREIGN_PEER"),
                arguments(
                        "a member outside the StatefulSet keeps its host",
                        pod(0).replicas(1).set("0 PRIMARY", "9 SECONDARY host=analytics.example.com:27017"),
                        "settled SETTLED"),
                arguments(
                        "a full name that is not of this StatefulSet stays: it works, and clients outside know it",
                        adoptedAs("db0.example.com", "db1.example.com", "db2.example.com"),
                        "settled SETTLED"),
                arguments(
                        "of several names only the unstable one is replaced",
                        adoptedAs("db0.example.com", "10.0.0.2", "db2.example.com"),
                        "act RENAME rename 10.0.0.2:27017 to mongo-1"),
                arguments(
                        "a pod's name in another form is replaced",
                        adoptedAs("mongo-0.mongo", "mongo-1.mongo.default", "mongo-2.mongo.default.svc"),
                        "act RENAME rename mongo-1.mongo.default:27017 to mongo-1"),
                arguments(
                        "the primary's own full name stays",
                        adoptedAs("db0.example.com", World.host(1), World.host(2)),
                        "settled SETTLED"),
                arguments(
                        "with --rename=always every name is replaced",
                        adoptedAs("db0.example.com", "db1.example.com", "db2.example.com")
                                .renaming(Renaming.ALWAYS),
                        "act RENAME rename db1.example.com:27017 to mongo-1"),
                arguments(
                        "with --rename=never none is",
                        adoptedAs("10.0.0.1", "mongo-1", "mongo-2.mongo").renaming(Renaming.NEVER),
                        "settled SETTLED"),
                arguments(
                        "a kept member that is down and says who it was is down, not missing",
                        pod(0).replicas(2)
                                .set("0 PRIMARY host=db0.example.com", "1 SECONDARY down host=db1.example.com")
                                .peer(1, inSet(OUR_ID, "db1.example.com", MemberState.SECONDARY)),
                        "wait MEMBER_DOWN"),
                arguments(
                        "two pods that both say they are the same member: a name leads to another's address",
                        pod(0).set("0 PRIMARY", "1 SECONDARY host=db1.example.com")
                                .peer(1, inSet(OUR_ID, "db1.example.com", MemberState.SECONDARY))
                                .peer(2, inSet(OUR_ID, "db1.example.com", MemberState.SECONDARY)),
                        "wait AWAIT_PEER"));
    }

    /** Three members under these names, as each says itself; the first is the primary. */
    private static World adoptedAs(String first, String second, String third) {
        return pod(0).set("0 PRIMARY host=" + first, "1 SECONDARY host=" + second, "2 SECONDARY host=" + third)
                .peer(1, inSet(OUR_ID, second, MemberState.SECONDARY))
                .peer(2, inSet(OUR_ID, third, MemberState.SECONDARY));
    }
}
