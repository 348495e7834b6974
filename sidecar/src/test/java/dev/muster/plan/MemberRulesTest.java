package dev.muster.plan;

import static dev.muster.plan.World.host;
import static dev.muster.plan.World.pod;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.RootUser;
import dev.muster.model.SetRecord;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the sidecar of a healthy member does, and what it reports. Each row is one situation and what follows from it. */
class MemberRulesTest {
    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource({"members", "kubernetesAway"})
    void decides(String situation, World world, String expected) {
        Rows.check(situation, world, expected);
    }

    static Stream<Arguments> members() {
        return Stream.of(
                arguments("all is well", pod(0).set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY"), "settled SETTLED"),
                arguments(
                        "a primary that the configuration knows by another ordinal's name does not wait for itself",
                        pod(0).replicas(1).set("0 PRIMARY host=" + host(4)),
                        "settled SETTLED"),
                arguments("beside an arbiter", pod(0).replicas(2).set("0 PRIMARY", "1 ARBITER"), "settled SETTLED"),
                arguments("an arbiter's own sidecar", pod(1).set("0 PRIMARY", "1 ARBITER"), "settled FOLLOWING"),
                arguments(
                        "beside a secondary",
                        pod(1).set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY"),
                        "settled FOLLOWING"),
                arguments(
                        "no primary is visible",
                        pod(1).set("0 SECONDARY down", "1 SECONDARY", "2 SECONDARY down"),
                        "wait NO_PRIMARY"),
                arguments(
                        "the primary's health was lost: it counts as not visible",
                        pod(1).set("0 PRIMARY down", "1 SECONDARY", "2 SECONDARY"),
                        "wait NO_PRIMARY"),
                arguments(
                        "the root user is missing",
                        pod(0).set("0 PRIMARY").rootUser(RootUser.MISSING),
                        "act ROOT_USER create_root_user"),
                arguments(
                        "its password changed in the file",
                        pod(0).set("0 PRIMARY").rootUser(RootUser.PASSWORD_DIFFERS),
                        "act ROOT_USER update_root_password"),
                arguments(
                        "a user of that name is somebody else's",
                        pod(0).set("0 PRIMARY").rootUser(RootUser.ANOTHERS),
                        "wait ROOT_USER_TAKEN"),
                arguments(
                        "which holds up nobody",
                        pod(0).set("0 PRIMARY").peer(1, World.empty()).rootUser(RootUser.ANOTHERS),
                        "act JOIN add mongo-1"),
                arguments(
                        "a secondary's sidecar leaves the root user alone",
                        pod(1).set("0 PRIMARY", "1 SECONDARY").rootUser(RootUser.MISSING),
                        "settled FOLLOWING"));
    }

    static Stream<Arguments> kubernetesAway() {
        SetRecord unread = new SetRecord.Unavailable("away");
        return Stream.of(
                arguments(
                        "an empty first ordinal makes nothing: it is not known who else there is",
                        pod(0).kubernetesAway().record(unread),
                        "wait KUBERNETES_UNAVAILABLE"),
                arguments(
                        "not even where the record could be read",
                        pod(0).kubernetesAway().record(new SetRecord.Intended("this-pod", true, Duration.ZERO)),
                        "wait KUBERNETES_UNAVAILABLE"),
                arguments(
                        "a secondary goes on",
                        pod(1).kubernetesAway().record(unread).set("0 PRIMARY", "1 SECONDARY"),
                        "settled FOLLOWING"),
                arguments(
                        "a primary goes on, and says that nobody joins or leaves",
                        pod(0).kubernetesAway().record(unread).set("0 PRIMARY", "1 SECONDARY"),
                        "wait KUBERNETES_UNAVAILABLE"));
    }
}
