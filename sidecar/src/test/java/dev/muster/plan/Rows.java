package dev.muster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Snapshot;

/** Checks one row of a table: a sentence, a situation, and the decision in words. */
final class Rows {
    private Rows() {}

    static void check(String situation, World world, String expected) {
        Snapshot snapshot = world.look();

        Judgement judgement = Planner.judge(snapshot, Setbacks.NONE);

        Decision decision = judgement.decision();
        assertThat(World.words(decision)).as(situation).isEqualTo(expected);
        assertThat(Planner.judge(snapshot, Setbacks.NONE))
                .as("the same snapshot again")
                .isEqualTo(judgement);
        assertThat(judgement.explanation())
                .filteredOn(Judgement.Explanation::decided)
                .singleElement()
                .satisfies(rule -> assertThat(rule.why()).contains(decision.message()));
    }
}
