package dev.muster.plan;

import static dev.muster.plan.World.OUR_ID;
import static dev.muster.plan.World.empty;
import static dev.muster.plan.World.pod;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.LocalMongod;
import dev.muster.model.SetRecord;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether there is a mongod that the sidecar may speak for. Each row is one situation and what follows from it. */
class LocalRulesTest {
    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("beforeThereIsASet")
    void decides(String situation, World world, String expected) {
        Rows.check(situation, world, expected);
    }

    static Stream<Arguments> beforeThereIsASet() {
        return Stream.of(
                arguments(
                        "mongod takes itself for another pod's member, whose name led here",
                        pod(1).kubernetes(3)
                                .set("0 PRIMARY", "1 SECONDARY host=mongo-2.mongo.default.svc.cluster.local"),
                        "act MISTAKEN_MEMBER restart_mongod mongo-2"),
                arguments(
                        "the same of a pod that is not asked for: there is no second process",
                        pod(1).kubernetes(2)
                                .set("0 PRIMARY", "1 SECONDARY host=mongo-2.mongo.default.svc.cluster.local"),
                        "settled FOLLOWING"),
                arguments(
                        "it is known by a name that is no pod's",
                        pod(1).kubernetes(3).set("0 PRIMARY host=db0.example.com", "1 SECONDARY host=db1.example.com"),
                        "settled FOLLOWING"),
                arguments(
                        "mongod is not there",
                        pod(0).local(new LocalMongod.Unreachable("connection refused")),
                        "wait MONGOD_UNREACHABLE"),
                arguments(
                        "mongod refuses the keyfile",
                        pod(0).local(new LocalMongod.Denied("authentication failed")),
                        "wait MONGOD_DENIED"),
                arguments(
                        "mongod runs without --replSet",
                        pod(0).local(new LocalMongod.Misconfigured("no --replSet")),
                        "refuse MONGOD_MISCONFIGURED"),
                arguments(
                        "mongod loads its configuration",
                        pod(0).local(new LocalMongod.Starting()),
                        "wait MONGOD_STARTING"),
                arguments(
                        "the volume was removed from the set",
                        pod(1).local(new LocalMongod.Removed(OUR_ID)),
                        "wait REMOVED"),
                arguments(
                        "the first ordinal is a former standalone: nothing is initiated on its data",
                        pod(0).local(new LocalMongod.HoldsData("user bob@admin"))
                                .peer(1, empty())
                                .peer(2, empty()),
                        "wait HOLDS_DATA"),
                arguments(
                        "a later ordinal is one",
                        pod(1).local(new LocalMongod.HoldsData("user bob@admin")),
                        "wait HOLDS_DATA"),
                arguments(
                        "the first ordinal is one, and a person approved a new set",
                        pod(0).kubernetes(1)
                                .local(new LocalMongod.HoldsData("user bob@admin"))
                                .record(new SetRecord.Formed(OUR_ID, World.newSet(OUR_ID))),
                        "wait HOLDS_DATA"));
    }
}
