package dev.muster.plan;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What the planner decides for a snapshot, and how.
 *
 * @param waiting everything that waits, in the order of the rules. If nothing acts, the first step that fails is the
 *     decision, and otherwise the first of all
 * @param aside the steps that the rules wanted, but that give way
 * @param explanation what each rule said, in order, up to the last one asked
 */
public record Judgement(
        Decision decision, List<Decision.Wait> waiting, List<Step> aside, List<Explanation> explanation) {
    public Judgement {
        requireNonNull(decision, "decision is null");
        waiting = List.copyOf(waiting);
        aside = List.copyOf(aside);
        explanation = List.copyOf(explanation);
    }

    public record Explanation(String rule, Said said, String why) {
        public Explanation {
            requireNonNull(rule, "rule is null");
            requireNonNull(said, "said is null");
            requireNonNull(why, "why is null");
        }

        /** Whether this became the decision. Exactly one of a judgement's does. */
        public boolean decided() {
            return said == Said.DECIDED;
        }
    }

    public enum Said {
        /** It had nothing to say. */
        PASSED,
        /** It waits, and lets other rules act. */
        WAITS,
        DECIDED
    }
}
