package dev.muster.plan;

import dev.muster.model.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The rules, in order, in two ladders: this member's and the set's. The first rule that acts decides. A rule that
 * forbids ends the ladder, and one that waits is noted. Each is a pure function of the snapshot, so after a crash
 * between any two steps a sidecar simply starts again.
 */
public final class Planner {
    /** Asked by every sidecar, of its own member. */
    private static final List<Rule> MEMBER = List.of(
            // May mongod start on its empty volume?
            new Rule("an empty member starts when it can do no harm", StartRules::start),
            Rule.of("another member follows our primary at once", ElectionRules::followOwn),
            // Is there a mongod that we may manage?
            Rule.of("mongod answers", LocalRules::answers),
            Rule.of("mongod can be a member", LocalRules::canBeMember),
            Rule.of("the data belongs to this set", LocalRules::isOurSet),
            Rule.of("mongod knows which member it is", LocalRules::knowsItself),
            Rule.of("this member follows another primary at once", ElectionRules::followOther),
            Rule.of("new names for a set from another place", RenameSetRules::rename),
            Rule.of("withdraw an approval that has expired", ApprovalRules::withdrawExpired),
            // An empty member: initiate the set once, or wait to join.
            Rule.of("initiate once", BootstrapRules::initiateOnce),
            Rule.of("wait to join", BootstrapRules::waitToJoin),
            // A member that is not healthy yet.
            Rule.of("clone from the predecessor", CloneRules::cloneFromPredecessor),
            Rule.of("recover", CloneRules::recover),
            Rule.of("force only what was approved", ApprovalRules::forceReconfigure),
            // Only the primary's sidecar passes this rule.
            Rule.of("only the primary's sidecar changes the set", MemberRules::onlyThePrimary));

    /** Asked by the primary's sidecar, of the set. */
    private static final List<Rule> SET = List.of(
            Rule.of("hand over before stopping", LeaveRules::handOverBeforeStopping),
            Rule.of("keep the record", MemberRules::keepRecord),
            Rule.of("the record names the set", MemberRules::isConfirmed),
            Rule.of("one change at a time", MemberRules::oneChangeAtATime),
            new Rule("a voter without data cannot cost a write", EmptyVoterRules::take),
            new Rule("give back the votes that can do no harm", EmptyVoterRules::giveBack),
            Rule.of("keep the root user", MemberRules::keepRootUser),
            Rule.of("end the forming heartbeats", JoinRules::endFormingHeartbeats),
            Rule.of("members leave only when the StatefulSet is scaled down", LeaveRules::leave),
            Rule.of("stable names", RenameRule::rename),
            new Rule("promote members that have caught up", JoinRules::promote),
            new Rule("join in order", JoinRules::join),
            Rule.of("forget data that is no longer lost", EmptyVoterRules::forget),
            Rule.of("report what is missing", MemberRules::reportMissing),
            Rule.of("settled", MemberRules::settled));

    private static final List<Rule> BOTH =
            Stream.concat(MEMBER.stream(), SET.stream()).toList();

    private Planner() {}

    /** The decision for a snapshot while no step gives way. */
    public static Decision plan(Snapshot snapshot) {
        return judge(snapshot, Setbacks.NONE).decision();
    }

    /**
     * What follows from a snapshot.
     *
     * @param setbacks the steps that give way: each is noted, and the rules below are asked
     * @throws IllegalStateException when a rule would break an invariant; see {@link Invariants}
     */
    public static Judgement judge(Snapshot snapshot, Setbacks setbacks) {
        Notes notes = new Notes();
        for (Rule rule : BOTH) {
            for (Verdict verdict : rule.judge().apply(snapshot)) {
                switch (verdict) {
                    case Verdict.Passes passes -> notes.passed(rule, passes.why());
                    case Verdict.Awaits awaits -> notes.waits(rule, awaits.decision());
                    case Verdict.Acts acts -> {
                        Invariants.check(snapshot, acts.act().step());
                        Optional<Setback> setback = setbacks.of(acts.act().step());
                        if (setback.isEmpty()) {
                            return notes.decided(rule, heedPause(snapshot, acts.act()));
                        }
                        notes.aside(acts.act().step());
                        notes.waits(rule, setback.get().waiting(acts.act()));
                    }
                    case Verdict.Forbids forbids -> {
                        return forbids.decision() instanceof Decision.Refuse refuse
                                ? notes.decided(rule, refuse)
                                : notes.ended(rule, forbids.decision());
                    }
                    case Verdict.Settles settles -> {
                        return notes.ended(rule, settles.settled());
                    }
                }
            }
        }
        throw new IllegalStateException("no rule decided; the last one always does");
    }

    /**
     * Whether some rule makes exactly that step of that snapshot, whichever step comes first: what was decided on an
     * older snapshot is made only if it is still right.
     */
    public static boolean stillMakes(Step step, Snapshot snapshot) {
        for (Rule rule : BOTH) {
            for (Verdict verdict : rule.judge().apply(snapshot)) {
                switch (verdict) {
                    case Verdict.Passes passes -> {}
                    case Verdict.Awaits awaits -> {}
                    case Verdict.Acts acts -> {
                        if (acts.act().step().equals(step)) {
                            return true;
                        }
                    }
                    case Verdict.Forbids forbids -> {
                        return false;
                    }
                    case Verdict.Settles settles -> {
                        return false;
                    }
                }
            }
        }
        return false;
    }

    private static Decision heedPause(Snapshot snapshot, Decision.Act act) {
        return snapshot.paused()
                ? new Decision.Wait(Reason.PAUSED, "paused; would now: " + act.message(), Cadence.LONG)
                : act;
    }

    private static final class Notes {
        private final List<Decision.Wait> waiting = new ArrayList<>();
        private final List<Judgement.Explanation> said = new ArrayList<>();
        private final List<Integer> places = new ArrayList<>();
        private final List<Step> aside = new ArrayList<>();

        void passed(Rule rule, String why) {
            said.add(new Judgement.Explanation(rule.name(), Judgement.Said.PASSED, why));
        }

        void waits(Rule rule, Decision.Wait wait) {
            places.add(said.size());
            waiting.add(wait);
            said.add(explain(rule, Judgement.Said.WAITS, wait));
        }

        void aside(Step step) {
            aside.add(step);
        }

        Judgement decided(Rule rule, Decision decision) {
            said.add(explain(rule, Judgement.Said.DECIDED, decision));
            return new Judgement(decision, waiting, aside, said);
        }

        /**
         * Nothing acts: the first wait noted is the decision, or this if none was. A step that fails comes before
         * waits, which may be waiting for that step.
         */
        Judgement ended(Rule rule, Decision otherwise) {
            if (waiting.isEmpty()) {
                return decided(rule, otherwise);
            }
            if (otherwise instanceof Decision.Wait wait) {
                waits(rule, wait);
            }
            int first = IntStream.range(0, waiting.size())
                    .filter(noted -> waiting.get(noted).reason() == Reason.STEP_FAILED)
                    .findFirst()
                    .orElse(0);
            int place = places.get(first);
            said.set(
                    place,
                    new Judgement.Explanation(
                            said.get(place).rule(),
                            Judgement.Said.DECIDED,
                            said.get(place).why()));
            return new Judgement(waiting.get(first), waiting, aside, said);
        }

        private static Judgement.Explanation explain(Rule rule, Judgement.Said said, Decision decision) {
            return new Judgement.Explanation(
                    rule.name(), said, decision.kind() + " " + decision.reason() + ": " + decision.message());
        }
    }
}
