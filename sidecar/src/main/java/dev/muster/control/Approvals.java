package dev.muster.control;

import dev.muster.kube.Kubernetes;
import dev.muster.loop.ControlLoop;
import dev.muster.model.Approval;
import dev.muster.model.HostAddress;
import dev.muster.model.SetRecord;
import dev.muster.plan.ApprovalRules;
import dev.muster.plan.Outcome;
import dev.muster.tell.CycleReport;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What only an operator may decide. Each answer begins with the plan. The approval is written into the record only with
 * {@code yes}, for this set and configuration, and is used up by what it allows.
 */
public final class Approvals {
    private static final String NOTHING_YET = " Nothing was approved: repeat it with --yes to approve this.";

    private final ControlLoop loop;
    private final Kubernetes kubernetes;

    public Approvals(ControlLoop loop, Kubernetes kubernetes) {
        this.loop = loop;
        this.kubernetes = kubernetes;
    }

    /**
     * Approves a new, empty set in the place of one whose volumes are all gone.
     *
     * @param arguments the id of the set that is given up, and {@code yes} where it is meant
     */
    public ControlAnswer newSet(List<String> arguments) {
        String id = arguments.get(0);
        Optional<String> refusal = refusal(id);
        if (refusal.isPresent()) {
            return ControlAnswer.notDone(refusal.get());
        }
        String plan =
                ("Plan: the record's set %s is given up. When every member is proven to be empty, the first ordinal"
                                + " initiates a new, empty set. A volume that still holds data of the old set can then no longer"
                                + " join.")
                        .formatted(id);
        return approve(plan, id, new Approval.NewSet(id), arguments.get(1));
    }

    /**
     * Approves a forced reconfiguration without the members that are down.
     *
     * @param arguments the set's id, the configuration's version, and {@code yes} where it is meant
     */
    public ControlAnswer forceReconfig(List<String> arguments) {
        String id = arguments.get(0);
        Optional<String> refusal = refusal(id);
        if (refusal.isPresent()) {
            return ControlAnswer.notDone(refusal.get());
        }
        Optional<CycleReport> report = loop.report();
        if (report.isEmpty()) {
            return ControlAnswer.notDone(ControlAnswer.NOTHING_KNOWN);
        }
        return switch (ApprovalRules.forcePlan(report.get().snapshot())) {
            case ApprovalRules.Refused refused -> ControlAnswer.notDone(refused.why());
            case ApprovalRules.Plan plan -> {
                Approval.ForceReconfig approval = plan.approval();
                if (!approval.replicaSetId().equals(id)
                        || !arguments.get(1).equals(Long.toString(approval.configVersion()))) {
                    yield ControlAnswer.notDone(
                            "the set is %s with configuration version %d: --replica-set-id and --config-version must name these"
                                    .formatted(approval.replicaSetId(), approval.configVersion()));
                }
                yield approve(sentences(plan), id, approval, arguments.get(2));
            }
        };
    }

    private static String sentences(ApprovalRules.Plan plan) {
        return ("Plan: %s has the newest data of all members that answer. It forces a configuration in which %s keep"
                        + " their places and lose their votes; they get them back when they return and have caught up."
                        + " Writes that only they have are lost. If they still run where you cannot see them, both sides"
                        + " take writes: make sure that they do not.")
                .formatted(
                        plan.survivor(),
                        plan.down().stream().map(HostAddress::toString).collect(Collectors.joining(", ")));
    }

    /** Why nothing can be approved for that set; empty where it can. */
    private Optional<String> refusal(String id) {
        return switch (kubernetes.recordNow()) {
            case SetRecord.Formed formed ->
                formed.replicaSetId().equals(id)
                        ? Optional.empty()
                        : Optional.of("--replica-set-id=%s: must be the id in the record, %s"
                                .formatted(id, formed.replicaSetId()));
            case SetRecord.NotKept notKept ->
                Optional.of("there is no record to write the approval into: --kubernetes=off");
            case SetRecord.Absent absent -> Optional.of("there is no record, so there is nothing to approve");
            case SetRecord.Intended intended ->
                Optional.of("the record names no set yet, so nothing needs an approval");
            case SetRecord.Unavailable unavailable -> Optional.of(unavailable.message());
        };
    }

    private ControlAnswer approve(String plan, String id, Approval approval, String meant) {
        if (!meant.equals("yes")) {
            return ControlAnswer.notDone(plan + NOTHING_YET);
        }
        Outcome outcome = kubernetes.recordApproval(id, approval);
        loop.wake();
        return ControlAnswer.of(outcome, plan + " Approved, once: 'muster status' and the log show what follows.");
    }
}
