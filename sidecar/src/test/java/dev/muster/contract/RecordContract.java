package dev.muster.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.kube.Kubernetes;
import dev.muster.model.Approval;
import dev.muster.model.HostAddress;
import dev.muster.model.SetRecord;
import dev.muster.plan.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the port {@link Kubernetes} promises of the record, on which it rests that a set is made once. */
public abstract class RecordContract {
    static final String ID = "66000000000000000000aaaa";
    private static final String OTHER_ID = "66000000000000000000ffff";
    private static final SetRecord ABSENT = new SetRecord.Absent();
    private static final SetRecord FORMED = new SetRecord.Formed(ID);
    private static final Outcome DONE = new Outcome.Done();
    private static final Instant GIVEN_AT = Instant.parse("2026-01-01T00:00:00Z");

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

    /** The intent of the pod of ordinal 0, as that pod reads it. */
    private SetRecord ours() {
        return new SetRecord.Intended(cluster.podUid(), Set.of(0), true, Duration.ZERO);
    }

    /** The intent of a pod of that uid, as another one reads it. */
    private static SetRecord anothers(String uid) {
        return new SetRecord.Intended(uid, Set.of(0), false, Duration.ZERO);
    }

    private static Approval force(long configVersion, Instant givenAt) {
        List<HostAddress> down =
                List.of(HostAddress.parse("mongo-0.mongo:27017"), HostAddress.parse("[2001:db8::1]:27017"));
        return new Approval.ForceReconfig(new Approval.Incident(ID, configVersion, 3, 2, down), givenAt);
    }

    private void seen(Kubernetes kubernetes, SetRecord expected) {
        cluster.await("seen: " + expected, () -> kubernetes.record().isStill(expected));
    }

    private void seenIntended(Kubernetes kubernetes, boolean byUs) {
        cluster.await(
                "seen: intended", () -> kubernetes.record() instanceof SetRecord.Intended seen && seen.byUs() == byUs);
    }

    @Test
    @DisplayName("the record goes from absent to intended to formed, each once")
    void itsLife() {
        Kubernetes kubernetes = cluster.sidecar();
        seen(kubernetes, ABSENT);
        assertThat(kubernetes.recordNow()).isEqualTo(ABSENT);

        assertThat(kubernetes.recordIntended(ABSENT)).isEqualTo(DONE);
        assertThat(kubernetes.recordIntended(ABSENT)).isInstanceOf(Outcome.Stale.class);
        assertThat(kubernetes.recordNow()).isEqualTo(ours());
        seenIntended(kubernetes, true);

        assertThat(kubernetes.recordFormed(ours(), ID)).isEqualTo(DONE);
        assertThat(kubernetes.recordFormed(ours(), ID)).isInstanceOf(Outcome.Stale.class);
        seen(kubernetes, new SetRecord.Formed(ID));
    }

    @Test
    @DisplayName("a record that is formed gives way to no intent but one that has seen it, and to no other id")
    void formedStays() {
        Kubernetes kubernetes = cluster.sidecar();
        assertThat(kubernetes.recordFormed(ABSENT, ID))
                .as("a set that exists is adopted")
                .isEqualTo(DONE);

        for (SetRecord before : List.of(ABSENT, ours(), anothers("another"), new SetRecord.Formed(OTHER_ID))) {
            assertThat(kubernetes.recordIntended(before)).as("%s", before).isInstanceOf(Outcome.Stale.class);
        }
        assertThat(kubernetes.recordFormed(new SetRecord.Formed(ID), OTHER_ID)).isInstanceOf(Outcome.Stale.class);
        assertThat(kubernetes.recordNow()).isEqualTo(new SetRecord.Formed(ID));

        assertThat(kubernetes.recordIntended(new SetRecord.Formed(ID))).isEqualTo(DONE);
        assertThat(kubernetes.recordNow()).isEqualTo(ours());
    }

    @Test
    @DisplayName("an intent upon an approval is stale once the approval is gone")
    void anIntentRestsOnItsApproval() {
        Kubernetes kubernetes = cluster.sidecar();
        assertThat(kubernetes.recordFormed(ABSENT, ID)).isEqualTo(DONE);
        Approval approval = new Approval.NewSet(ID, GIVEN_AT);
        assertThat(kubernetes.recordApproval(FORMED, approval)).isEqualTo(DONE);
        assertThat(kubernetes.useUp(approval)).isEqualTo(DONE);

        assertThat(kubernetes.recordIntended(new SetRecord.Formed(ID, approval)))
                .isInstanceOf(Outcome.Stale.class);
        assertThat(kubernetes.recordNow()).isEqualTo(new SetRecord.Formed(ID));
    }

    @Test
    @DisplayName("S5: of many that write their intent at once, one succeeds")
    void oneIntent() {
        assertOneOf(4, ABSENT);
        assertThat(cluster.sidecar().recordNow()).isEqualTo(ours());
    }

