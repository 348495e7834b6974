package dev.muster.plan;

import static java.util.Objects.requireNonNull;

import dev.muster.model.Snapshot;
import java.util.List;
import java.util.function.Function;

/**
 * One rule of the planner.
 *
 * @param name what the rule is about, as {@code muster explain} prints it
 * @param judge pure; what it says of each member that it is about, in order, or one verdict
 */
record Rule(String name, Function<Snapshot, List<Verdict>> judge) {
    Rule {
        requireNonNull(name, "name is null");
        requireNonNull(judge, "judge is null");
    }

    /** A rule that says one thing of a snapshot. */
    static Rule of(String name, Function<Snapshot, Verdict> judge) {
        return new Rule(name, snapshot -> List.of(judge.apply(snapshot)));
    }

    /** A rule that goes from member to member: one that has to wait keeps it from none of the others. */
    static Rule ofEach(String name, Function<Snapshot, List<Verdict>> judge) {
        return new Rule(name, judge);
    }
}
