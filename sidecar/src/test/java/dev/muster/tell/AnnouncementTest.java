package dev.muster.tell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.kube.Kubernetes;
import dev.muster.model.Approval;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import dev.muster.plan.Decision;
import dev.muster.plan.Outcome;
import dev.muster.plan.Reason;
import dev.muster.plan.Step;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** When Kubernetes is told, and told again. */
class AnnouncementTest {
    private static final Outcome FORBIDDEN = new Outcome.Failed(403, "forbidden");

    private final List<String> writes = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private Outcome answer = new Outcome.Done();
    private Outcome toPublish = new Outcome.Done();
    private Outcome toTakeOver = new Outcome.Done();
    private boolean leftToNewer = true;
    private Duration now = Duration.ZERO;
    private Duration untilAnswered = Duration.ZERO;
    private Duration untilTold = Duration.ZERO;
    private Duration clockError = Duration.ZERO;
    private final Announcement announcement =
            new Announcement(answering(), () -> CycleReports.NOW.plus(now).plus(clockError), () -> now.toNanos());

    /** Notes every write and every Event; no other method is asked. */
    private Kubernetes answering() {
        return (Kubernetes) Proxy.newProxyInstance(
                Kubernetes.class.getClassLoader(), new Class<?>[] {Kubernetes.class}, (_, method, arguments) -> {
                    if (method.getName().equals("event")) {
                        now = now.plus(untilTold);
                        events.add("%s %s: %s"
                                .formatted(
                                        arguments[0].equals(true) ? "warning" : "normal", arguments[1], arguments[2]));
                        return answer;
                    }
                    writes.add(
                            arguments == null
                                    ? method.getName()
                                    : method.getName() + " " + arguments[arguments.length - 1]);
                    return switch (method.getName()) {
                        case "publishPrimary" -> {
                            now = now.plus(untilAnswered);
                            Outcome outcome = toPublish instanceof Outcome.Done ? answer : toPublish;
                            yield new Kubernetes.Publication(outcome, outcome instanceof Outcome.Stale && leftToNewer);
                        }
                        case "takeOverPrimary" -> toTakeOver;
                        default -> answer;
                    };
                });
    }

    private Duration tell(CycleReport state, Duration at) {
        now = at;
        return announcement.tell(state);
    }

    @Test
    void aRoleIsToldOnceAndAgainAfterAMinute() {
        assertThat(tell(CycleReports.healthy(), Duration.ZERO)).isEqualTo(Duration.ofSeconds(60));
        assertThat(writes).containsExactly("publishPrimary 2", "label primary");
        assertThat(tell(CycleReports.healthy(), Duration.ofSeconds(59))).isEqualTo(Duration.ofSeconds(1));
        assertThat(writes).hasSize(2);
        tell(CycleReports.healthy(), Duration.ofSeconds(60));
        assertThat(writes).hasSize(4);
    }

    private static CycleReport.Change change(int second, Decision decision) {
        return new CycleReport.Change(CycleReports.NOW.plusSeconds(second), decision, Optional.empty());
    }

    /** A cycle takes some milliseconds, a call of the API server can take seconds. */
    @Test
    void whatBecameOfAnApprovalIsToldThoughTheNextDecisionWasMadeMeanwhile() {
        Decision forced = new Decision.Act(
                new Step.ForceReconfigure(List.of(), 7), Reason.FORCE_APPROVED, "takes away the votes by force");
        Decision added = new Decision.Act(new Step.RecordFormed("a"), Reason.RECORD_SET, "adopts the set");
        Decision expired = new Decision.Act(
                new Step.WithdrawApproval(new Approval.None()), Reason.APPROVAL_EXPIRED, "removes the approval");
        Decision follows = new Decision.Settled(Reason.FOLLOWING, "healthy SECONDARY");
        List<CycleReport.Change> history =
                List.of(change(4, follows), change(3, expired), change(2, added), change(1, forced));
        CycleReport report = CycleReports.withHistory(CycleReports.healthy(), history);

        tell(report, Duration.ZERO);
        tell(report, Duration.ofSeconds(1));

        assertThat(events)
                .containsExactly(
                        "warning ForceApproved: takes away the votes by force",
                        "warning ApprovalExpired: removes the approval");
    }