    @Test
    @DisplayName("S5: of many that take over an old intent at once, one succeeds")
    void oneTakesOver() {
        assertThat(cluster.sidecar().recordIntended(ABSENT)).isEqualTo(DONE);
        String before = cluster.podUid();
        cluster.replacePod();
        assertOneOf(4, anothers(before));
    }

    private void assertOneOf(int count, SetRecord before) {
        List<Kubernetes> sidecars =
                Stream.generate(cluster::sidecar).limit(count).toList();
        List<Supplier<Outcome>> writes = sidecars.stream()
                .<Supplier<Outcome>>map(sidecar -> () -> sidecar.recordIntended(before))
                .toList();

        List<Outcome> outcomes = cluster.atOnce(writes);

        assertThat(outcomes).filteredOn(Outcome.Done.class::isInstance).hasSize(1);
        assertThat(outcomes).filteredOn(Outcome.Stale.class::isInstance).hasSize(count - 1);
    }

    @Test
    @DisplayName("of an intent and the id of a set that exists, written at once, the id is what remains")
    void formedWinsOverAnIntent() {
        Kubernetes one = cluster.sidecar();
        Kubernetes other = cluster.sidecar();
        List<Outcome> outcomes =
                cluster.atOnce(List.of(() -> one.recordIntended(ABSENT), () -> other.recordFormed(ABSENT, ID)));

        // Whoever lost is told so and decides anew; what was formed is not lost in any case.
        assertThat(outcomes).contains(DONE);
        if (outcomes.getLast() instanceof Outcome.Stale) {
            assertThat(other.recordFormed(other.recordNow(), ID)).isEqualTo(DONE);
        }
        assertThat(one.recordNow()).isEqualTo(new SetRecord.Formed(ID));
        assertThat(one.recordIntended(ours())).isInstanceOf(Outcome.Stale.class);
    }

    @Test
    @DisplayName("S5: the intent of a pod that was replaced is another's, and is taken over only as such")
    void anIntentIsTakenOver() {
        Kubernetes old = cluster.sidecar();
        assertThat(old.recordIntended(ABSENT)).isEqualTo(DONE);
        SetRecord before = anothers(cluster.podUid());
        SetRecord itsOwn = ours();
        cluster.replacePod();
        Kubernetes replacement = cluster.sidecar();
        seenIntended(replacement, false);

        assertThat(replacement.recordIntended(anothers("a-third"))).isInstanceOf(Outcome.Stale.class);
        assertThat(replacement.recordIntended(ABSENT)).isInstanceOf(Outcome.Stale.class);
        assertThat(replacement.recordIntended(before)).isEqualTo(DONE);

        assertThat(replacement.recordNow()).isEqualTo(ours());
        assertThat(old.recordNow()).isEqualTo(anothers(cluster.podUid()));
        assertThat(old.recordIntended(itsOwn)).as("it was ours").isInstanceOf(Outcome.Failed.class);
        seenIntended(old, false);
    }

    @Test
    @DisplayName("S5: a pod that was replaced takes no intent over, nor records the set that it initiated")
    void aPodThatWasReplacedRecordsNothing() {
        Kubernetes old = cluster.sidecar();
        assertThat(old.recordIntended(ABSENT)).isEqualTo(DONE);
        SetRecord itsOwn = ours();
        cluster.replacePod();
        Kubernetes replacement = cluster.sidecar();

        assertThat(old.recordFormed(itsOwn, ID)).isInstanceOf(Outcome.Failed.class);
        assertThat(replacement.recordIntended(replacement.recordNow())).isEqualTo(DONE);
        assertThat(old.recordIntended(old.recordNow())).isInstanceOf(Outcome.Failed.class);
        assertThat(old.recordFormed(old.recordNow(), ID)).isInstanceOf(Outcome.Failed.class);
        assertThat(replacement.recordFormed(itsOwn, ID))
                .as("it was not the intent that was seen")
                .isInstanceOf(Outcome.Stale.class);
        assertThat(replacement.recordFormed(ours(), ID)).isEqualTo(DONE);
    }

    @Test
    @DisplayName("how long an intent has lasted begins when it is seen, and again with each change")
    void anIntentLasts() {
        Kubernetes kubernetes = cluster.sidecar();
        assertThat(kubernetes.recordIntended(ABSENT)).isEqualTo(DONE);
        cluster.await("a second", () -> lasting(kubernetes) >= 1000);
        SetRecord before = anothers(cluster.podUid());
        cluster.replacePod();

        assertThat(cluster.sidecar().recordIntended(before)).isEqualTo(DONE);

        cluster.await("begins again", () -> lasting(kubernetes) < 900);
        Kubernetes late = cluster.sidecar();
        seenIntended(late, true);
        assertThat(lasting(late)).isLessThanOrEqualTo(lasting(kubernetes) + 500);
    }

