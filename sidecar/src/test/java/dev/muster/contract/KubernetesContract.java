package dev.muster.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.kube.Kubernetes;
import dev.muster.kube.Kubernetes.Existence;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.SetRecord;
import dev.muster.plan.Outcome;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the port {@link Kubernetes} promises, but for the record. */
public abstract class KubernetesContract {
    /** As long as one request may take, and what a machine that is busy adds. */
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(5);

    private ContractCluster cluster;

    /** A cluster as {@link ContractCluster} says; closed after each test. */
    protected abstract ContractCluster open() throws Exception;

    @BeforeEach
    void openCluster() throws Exception {
        cluster = open();
    }

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    private static KubernetesFacts.Known known(KubernetesFacts facts) {
        assertThat(facts).isInstanceOf(KubernetesFacts.Known.class);
        return (KubernetesFacts.Known) facts;
    }

    private Kubernetes informed() {
        Kubernetes kubernetes = cluster.sidecar();
        cluster.await("known", () -> kubernetes.facts(Set.of()) instanceof KubernetesFacts.Known);
        return kubernetes;
    }

    @Test
    @DisplayName("what the StatefulSet asks for is followed by a watch, and pods are looked at when asked")
    void factsAreFollowed() {
        Kubernetes kubernetes = informed();
        assertThat(known(kubernetes.facts(Set.of())).replicas()).isEqualTo(3);
        assertThat(known(kubernetes.facts(Set.of(0, 7))).pods().keySet()).containsExactly(0);
        int before = cluster.changes();

        cluster.scale(5);

        cluster.await("five", () -> known(kubernetes.facts(Set.of())).replicas() == 5);
        assertThat(cluster.changes()).isGreaterThan(before);
        assertThat(known(kubernetes.factsNow()).replicas()).isEqualTo(5);
        assertThat(known(kubernetes.factsNow()).firstOrdinal()).isZero();
    }

    @Test
    @DisplayName("what is read now needs no watch")
    void factsNowAreOfNow() {
        Kubernetes kubernetes = cluster.sidecar();
        cluster.scale(4);
        assertThat(known(kubernetes.factsNow()).replicas()).isEqualTo(4);
    }

    @Test
    @DisplayName("a StatefulSet that does not exist says nothing of who is expected")
    void noStatefulSet() {
        Kubernetes kubernetes = informed();
        KubernetesFacts none = new KubernetesFacts.Unavailable("there is no StatefulSet mongo. If mongo-0 is not the "
                + "name of this pod, set --pod-name: with hostNetwork, HOSTNAME is the name of the node");

        cluster.removeStatefulSet();

        cluster.await("none", () -> kubernetes.facts(Set.of()).equals(none));
        assertThat(kubernetes.factsNow()).isEqualTo(none);
        assertThat(kubernetes.existence(4))
                .as("which claims it would have is not known")
                .isEqualTo(Existence.UNKNOWN);
        assertThat(cluster.podExists(0)).isTrue();
    }

    @Test
    @DisplayName("only an ordinal without pod and without claim is gone")
    void existence() {
        Kubernetes kubernetes = informed();
        cluster.await("pod and claim", () -> kubernetes.existence(1) == Existence.AT_LEAST_ONE);
        assertThat(kubernetes.existence(4)).isEqualTo(Existence.NEITHER);

        cluster.scale(1);
        cluster.await("pod mongo-1 is gone", () -> !cluster.podExists(1));

        assertThat(kubernetes.existence(1)).as("its claim is kept").isEqualTo(Existence.AT_LEAST_ONE);
        assertThat(kubernetes.existence(9))
                .as("a right that the Role does not give")
                .isEqualTo(Existence.UNKNOWN);
    }