    @Test
    void eachApprovalIsToldOnce() {
        Decision withdrawn = new Decision.Act(
                new Step.WithdrawApproval(new Approval.None()), Reason.APPROVAL_WITHDRAWN, "removes the approval");
        Decision settled = new Decision.Settled(Reason.SETTLED, "all healthy");
        CycleReport.Change told = change(1, withdrawn);

        tell(CycleReports.withHistory(CycleReports.healthy(), List.of(told)), Duration.ZERO);
        tell(
                CycleReports.withHistory(CycleReports.healthy(), List.of(change(2, settled), told)),
                Duration.ofSeconds(1));

        assertThat(events).containsExactly("normal ApprovalWithdrawn: removes the approval");
    }

    @Test
    void aRefusedWriteIsTriedLessAndLessOften() {
        answer = FORBIDDEN;
        List<Long> waits = new ArrayList<>();
        Duration now = Duration.ZERO;
        for (int tries = 0; tries < 8; tries++) {
            Duration wait = tell(CycleReports.healthy(), now);
            waits.add(wait.toSeconds());
            tell(CycleReports.healthy(), now.plus(wait).minusMillis(1));
            now = now.plus(wait);
        }
        assertThat(waits).as("clients wait for the Service").containsExactly(1L, 2L, 4L, 4L, 4L, 4L, 4L, 4L);
        assertThat(writes).as("two of each try, none in between").hasSize(16);
    }

    @Test
    void thePauseBeginsWhenTheAnswerIsThere() {
        answer = FORBIDDEN;
        untilAnswered = Duration.ofSeconds(6);
        assertThat(tell(CycleReports.healthy(), Duration.ZERO)).isEqualTo(Announcement.RETRY);
    }

    @Test
    void anEventThatTookLongerThanThePauseDoesNotPutTheNextTryOff() {
        answer = FORBIDDEN;
        untilTold = Duration.ofSeconds(3);
        assertThat(tell(
                        CycleReports.withHistory(
                                CycleReports.healthy(),
                                List.of(change(1, new Decision.Refuse(Reason.FOREIGN_SET, "another set")))),
                        Duration.ZERO))
                .isZero();
    }

    @Test
    void aRefusedLabelIsTriedEvenLessOften() {
        answer = FORBIDDEN;
        List<Long> waits = new ArrayList<>();
        Duration now = Duration.ZERO;
        for (int tries = 0; tries < 8; tries++) {
            Duration wait = tell(CycleReports.healthySecondary(), now);
            waits.add(wait.toSeconds());
            now = now.plus(wait);
        }
        assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
    }

    @Test
    void aNewRoleIsToldAtOnceWhateverFailedBefore() {
        answer = FORBIDDEN;
        tell(CycleReports.healthy(), Duration.ZERO);
        tell(CycleReports.healthy(), Duration.ofSeconds(1));
        answer = new Outcome.Done();
        assertThat(tell(CycleReports.healthySecondary(), Duration.ofMillis(1001)))
                .isEqualTo(Duration.ofSeconds(60));
        assertThat(writes).endsWith("withdrawPrimary", "label secondary");
    }

