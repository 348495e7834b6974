package dev.muster.plan;

import dev.muster.model.Snapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules, in order: the first that has something to say decides. Each is a pure function of the snapshot, so a crash
 * between any two steps is only another start.
 */
public final class Planner {
    private static final List<Rule> RULES = List.of(
            // Is there a mongod that we may speak for?
            new Rule("mongod answers", LocalRules::answers),
            new Rule("mongod can be a member", LocalRules::canBeMember),
            new Rule("the data is this set's", LocalRules::isOurSet),
            // An empty member: make the set once, or wait to be let in.
            new Rule("initiate once", BootstrapRules::initiateOnce),
            new Rule("wait to be let in", BootstrapRules::waitToBeLetIn),
            // A member that is not a healthy one yet.
            new Rule("clone from the predecessor", CloneRules::cloneFromPredecessor),
            new Rule("recover", CloneRules::recover),
            new Rule("force only what a person approved", ApprovalRules::forceReconfigure),
            // Only the sidecar beside the primary goes past this one.
            new Rule("only the primary's sidecar changes the set", MemberRules::onlyThePrimary),
            new Rule("hand over before stopping", LeaveRules::handOverBeforeStopping),
            new Rule("keep the record", MemberRules::keepRecord),
            new Rule("one change at a time", MemberRules::oneChangeAtATime),
            new Rule("keep the root user", MemberRules::keepRootUser),
            new Rule("leave only by declared intent", LeaveRules::leave),
            new Rule("stable names", RenameRule::rename),
            new Rule("a vote for who caught up", JoinRules::promote),
            new Rule("join in order", JoinRules::join),
            new Rule("heartbeats back to normal", JoinRules::restoreHeartbeat),
            new Rule("report what is missing", MemberRules::reportMissing),
            new Rule("settled", MemberRules::settled));

    private Planner() {}

    /**
     * The decision for a snapshot.
     *
     * @throws IllegalStateException when a rule would break an invariant; see {@link Invariants}
     */
    public static Decision plan(Snapshot snapshot) {
        for (Rule rule : RULES) {
            if (rule.judge().apply(snapshot) instanceof Rule.Decides decides) {
                return heedPause(snapshot, decides.decision());
            }
        }
        throw new IllegalStateException("no rule decided; the last one always does");
    }

    /** What each rule says of a snapshot, in order, up to the one that decides. */
    public static List<Explanation> explain(Snapshot snapshot) {
        List<Explanation> explanations = new ArrayList<>();
        for (Rule rule : RULES) {
            switch (rule.judge().apply(snapshot)) {
                case Rule.Passes passes -> explanations.add(new Explanation(rule.name(), false, passes.why()));
                case Rule.Decides decides -> {
                    Decision decision = heedPause(snapshot, decides.decision());
                    explanations.add(new Explanation(
                            rule.name(), true, decision.kind() + " " + decision.reason() + ": " + decision.message()));
                    return List.copyOf(explanations);
                }
            }
        }
        throw new IllegalStateException("no rule decided; the last one always does");
    }

    /**
     * What one rule said.
     *
     * @param decided whether it decided; only the last of a list does
     */
    public record Explanation(String rule, boolean decided, String why) {}

    private static Decision heedPause(Snapshot snapshot, Decision decision) {
        if (!(decision instanceof Decision.Act act)) {
            return decision;
        }
        Invariants.check(snapshot, act.step());
        return snapshot.paused()
                ? new Decision.Wait(Reason.PAUSED, "paused; would now: " + act.message(), Cadence.LONG)
                : act;
    }
}
