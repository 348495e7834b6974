package dev.muster.control;

import dev.muster.act.StepRunner;
import dev.muster.kube.Kubernetes;
import dev.muster.loop.ControlLoop;
import dev.muster.model.Approval;
import dev.muster.model.HostAddress;
import dev.muster.model.PodHosts;
import dev.muster.model.Self;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import dev.muster.plan.ApprovalRules;
import dev.muster.plan.Outcome;
import dev.muster.plan.RenameSetRules;
import dev.muster.plan.SeedPlan;
import dev.muster.plan.Step;
import dev.muster.tell.CycleReport;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.bson.types.ObjectId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What only an operator may decide. Each answer begins with the plan. The approval is written into the record only with
 * {@code yes}, for this set and incident, and can be used once. A log line and an Event tell of each approval that is
 * given or withdrawn here.
 */
public final class Approvals {
    private static final Logger LOG = LoggerFactory.getLogger(Approvals.class);

    private static final String NOTHING_YET = " Nothing was approved: repeat the command with --yes to approve this.";

    private static final String WITHOUT_RECORD =
            "with --kubernetes=off there is no record, and so there are no approvals";

    /** In the place of an id, where no recorded set is given up. */
    public static final String NO_ID = "none";

    private final ControlLoop loop;
    private final Kubernetes kubernetes;
    private final StepRunner runner;
    private final BooleanSupplier paused;
    private final Clock clock;

    /**
     * @param runner asked whether the server would take a forced reconfiguration
     * @param paused whether an operator paused this sidecar
     * @param clock says when an approval was given
     */
    public Approvals(ControlLoop loop, Kubernetes kubernetes, StepRunner runner, BooleanSupplier paused, Clock clock) {
        this.loop = loop;
        this.kubernetes = kubernetes;
        this.runner = runner;
        this.paused = paused;
        this.clock = clock;
    }

    /**
     * Approves a new, empty set to replace one whose volumes are all gone.
     *
     * @param arguments the id of the set that is replaced, and {@code yes} to approve
     */
    public ControlAnswer newSet(List<String> arguments) {
        String id = arguments.get(0);
        SetRecord record = kubernetes.recordNow();
        Optional<String> refusal = refusal(record, id);
        if (refusal.isPresent()) {
            return ControlAnswer.notDone(refusal.get());
        }
        String plan =
                ("Plan: give up the recorded set %s. When every member is proven to be empty, the first ordinal initiates"
                                + " a new, empty set. A member that still holds data of the old set can then no longer"
                                + " join. The approval is valid for %d minutes.")
                        .formatted(id, Approval.NewSet.VALID_FOR.toMinutes());
        return approve(plan, record, new Approval.NewSet(id, now()), arguments.get(1));
    }

    /**
     * Approves a forced reconfiguration without the members that are down.
     *
     * @param arguments the set's id, the configuration's version, and {@code yes} to approve
     */
    public ControlAnswer forceReconfig(List<String> arguments) {
        // Before the record is read, which takes a while: what the operator saw is not getting younger.
        Optional<CycleReport> report = loop.report();
        String id = arguments.get(0);
        SetRecord record = kubernetes.recordNow();
        Optional<String> refusal = refusal(record, id);
        if (refusal.isPresent()) {
            return ControlAnswer.notDone(refusal.get());
        }
        if (report.isEmpty()) {
            return ControlAnswer.notDone(ControlAnswer.NOTHING_KNOWN);
        }
        Snapshot snapshot = report.get().snapshot();
        return switch (ApprovalRules.forcePlan(snapshot)) {
            case ApprovalRules.Refused refused -> ControlAnswer.notDone(refused.why());
            case ApprovalRules.Plan plan -> {
                Approval.Incident incident = plan.incident();
                if (!incident.replicaSetId().equals(id)
                        || !arguments.get(1).equals(Long.toString(incident.configVersion()))) {
                    yield ControlAnswer.notDone(
                            "--replica-set-id and --config-version must be %s and %d, as in the current configuration"
                                    .formatted(incident.replicaSetId(), incident.configVersion()));
                }
                Optional<String> inVain = whyInVain(snapshot, incident);
                yield inVain.isPresent()
                        ? ControlAnswer.notDone(sentences(plan) + " Nothing was approved: " + inVain.get())
                        : approve(
                                sentences(plan), record, new Approval.ForceReconfig(incident, now()), arguments.get(2));
            }
        };
    }