    @Test
    @DisplayName("a pod that is being deleted is told from one that stays")
    void ownPod() {
        Kubernetes kubernetes = informed();
        assertThat(kubernetes.ownPod()).isEqualTo(new Kubernetes.Staying());

        cluster.deleteLastingly();

        cluster.await("leaving", () -> kubernetes.ownPod() instanceof Kubernetes.Leaving);
        assertThat(known(kubernetes.facts(Set.of(0))).endOf(0)).isPresent();
        assertThat(known(kubernetes.facts(Set.of(0, 1))).endOf(1)).isEmpty();
    }

    @Test
    @DisplayName("a pod says that its mongod has not been started, until it is about to be")
    void held() {
        Kubernetes kubernetes = informed();
        assertThat(known(kubernetes.facts(Set.of(0))).heldPod(0)).isEmpty();

        assertThat(kubernetes.tellHeld()).isEqualTo(new Outcome.Done());
        assertThat(known(kubernetes.facts(Set.of(0, 1))).heldPod(0)).isPresent();
        assertThat(known(kubernetes.facts(Set.of(0, 1))).heldPod(1)).isEmpty();
        assertThat(kubernetes.tellHeld()).as("again").isEqualTo(new Outcome.Done());

        assertThat(kubernetes.tellStarted()).isEqualTo(new Outcome.Done());
        assertThat(known(kubernetes.facts(Set.of(0))).heldPod(0)).isEmpty();

        assertThat(kubernetes.tellHeld()).as("it was not started after all").isEqualTo(new Outcome.Done());
        assertThat(known(kubernetes.facts(Set.of(0))).heldPod(0)).isPresent();
        assertThat(kubernetes.tellStarted()).isEqualTo(new Outcome.Done());
        assertThat(known(kubernetes.facts(Set.of(0))).heldPod(0)).isEmpty();
    }

    /** A request with a version from before arrives too late then: see {@link Kubernetes#tellHeld}. */
    @Test
    @DisplayName("each time that a mongod is about to be started changes the version of its pod")
    void startedAgain() {
        Kubernetes kubernetes = informed();
        assertThat(kubernetes.tellStarted()).isEqualTo(new Outcome.Done());
        String before = cluster.podVersion();
        assertThat(kubernetes.tellStarted()).isEqualTo(new Outcome.Done());
        assertThat(cluster.podVersion()).isNotEqualTo(before);
    }

    @Test
    @DisplayName("S5: who only has the name of the pod can say and write nothing as that pod")
    void anotherPodOfThisName() {
        cluster.moveAway();
        Kubernetes kubernetes = informed();

        assertThat(kubernetes.ownPod()).isInstanceOf(Kubernetes.NotKnown.class);
        assertThat(kubernetes.label("primary")).isInstanceOf(Outcome.Failed.class);
        assertThat(kubernetes.tellHeld()).isInstanceOf(Outcome.Failed.class);
        assertThat(kubernetes.tellStarted()).isInstanceOf(Outcome.Failed.class);
        assertThat(kubernetes.publishPrimary(RecordContract.ID, 1))
                .matches(publication -> publication.outcome() instanceof Outcome.Failed, "failed")
                .matches(publication -> !publication.isLeftToNewer(), "for another reason");
        assertThat(kubernetes.recordIntended(new SetRecord.Absent())).isInstanceOf(Outcome.Failed.class);
        assertThat(kubernetes.recordNow()).isEqualTo(new SetRecord.Absent());
    }

    @Test
    @DisplayName("S5: a process whose pod was replaced is not taken for the new one, nor writes to it")
    void aPodThatWasReplaced() {
        Kubernetes old = informed();
        assertThat(old.ownPod()).isEqualTo(new Kubernetes.Staying());

        cluster.replacePod();

        Kubernetes replacement = informed();
        assertThat(replacement.label("secondary")).isEqualTo(new Outcome.Done());
        assertThat(old.ownPod()).isInstanceOf(Kubernetes.NotKnown.class);
        assertThat(old.label("primary")).isInstanceOf(Outcome.Failed.class);
        assertThat(cluster.roleLabel()).isEqualTo("secondary");
    }

