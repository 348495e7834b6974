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
 * {@code yes}, for this set and configuration, and can be used once.
 */
public final class Approvals {
    private static final String NOTHING_YET = " Nothing was approved: repeat the command with --yes to approve this.";

    private final ControlLoop loop;
    private final Kubernetes kubernetes;

    public Approvals(ControlLoop loop, Kubernetes kubernetes) {
        this.loop = loop;
        this.kubernetes = kubernetes;
    }

    /**
     * Approves a new, empty set to replace one whose volumes are all gone.
     *
     * @param arguments the id of the set that is replaced, and {@code yes} to approve
     */
    public ControlAnswer newSet(List<String> arguments) {
        String id = arguments.get(0);
        Optional<String> refusal = refusal(id);
        if (refusal.isPresent()) {
            return ControlAnswer.notDone(refusal.get());
        }
        String plan =
                ("Plan: give up the recorded set %s. When every member is proven to be empty, the first ordinal initiates"
                                + " a new, empty set. A member that still holds data of the old set can then no longer"
                                + " join.")
                        .formatted(id);
        return approve(plan, id, new Approval.NewSet(id), arguments.get(1));
    }

    /**
     * Approves a forced reconfiguration without the members that are down.
     *
     * @param arguments the set's id, the configuration's version, and {@code yes} to approve
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
                            "--replica-set-id and --config-version must be %s and %d, as in the current configuration"
                                    .formatted(approval.replicaSetId(), approval.configVersion()));
                }
                yield approve(sentences(plan), id, approval, arguments.get(2));
            }
        };
    }

    private static String sentences(ApprovalRules.Plan plan) {
        return ("Plan: %s has the newest data of all members that answer. It forces a configuration in which %s lose"
                        + " their votes. They stay members, and get their votes back when they return and have caught up."
                        + " Writes that only they have are lost. Make sure that they do not still run where you cannot"
                        + " see them: otherwise both sides take writes.")
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
                        : Optional.of("--replica-set-id=%s is not the id in the record, which is %s"
                                .formatted(id, formed.replicaSetId()));
            case SetRecord.NotKept notKept ->
                Optional.of("with --kubernetes=off there is no record to write the approval into");
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
        return ControlAnswer.of(
                outcome, plan + " Approved, for one use. 'muster status' and the log show what happens next.");
    }
}
