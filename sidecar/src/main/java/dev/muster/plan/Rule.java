package dev.muster.plan;

import static java.util.Objects.requireNonNull;

import dev.muster.model.Snapshot;
import java.util.List;
import java.util.function.Function;

/**
 * One rule of the planner.
 *
 * @param name what the rule is about, as {@code muster explain} prints it
 * @param judge pure; one verdict for each member that it is about, in order, or one for all: a member that has to wait
 *     does not delay the others
 */
record Rule(String name, Function<Snapshot, List<Verdict>> judge) {
    Rule {
        requireNonNull(name, "name is null");
        requireNonNull(judge, "judge is null");
    }

    /** A rule with one verdict for all. */
    static Rule of(String name, Function<Snapshot, Verdict> judge) {
        return new Rule(name, snapshot -> List.of(judge.apply(snapshot)));
    }
}