    @Test
    @DisplayName("the role stands on the pod, and an Event tells people")
    void labelAndEvent() {
        Kubernetes kubernetes = cluster.sidecar();

        assertThat(kubernetes.label("primary")).isEqualTo(new Outcome.Done());
        assertThat(cluster.roleLabel()).isEqualTo("primary");
        assertThat(kubernetes.label("secondary")).isEqualTo(new Outcome.Done());
        assertThat(cluster.roleLabel()).isEqualTo("secondary");
        assertThat(kubernetes.event(true, "PeersUnknown", "waits for mongo-1")).isEqualTo(new Outcome.Done());
        assertThat(cluster.podsOfEvents("PeersUnknown")).containsExactly(cluster.podUid());
    }

    @Test
    @DisplayName("S43: an older election never takes the primary's Service from a newer one")
    void theTermDecides() {
        Kubernetes kubernetes = informed();

        assertThat(kubernetes.withdrawPrimary()).as("nobody is there").isEqualTo(new Outcome.Done());
        assertThat(kubernetes.publishPrimary(RecordContract.ID, 5).outcome()).isEqualTo(new Outcome.Done());
        assertThat(cluster.primaryAddresses()).hasSize(1);
        assertThat(kubernetes.publishPrimary(RecordContract.ID, 5).outcome())
                .as("once more")
                .isEqualTo(new Outcome.Done());
        assertThat(kubernetes.publishPrimary(RecordContract.ID, 4).isLeftToNewer())
                .isTrue();
        assertThat(kubernetes.withdrawPrimary()).isEqualTo(new Outcome.Done());
        assertThat(cluster.primaryAddresses()).isEmpty();
        assertThat(kubernetes.publishPrimary(RecordContract.ID, 4).isLeftToNewer())
                .isTrue();
        assertThat(cluster.primaryAddresses()).isEmpty();
        assertThat(kubernetes.publishPrimary(RecordContract.ID, 6).outcome()).isEqualTo(new Outcome.Done());
        assertThat(cluster.primaryAddresses()).hasSize(1);
    }

    @Test
    @DisplayName("S15: a primary of an earlier term, after a restore, takes the Service over when its endpoint is gone")
    void anAbandonedServiceIsTakenOver() {
        Kubernetes old = informed();
        assertThat(old.publishPrimary(RecordContract.ID, 5).outcome()).isEqualTo(new Outcome.Done());
        cluster.replacePod();
        Kubernetes replacement = informed();
        assertThat(replacement.publishPrimary(RecordContract.ID, 2).isLeftToNewer())
                .isTrue();
        assertThat(replacement.takeOverPrimary(RecordContract.ID, 2))
                .as("its pod is gone")
                .isEqualTo(new Outcome.Done());
        assertThat(cluster.primaryAddresses()).hasSize(1);
        assertThat(replacement.publishPrimary(RecordContract.ID, 2).outcome())
                .as("it has the Service now")
                .isEqualTo(new Outcome.Done());

        assertThat(replacement.withdrawPrimary()).isEqualTo(new Outcome.Done());
        assertThat(replacement.publishPrimary(RecordContract.ID, 1).isLeftToNewer())
                .isTrue();
        assertThat(replacement.takeOverPrimary(RecordContract.ID, 1))
                .as("it has no endpoint")
                .isEqualTo(new Outcome.Done());
        assertThat(cluster.primaryAddresses()).hasSize(1);
    }

    @Test
    @DisplayName("the terms of a set that was given up do not keep the new one's primary from its Service")
    void aNewSetBeginsToCountAnew() {
        Kubernetes kubernetes = informed();

        assertThat(kubernetes.publishPrimary(RecordContract.ID, 5).outcome()).isEqualTo(new Outcome.Done());
        assertThat(kubernetes.publishPrimary("66000000000000000000ffff", 1).outcome())
                .isEqualTo(new Outcome.Done());
        assertThat(cluster.primaryAddresses()).hasSize(1);
    }

