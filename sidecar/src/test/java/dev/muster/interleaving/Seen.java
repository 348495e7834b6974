package dev.muster.interleaving;

import dev.muster.model.Snapshot;
import dev.muster.plan.Judgement;
import dev.muster.plan.Outcome;
import dev.muster.plan.Planner;
import dev.muster.plan.Setback;
import dev.muster.plan.Setbacks;
import dev.muster.plan.Step;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One look, and what the real planner makes of it, computed once. All equal looks are one object, so it is compared as an
 * object.
 */
final class Seen {
    private static final Setback FAILED =
            new Setback(1, new Outcome.Failed(-1, "no"), Duration.ofSeconds(1), Duration.ofSeconds(1));

    private final Look look;
    private final Snapshot snapshot;
    private final Map<Optional<Step>, Judgement> judgements = new HashMap<>();

    Seen(Look look) {
        this.look = look;
        snapshot = look.snapshot();
    }

    Look look() {
        return look;
    }

    Snapshot snapshot() {
        return snapshot;
    }

    /** @param aside the step that gives way */
    Judgement judged(Optional<Step> aside) {
        return judgements.computeIfAbsent(
                aside,
                step -> Planner.judge(
                        snapshot,
                        new Setbacks(step.map(one -> new TreeMap<>(Map.of(one.identity(), FAILED)))
                                .orElseGet(TreeMap::new))));
    }

    @Override
    public String toString() {
        return look.toString();
    }
}