    private static long lasting(Kubernetes kubernetes) {
        return switch (kubernetes.record()) {
            case SetRecord.Intended seen -> seen.lasting().toMillis();
            case SetRecord.Formed seen -> seen.lasting().toMillis();
            case SetRecord other -> -1;
        };
    }

    @Test
    @DisplayName("what one writes, the watches of the others see, in the end")
    void othersSeeIt() {
        Kubernetes writer = cluster.sidecar();
        Kubernetes other = cluster.sidecar();
        seen(other, ABSENT);
        int before = cluster.changes();

        assertThat(writer.recordFormed(ABSENT, ID)).isEqualTo(DONE);

        seen(other, new SetRecord.Formed(ID));
        assertThat(cluster.changes()).isGreaterThan(before);
        Approval approval = new Approval.NewSet(ID, GIVEN_AT);
        assertThat(writer.recordApproval(FORMED, approval)).isEqualTo(DONE);
        seen(other, new SetRecord.Formed(ID, approval));
    }

    @Test
    @DisplayName("a record that a person deletes is absent: an intent that rests on it is stale, an id is written anew")
    void itIsDeleted() {
        Kubernetes kubernetes = cluster.sidecar();
        assertThat(kubernetes.recordIntended(ABSENT)).isEqualTo(DONE);
        seenIntended(kubernetes, true);

        cluster.removeRecord();

        seen(kubernetes, ABSENT);
        assertThat(kubernetes.recordNow()).isEqualTo(ABSENT);
        assertThat(kubernetes.recordIntended(ours())).isInstanceOf(Outcome.Stale.class);
        assertThat(kubernetes.useUp(new Approval.NewSet(ID, GIVEN_AT))).isInstanceOf(Outcome.Stale.class);
        assertThat(kubernetes.recordFormed(ABSENT, ID)).isEqualTo(DONE);
        assertThat(kubernetes.recordNow()).isEqualTo(new SetRecord.Formed(ID));
    }

    @Test
    @DisplayName("an approval is for the recorded set, and can be used up once")
    void approvals() {
        Kubernetes kubernetes = cluster.sidecar();
        Approval approval = force(7, GIVEN_AT);
        assertThat(kubernetes.recordApproval(FORMED, approval))
                .as("there is no record")
                .isInstanceOf(Outcome.Stale.class);
        assertThat(kubernetes.recordFormed(ABSENT, ID)).isEqualTo(DONE);

        assertThat(kubernetes.recordApproval(new SetRecord.Formed(OTHER_ID), approval))
                .isInstanceOf(Outcome.Stale.class);
        assertThat(kubernetes.useUp(approval)).as("nobody approved it yet").isInstanceOf(Outcome.Stale.class);
        assertThat(kubernetes.recordApproval(FORMED, approval)).isEqualTo(DONE);
        assertThat(kubernetes.recordNow()).isEqualTo(new SetRecord.Formed(ID, approval));
        assertThat(kubernetes.useUp(force(8, GIVEN_AT))).isInstanceOf(Outcome.Stale.class);
        assertThat(kubernetes.useUp(force(7, GIVEN_AT.plusSeconds(1))))
                .as("it was withdrawn and given again")
                .isInstanceOf(Outcome.Stale.class);
        assertThat(kubernetes.useUp(approval)).isEqualTo(DONE);
        assertThat(kubernetes.useUp(approval)).isInstanceOf(Outcome.Stale.class);
        assertThat(kubernetes.recordNow()).isEqualTo(new SetRecord.Formed(ID));
    }

    @Test
    @DisplayName("a seed is approved where there is no record; its pod's intent keeps it, and a set ends it")
    void aSeedIsApprovedBeforeThereIsASet() {
        Kubernetes kubernetes = cluster.sidecar();
        Approval approval = new Approval.Seed(0, Optional.empty(), GIVEN_AT);
        assertThat(kubernetes.recordApproval(ABSENT, approval)).isEqualTo(DONE);
        SetRecord approved = new SetRecord.Absent(approval, Duration.ZERO);
        assertThat(kubernetes.recordNow()).isEqualTo(approved);
        assertThat(kubernetes.recordApproval(ABSENT, approval))
                .as("it is there")
                .isInstanceOf(Outcome.Stale.class);
        assertThat(kubernetes.recordIntended(ABSENT))
                .as("the one who saw no approval does not make an empty set")
                .isInstanceOf(Outcome.Stale.class);

        assertThat(kubernetes.recordIntended(approved)).isEqualTo(DONE);
        SetRecord intended = kubernetes.recordNow();
        assertThat(intended).isInstanceOf(SetRecord.Intended.class);
        assertThat(intended.approval()).isEqualTo(approval);

        assertThat(kubernetes.recordFormed(intended, ID)).isEqualTo(DONE);
        assertThat(kubernetes.recordNow()).isEqualTo(FORMED);
    }