    @Test
    @DisplayName("S43: a pod takes only itself from behind the primary's Service")
    void onlyItselfIsWithdrawn() {
        Kubernetes old = informed();
        assertThat(old.publishPrimary(RecordContract.ID, 5).outcome()).isEqualTo(new Outcome.Done());
        cluster.replacePod();
        Kubernetes replacement = informed();
        assertThat(replacement.withdrawPrimary()).isEqualTo(new Outcome.Done());
        assertThat(cluster.primaryAddresses()).as("the old one is not it").hasSize(1);

        assertThat(replacement.publishPrimary(RecordContract.ID, 6).outcome()).isEqualTo(new Outcome.Done());
        assertThat(old.withdrawPrimary()).isEqualTo(new Outcome.Done());
        assertThat(cluster.primaryAddresses()).as("nor is the new one").hasSize(1);
    }

    @Test
    @DisplayName("rights that are missing are values with their reason")
    void withoutRights() {
        Kubernetes kubernetes = cluster.sidecarWithoutRights();

        cluster.await(
                "forbidden",
                () -> kubernetes.facts(Set.of()) instanceof KubernetesFacts.Unavailable facts
                        && facts.message().contains("forbidden")
                        && kubernetes.record() instanceof SetRecord.Unavailable record
                        && record.message().contains("forbidden"));
        assertThat(kubernetes.recordFormed(new SetRecord.Absent(), RecordContract.ID))
                .isInstanceOf(Outcome.Failed.class);
        assertThat(kubernetes.ownPod()).isInstanceOf(Kubernetes.NotKnown.class);
        assertThat(kubernetes.existence(0)).isEqualTo(Existence.UNKNOWN);
        assertThat(kubernetes.publishPrimary(RecordContract.ID, 1))
                .matches(publication -> publication.outcome() instanceof Outcome.Failed, "failed")
                .matches(publication -> !publication.isLeftToNewer(), "for another reason");
        assertThat(kubernetes.event(false, "Test", "a test")).isInstanceOf(Outcome.Failed.class);
    }

    @Test
    @DisplayName("an API server that refuses connections is a value with its reason")
    void away() {
        Kubernetes kubernetes = cluster.sidecarOfNobody();
        cluster.await(
                "away",
                () -> kubernetes.facts(Set.of()) instanceof KubernetesFacts.Unavailable facts
                        && facts.message().contains("does not answer"));
        assertNothingIsKnown(kubernetes);
    }

    @Test
    @DisplayName("an API server that is silent is a value with its reason, each time within the limit")
    void silent() {
        Kubernetes kubernetes = cluster.sidecarOfTheSilent();
        cluster.await(
                "silent",
                () -> kubernetes.facts(Set.of()) instanceof KubernetesFacts.Unavailable facts
                        && facts.message().contains("did not answer within 3 s"));
        assertNothingIsKnown(kubernetes);
    }

    private void assertNothingIsKnown(Kubernetes kubernetes) {
        assertThat(kubernetes.record()).isInstanceOf(SetRecord.Unavailable.class);
        assertThat(kubernetes.existence(0)).isEqualTo(Existence.UNKNOWN);
        withinTheLimit(() -> assertThat(kubernetes.recordNow()).isInstanceOf(SetRecord.Unavailable.class));
        withinTheLimit(() -> assertThat(kubernetes.factsNow()).isInstanceOf(KubernetesFacts.Unavailable.class));
        withinTheLimit(() -> assertThat(kubernetes.ownPod()).isInstanceOf(Kubernetes.NotKnown.class));
        withinTheLimit(() ->
                assertThat(kubernetes.recordIntended(new SetRecord.Absent())).isInstanceOf(Outcome.Failed.class));
    }

    private void withinTheLimit(Supplier<?> call) {
        Duration before = cluster.elapsed();
        Object _ = call.get();
        assertThat(cluster.elapsed().minus(before)).isLessThan(REQUEST_LIMIT);
    }
}