    /**
     * Approves that the set is initiated from the data that this pod's {@code mongod} has without a set.
     *
     * @param arguments the ordinal of this pod; the id of the recorded set that is given up, or {@code none}; and {@code
     *     yes} to approve
     */
    public ControlAnswer seed(List<String> arguments) {
        Optional<CycleReport> report = loop.report();
        SetRecord record = kubernetes.recordNow();
        Optional<String> replaced = Optional.of(arguments.get(1)).filter(id -> !id.equals(NO_ID));
        Optional<String> refusal = seedRefusal(record, replaced);
        if (refusal.isPresent()) {
            return ControlAnswer.notDone(refusal.get());
        }
        if (report.isEmpty()) {
            return ControlAnswer.notDone(ControlAnswer.NOTHING_KNOWN);
        }
        Snapshot snapshot = report.get().snapshot();
        int ordinal = snapshot.self().ordinal();
        if (!arguments.get(0).equals(Integer.toString(ordinal))) {
            return ControlAnswer.notDone(
                    "--ordinal=%s is not this pod, which is %s. Run the command in the pod that has"
                                    .formatted(arguments.get(0), snapshot.self().podName())
                            + " the data");
        }
        return switch (SeedPlan.of(snapshot)) {
            case SeedPlan.Refused refused -> ControlAnswer.notDone(refused.why());
            case SeedPlan.Possible plan ->
                approve(
                        sentences(snapshot.self(), plan, replaced),
                        record,
                        new Approval.Seed(ordinal, replaced, now()),
                        arguments.get(2));
        };
    }

    /** Why no seed can be approved over that record; empty where it can. */
    private static Optional<String> seedRefusal(SetRecord record, Optional<String> replaced) {
        return switch (record) {
            case SetRecord.Formed formed ->
                replaced.isEmpty()
                        ? Optional.of(
                                ("the record says that set %s was initiated. Only if that set is lost for good, name"
                                                + " it: --replica-set-id=%s")
                                        .formatted(formed.replicaSetId(), formed.replicaSetId()))
                        : otherId(formed, replaced.get());
            case SetRecord.Absent absent -> noSetToReplace(replaced);
            case SetRecord.Intended intended -> noSetToReplace(replaced);
            case SetRecord.NotKept notKept ->
                Optional.of(
                        "with --kubernetes=off there is no record, and so there are no approvals: start every sidecar"
                                + " with --seed-ordinal");
            case SetRecord.Unavailable unavailable -> Optional.of(unavailable.message());
        };
    }

    private static Optional<String> noSetToReplace(Optional<String> replaced) {
        return replaced.map("--replica-set-id=%s: the record names no set, so there is none to give up"::formatted);
    }

    private static String sentences(Self self, SeedPlan.Possible plan, Optional<String> replaced) {
        StringBuilder text = new StringBuilder();
        text.append("Plan: initiate the set %s from the data of %s: %s."
                .formatted(self.setName(), self.podName(), plan.data()));
        replaced.ifPresent(id -> text.append(
                " The recorded set %s is given up: a member that still has its data can then no longer join."
                        .formatted(id)));
        if (!plan.others().isEmpty()) {
            text.append(" %s then join and clone that data.".formatted(listed(plan.others())));
        }
        text.append(" Users in the data stay, with their passwords.");
        text.append(
                plan.unknown().isEmpty()
                        ? " Every other expected member is empty."
                        : " This happens only once every other expected member is known to be empty. Not known yet: %s."
                                .formatted(String.join("; ", plan.unknown())));
        return text.append(" The approval is valid for %d minutes.".formatted(Approval.Seed.VALID_FOR.toMinutes()))
                .toString();
    }

