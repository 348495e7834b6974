package dev.muster.loop;

import dev.muster.kube.Kubernetes;
import dev.muster.model.Approval;
import dev.muster.model.HostAddress;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import dev.muster.plan.ApprovalRules;
import dev.muster.plan.Outcome;
import dev.muster.web.ControlAnswer;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a person may decide and Muster may not. Each answer begins with the plan; it is written into the record only with
 * {@code yes}, for this set and configuration, and used up by what it allows.
 */
final class Approvals {
    private static final String NOTHING_YET = " Nothing was approved: repeat it with --yes to approve this.";

    private final ControlLoop loop;
    private final Kubernetes kubernetes;

    Approvals(ControlLoop loop, Kubernetes kubernetes) {
        this.loop = loop;
        this.kubernetes = kubernetes;
    }

    /** @param arguments the id of the set that is given up, and whether it is meant */
    ControlAnswer newSet(List<String> arguments) {
        String id = arguments.get(0);
        SetRecord.Formed formed = recorded(id);
        String plan = ("Plan: the record's set %s is given up. When every member is proven to be empty, the first"
                        + " ordinal makes a new, empty set. Data of the old set that still is on some volume can then no"
                        + " longer join.")
                .formatted(formed.replicaSetId());
        return approve(plan, formed.replicaSetId(), new Approval.NewSet(id), arguments.get(1));
    }

    /** @param arguments the set's id, the configuration's version, and whether it is meant */
    ControlAnswer forceReconfig(List<String> arguments) {
        String id = arguments.get(0);
        recorded(id);
        Snapshot snapshot = loop.report()
                .orElseThrow(() -> new IllegalStateException("nothing is known yet; try again"))
                .snapshot();
        return switch (ApprovalRules.forcePlan(snapshot)) {
            case ApprovalRules.Refused refused -> throw new IllegalStateException(refused.why());
            case ApprovalRules.Plan plan -> {
                if (!plan.approval().replicaSetId().equals(id)
                        || !arguments
                                .get(1)
                                .equals(Long.toString(plan.approval().configVersion()))) {
                    throw new IllegalStateException(
                            "the set is %s with configuration version %d: --replica-set-id and --config-version must name these"
                                    .formatted(
                                            plan.approval().replicaSetId(),
                                            plan.approval().configVersion()));
                }
                String text =
                        ("Plan: %s has the newest data of all members that answer. It forces a configuration in which"
                                        + " %s keep their places and lose their votes; they get them back when they return and have"
                                        + " caught up. Writes that only they have are lost. Should they run somewhere out of sight,"
                                        + " two sides take writes: make sure that they do not.")
                                .formatted(
                                        plan.survivor(),
                                        plan.down().stream()
                                                .map(HostAddress::toString)
                                                .collect(Collectors.joining(", ")));
                yield approve(text, id, plan.approval(), arguments.get(2));
            }
        };
    }

    private SetRecord.Formed recorded(String id) {
        return switch (kubernetes.recordNow()) {
            case SetRecord.Formed formed -> {
                if (!formed.replicaSetId().equals(id)) {
                    throw new IllegalStateException("--replica-set-id=%s: must be the id in the record, %s"
                            .formatted(id, formed.replicaSetId()));
                }
                yield formed;
            }
            case SetRecord.NotKept notKept ->
                throw new IllegalStateException("there is no record to approve into: --kubernetes=off");
            case SetRecord.Absent absent ->
                throw new IllegalStateException("there is no record, so nothing to approve");
            case SetRecord.Intended intended ->
                throw new IllegalStateException("the record names no set yet, so nothing needs approval");
            case SetRecord.Unavailable unavailable -> throw new IllegalStateException(unavailable.message());
        };
    }

    private ControlAnswer approve(String plan, String id, Approval approval, String meant) {
        if (!meant.equals("yes")) {
            return ControlAnswer.notDone(plan + NOTHING_YET);
        }
        Outcome outcome = kubernetes.recordApproval(id, approval);
        loop.wake();
        return switch (outcome) {
            case Outcome.Done done ->
                ControlAnswer.done(plan + " Approved, once: 'muster status' and the log show what comes of it.");
            case Outcome.Stale stale -> throw new IllegalStateException(stale.why());
            case Outcome.Failed failed -> throw new IllegalStateException(failed.why());
        };
    }
}