    @Test
    void whatSucceededAfterFailuresIsRepeatedAfterAMinuteOnly() {
        answer = FORBIDDEN;
        tell(CycleReports.healthy(), Duration.ZERO);
        answer = new Outcome.Done();
        assertThat(tell(CycleReports.healthy(), Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(60));
    }

    private static CycleReport primary(Duration at) {
        CycleReport report = CycleReports.of(
                0, CycleReports.healthy().snapshot().local(), new KubernetesFacts.Known(3, 0, new TreeMap<>()));
        return CycleReports.at(CycleReports.NOW.plus(at), report);
    }

    private void tells(int first, int last, UnaryOperator<Duration> madeAt) {
        for (int second = first; second <= last; second++) {
            Duration at = Duration.ofSeconds(second);
            tell(primary(madeAt.apply(at)), at);
        }
    }

    @Test
    void aPrimaryThatStaysTakesTheServiceOverFromANewerElection() {
        toPublish = new Outcome.Stale("the slice is of a newer election");
        tells(0, 14, at -> at);
        assertThat(writes).as("it may be about to step down").doesNotContain("takeOverPrimary 2");
        tells(15, 16, at -> at);

        assertThat(writes).containsOnlyOnce("takeOverPrimary 2");
    }

    @Test
    void aClockThatIsSetBackDoesNotPutItOff() {
        toPublish = new Outcome.Stale("the slice is of a newer election");
        tells(0, 5, at -> at);
        clockError = Duration.ofHours(-1);
        tells(6, 20, at -> at.plus(clockError));
        assertThat(writes).doesNotContain("takeOverPrimary 2");

        tells(21, 26, at -> at.plus(clockError));
        assertThat(writes).contains("takeOverPrimary 2");
    }

    /** The primary of the newer election may be there since just now. */
    @Test
    void whatFailedForAnotherReasonBeforeDoesNotCount() {
        toPublish = FORBIDDEN;
        tells(0, 19, at -> at);
        leftToNewer = false;
        toPublish = new Outcome.Stale("the slice has changed since it was read");
        tells(20, 39, at -> at);
        leftToNewer = true;
        toPublish = new Outcome.Stale("the slice is of a newer election");
        tells(40, 54, at -> at);
        assertThat(writes).doesNotContain("takeOverPrimary 2");

        tells(55, 61, at -> at);
        assertThat(writes).contains("takeOverPrimary 2");
    }

    @Test
    void theTimeCountsFromTheAnswer() {
        toPublish = new Outcome.Stale("the slice is of a newer election");
        untilAnswered = Duration.ofSeconds(14);
        tells(0, 0, at -> at);
        untilAnswered = Duration.ZERO;
        tells(14, 28, at -> at);
        assertThat(writes).doesNotContain("takeOverPrimary 2");

        tells(29, 33, at -> at);
        assertThat(writes).contains("takeOverPrimary 2");
    }

    @Test
    void whatAProcessThatStoodStillSaidBeforeDoesNotCount() {
        toPublish = new Outcome.Stale("the slice is of a newer election");
        tells(0, 59, at -> Duration.ZERO);

        assertThat(writes).doesNotContain("takeOverPrimary 2");
    }

    @Test
    void thePrimaryOfAnotherSetThanTheRecordedOneTakesNothingOver() {
        toPublish = new Outcome.Stale("the slice is of a newer election");
        for (int second = 0; second < 60; second++) {
            Duration at = Duration.ofSeconds(second);
            tell(CycleReports.at(CycleReports.NOW.plus(at), CycleReports.healthy()), at);
        }

        assertThat(writes).doesNotContain("takeOverPrimary 2");
    }

    @Test
    void aServiceThatDoesNotLeadToThePrimaryIsToldOnce() {
        toPublish = new Outcome.Stale("the slice is of a newer election");
        toTakeOver = new Outcome.Stale("its pod mongo-1 is ready");
        tells(0, 50, at -> at);

        assertThat(events)
                .filteredOn(event -> event.startsWith("warning PrimaryServiceNotUpdated: "))
                .containsExactly(
                        "warning PrimaryServiceNotUpdated: the primary's Service does not lead to this primary, and is tried again:"
                                + " nothing written: the slice is of a newer election",
                        "warning PrimaryServiceNotUpdated: the primary's Service does not lead to this primary, and is tried again:"
                                + " nothing written: its pod mongo-1 is ready");
    }

    @Test
    void noPrimaryIsToldOfUntilTheRecordNamesItsSet() {
        Snapshot formed = primary(Duration.ZERO).snapshot();
        Snapshot intended = new Snapshot(
                formed.self(),
                formed.local(),
                formed.peers(),
                formed.deadPrimary(),
                formed.kubernetes(),
                formed.wanted(),
                new SetRecord.Intended("this-pod", true, Duration.ZERO),
                formed.rootUser(),
                formed.declaredSeed(),
                formed.maxLag(),
                formed.renaming(),
                formed.now(),
                formed.observedIn(),
                formed.paused());
        tell(CycleReports.of(intended), Duration.ZERO);
        assertThat(writes).containsExactly("withdrawPrimary", "label other");

        tell(primary(Duration.ZERO), Duration.ofMillis(1));
        assertThat(writes).endsWith("publishPrimary 2", "label primary");
    }
}