    /**
     * Approves that a set whose volumes were brought here from another place gets the names of this place.
     *
     * @param arguments the set's id and the configuration's version as the volumes have them, and {@code yes} to approve
     */
    public ControlAnswer renameSet(List<String> arguments) {
        Optional<CycleReport> report = loop.report();
        String id = arguments.get(0);
        SetRecord record = kubernetes.recordNow();
        Optional<String> refusal = renameRefusal(record, id);
        if (refusal.isPresent()) {
            return ControlAnswer.notDone(refusal.get());
        }
        if (report.isEmpty()) {
            return ControlAnswer.notDone(ControlAnswer.NOTHING_KNOWN);
        }
        Snapshot snapshot = report.get().snapshot();
        return switch (RenameSetRules.plan(snapshot)) {
            case RenameSetRules.Refused refused -> ControlAnswer.notDone(refused.why());
            case RenameSetRules.Plan plan -> {
                if (!plan.replicaSetId().equals(id) || !arguments.get(1).equals(Long.toString(plan.version()))) {
                    yield ControlAnswer.notDone(
                            "--replica-set-id and --config-version must be %s and %d, as on this volume"
                                    .formatted(plan.replicaSetId(), plan.version()));
                }
                Approval.RenameSet approval = new Approval.RenameSet(
                        snapshot.self().ordinal(),
                        plan.replicaSetId(),
                        plan.version(),
                        plan.from().toString(),
                        new ObjectId().toHexString(),
                        now());
                yield approve(sentences(snapshot.self(), plan), record, approval, arguments.get(2));
            }
        };
    }

    /** Why no new names can be approved over that record; empty where they can. */
    private static Optional<String> renameRefusal(SetRecord record, String id) {
        return switch (record) {
            case SetRecord.Formed formed -> otherId(formed, id);
            case SetRecord.Absent absent -> Optional.empty();
            case SetRecord.Intended intended ->
                Optional.of("a pod recorded that it was about to initiate a set here: wait for the result");
            case SetRecord.NotKept notKept -> Optional.of(WITHOUT_RECORD);
            case SetRecord.Unavailable unavailable -> Optional.of(unavailable.message());
        };
    }

    private static String sentences(Self self, RenameSetRules.Plan plan) {
        PodHosts here = new PodHosts(self.naming().statefulSet(), self.naming().serviceName());
        StringBuilder text = new StringBuilder(
                "Plan: the members of set %s, configuration version %d, get the names %s instead of %s. The set gets a new id,"
                                .formatted(plan.replicaSetId(), plan.version(), here, plan.from())
                        + " so it can never mix with the set that the volumes come from. %s keep%s the data and %s mongod."
                                .formatted(
                                        listed(plan.renamed()),
                                        plan.renamed().size() == 1 ? "s" : "",
                                        plan.renamed().size() == 1 ? "restarts" : "restart"));
        if (!plan.cloning().isEmpty()) {
            text.append(" %s %s empty, and clone%s."
                    .formatted(
                            listed(plan.cloning()),
                            plan.cloning().size() == 1 ? "is" : "are",
                            plan.cloning().size() == 1 ? "s" : ""));
        }
        if (!plan.left().isEmpty()) {
            text.append(
                    (" The StatefulSet does not ask for %s: as after a scale-down, %s removed from the configuration when"
                                    + " a majority of the others serves.")
                            .formatted(listed(plan.left()), plan.left().size() == 1 ? "it is" : "they are"));
        }
        return text.append(
                        " Writes that only other volumes have are not in the new set. The approval is valid for %d minutes."
                                .formatted(Approval.RenameSet.VALID_FOR.toMinutes()))
                .toString();
    }

    private static String listed(List<String> pods) {
        return pods.size() == 1
                ? pods.getFirst()
                : String.join(", ", pods.subList(0, pods.size() - 1)) + " and " + pods.getLast();
    }