    @Test
    @DisplayName("a seed that replaces a recorded set says which; one of another ordinal is not kept by an intent")
    void aSeedReplacesTheRecordedSet() {
        Kubernetes kubernetes = cluster.sidecar();
        assertThat(kubernetes.recordFormed(ABSENT, ID)).isEqualTo(DONE);
        Approval approval = new Approval.Seed(1, Optional.of(ID), GIVEN_AT);
        assertThat(kubernetes.recordApproval(FORMED, approval)).isEqualTo(DONE);
        SetRecord approved = new SetRecord.Formed(ID, approval);
        assertThat(kubernetes.recordNow()).isEqualTo(approved);

        assertThat(kubernetes.recordIntended(approved)).isEqualTo(DONE);
        assertThat(kubernetes.recordNow()).isEqualTo(ours());
    }

    @Test
    @DisplayName("a seed that is withdrawn leaves a record that names no set")
    void aSeedIsWithdrawn() {
        Kubernetes kubernetes = cluster.sidecar();
        Approval approval = new Approval.Seed(0, Optional.empty(), GIVEN_AT);
        assertThat(kubernetes.recordApproval(ABSENT, approval)).isEqualTo(DONE);
        assertThat(kubernetes.useUp(approval)).isEqualTo(DONE);
        assertThat(kubernetes.useUp(approval)).isInstanceOf(Outcome.Stale.class);
        assertThat(kubernetes.recordNow()).isEqualTo(ABSENT);
        assertThat(kubernetes.recordIntended(ABSENT)).isEqualTo(DONE);
        assertThat(kubernetes.recordNow()).isEqualTo(ours());
    }

    @Test
    @DisplayName("new names for a set stay approved when its new id is recorded, which may replace the former one")
    void aSetGetsNewNames() {
        Kubernetes kubernetes = cluster.sidecar();
        assertThat(kubernetes.recordFormed(ABSENT, ID)).isEqualTo(DONE);
        String newId = "66000000000000000000abcd";
        Approval approval = new Approval.RenameSet(1, ID, 7, "db-*.db.prod.svc.cluster.local", newId, GIVEN_AT);
        assertThat(kubernetes.recordApproval(FORMED, approval)).isEqualTo(DONE);
        SetRecord approved = new SetRecord.Formed(ID, approval);
        assertThat(kubernetes.recordNow()).isEqualTo(approved);

        assertThat(kubernetes.recordFormed(approved, "66000000000000000000eeee"))
                .as("an id that nobody approved")
                .isInstanceOf(Outcome.Stale.class);
        assertThat(kubernetes.recordFormed(approved, newId)).isEqualTo(DONE);
        assertThat(kubernetes.recordNow()).isEqualTo(new SetRecord.Formed(newId, approval));
        assertThat(kubernetes.useUp(approval)).isEqualTo(DONE);
        assertThat(kubernetes.recordNow()).isEqualTo(new SetRecord.Formed(newId));
    }

    @Test
    @DisplayName("how long an approval has been in the record begins when it is seen")
    void anApprovalLasts() {
        Kubernetes kubernetes = cluster.sidecar();
        assertThat(kubernetes.recordFormed(ABSENT, ID)).isEqualTo(DONE);
        seen(kubernetes, new SetRecord.Formed(ID));
        cluster.await("a second", () -> lasting(kubernetes) >= 1000);

        Approval approval = new Approval.NewSet(ID, GIVEN_AT);
        assertThat(kubernetes.recordApproval(FORMED, approval)).isEqualTo(DONE);

        seen(kubernetes, new SetRecord.Formed(ID, approval));
        assertThat(lasting(kubernetes)).isLessThan(900);
        cluster.await("a second", () -> lasting(kubernetes) >= 1000);
    }

    @Test
    @DisplayName("of two that use an approval up at once, one succeeds")
    void oneUsesItUp() {
        Kubernetes one = cluster.sidecar();
        Kubernetes other = cluster.sidecar();
        Approval approval = new Approval.NewSet(ID, GIVEN_AT);
        assertThat(one.recordFormed(ABSENT, ID)).isEqualTo(DONE);
        assertThat(one.recordApproval(FORMED, approval)).isEqualTo(DONE);

        List<Outcome> outcomes = cluster.atOnce(List.of(() -> one.useUp(approval), () -> other.useUp(approval)));

        assertThat(outcomes).filteredOn(Outcome.Done.class::isInstance).hasSize(1);
        assertThat(outcomes).filteredOn(Outcome.Stale.class::isInstance).hasSize(1);
    }
}