    /**
     * Removes the approval that has not been carried out, whichever it is.
     *
     * @param arguments none
     */
    public ControlAnswer withdraw(List<String> arguments) {
        SetRecord record = kubernetes.recordNow();
        if (record instanceof SetRecord.NotKept) {
            return ControlAnswer.notDone(WITHOUT_RECORD);
        }
        if (record instanceof SetRecord.Unavailable unavailable) {
            return ControlAnswer.notDone(unavailable.message());
        }
        Approval approval = record.approval();
        if (approval instanceof Approval.None) {
            return ControlAnswer.done("There is no approval in the record.");
        }
        Outcome outcome = kubernetes.useUp(approval);
        if (outcome instanceof Outcome.Done) {
            tell(false, "ApprovalWithdrawn", "an operator withdrew the approval of " + approval.words());
        }
        loop.wake();
        return ControlAnswer.of(outcome, "Withdrew the approval of %s.".formatted(approval.words()));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /** Why nothing would come of an approval; empty where that cannot be known in this pod. */
    private Optional<String> whyInVain(Snapshot snapshot, Approval.Incident incident) {
        if (incident.survivor() == snapshot.self().ordinal() && paused.getAsBoolean()) {
            return Optional.of(
                    "the sidecar of %s is paused and would not carry it out. Run 'muster resume' in that pod first."
                            .formatted(snapshot.self().podName()));
        }
        return switch (runner.check(new Step.ForceReconfigure(incident.down(), incident.configVersion()))) {
            case Outcome.Done done -> Optional.empty();
            case Outcome.Stale stale -> Optional.of(stale.why());
            case Outcome.Failed failed -> Optional.of(failed.why());
        };
    }

    private static String sentences(ApprovalRules.Plan plan) {
        Approval.Incident incident = plan.incident();
        List<HostAddress> demoted = new ArrayList<>(incident.down());
        demoted.removeAll(plan.arbiters());
        StringBuilder text = new StringBuilder(
                "Plan: %s has the newest data of all members that answer.".formatted(plan.survivor()));
        if (!demoted.isEmpty()) {
            text.append((" It forces a configuration that takes away the votes of %s. They stay members, and get their"
                            + " votes and priorities back when they return and have caught up.")
                    .formatted(HostAddress.listed(demoted)));
        }
        if (!plan.arbiters().isEmpty()) {
            text.append((" The forced configuration no longer has %s: an arbiter cannot stay without a vote. An arbiter"
                            + " has no data, so if you can start it again, do that instead. Otherwise add an arbiter"
                            + " again afterwards, with rs.addArb.")
                    .formatted(HostAddress.listed(plan.arbiters())));
        }
        return text.append(
                        (" Writes that only members that are down have are lost. Make sure that they do not still run"
                                        + " where you cannot see them: otherwise both sides take writes. The approval is for"
                                        + " election term %d and exactly these members, and is valid for %d minutes. The sidecar"
                                        + " of %s carries it out. It does nothing while it is paused.")
                                .formatted(
                                        incident.electionTerm(),
                                        Approval.ForceReconfig.VALID_FOR.toMinutes(),
                                        plan.survivor()))
                .toString();
    }

    /** Why nothing can be approved for that set; empty where it can. */
    private static Optional<String> refusal(SetRecord record, String id) {
        return switch (record) {
            case SetRecord.Formed formed -> otherId(formed, id);
            case SetRecord.NotKept notKept -> Optional.of(WITHOUT_RECORD);
            case SetRecord.Absent absent -> Optional.of("there is no record, so there is nothing to approve");
            case SetRecord.Intended intended ->
                Optional.of("the record names no set yet, so nothing needs an approval");
            case SetRecord.Unavailable unavailable -> Optional.of(unavailable.message());
        };
    }

    private static Optional<String> otherId(SetRecord.Formed formed, String id) {
        return formed.isOf(id)
                ? Optional.empty()
                : Optional.of("--replica-set-id=%s is not the id in the record, which is %s"
                        .formatted(id, formed.replicaSetId()));
    }

    private ControlAnswer approve(String plan, SetRecord record, Approval approval, String meant) {
        if (!meant.equals("yes")) {
            return ControlAnswer.notDone(plan + NOTHING_YET);
        }
        Outcome outcome = kubernetes.recordApproval(record, approval);
        if (outcome instanceof Outcome.Done) {
            tell(true, "ApprovalGiven", "an operator approved " + approval.words());
        }
        loop.wake();
        return ControlAnswer.of(
                outcome,
                plan
                        + " Approved, for one use. 'muster status' and the log show what happens next. 'muster approve"
                        + " withdraw' takes it back.");
    }

    private void tell(boolean warning, String reason, String message) {
        LOG.info("{}", message);
        Outcome sent = kubernetes.event(warning, reason, message);
        if (!(sent instanceof Outcome.Done)) {
            LOG.debug("the Event was not created: {}", sent);
        }
    }
}
