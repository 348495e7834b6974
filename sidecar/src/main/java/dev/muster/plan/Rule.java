package dev.muster.plan;

import static java.util.Objects.requireNonNull;

import dev.muster.model.Snapshot;
import java.util.function.Function;

/**
 * One rule of the planner.
 *
 * @param name what the rule is about, as {@code muster explain} prints it
 * @param judge pure; decides, or says why it does not
 */
record Rule(String name, Function<Snapshot, Verdict> judge) {
    Rule {
        requireNonNull(name, "name is null");
        requireNonNull(judge, "judge is null");
    }

    /** What a rule says of one snapshot. */
    sealed interface Verdict {}

    /** The rule decides: no later one is asked. */
    record Decides(Decision decision) implements Verdict {}

    /** The rule has nothing to say, and why. */
    record Passes(String why) implements Verdict {}

    static Verdict passes(String why) {
        return new Passes(why);
    }

    static Verdict act(Step step, Reason reason, String message, Object... arguments) {
        return new Decides(new Decision.Act(step, reason, message.formatted(arguments)));
    }

    /** Waits for something that takes milliseconds or seconds: a look at the next change is due soon. */
    static Verdict waitShortly(Reason reason, String message, Object... arguments) {
        return new Decides(new Decision.Wait(reason, message.formatted(arguments), Cadence.SHORT));
    }

    /** Waits for somebody else, a person or a machine that starts. */
    static Verdict waitLong(Reason reason, String message, Object... arguments) {
        return new Decides(new Decision.Wait(reason, message.formatted(arguments), Cadence.LONG));
    }

    static Verdict refuse(Reason reason, String message, Object... arguments) {
        return new Decides(new Decision.Refuse(reason, message.formatted(arguments)));
    }

    static Verdict settled(Reason reason, String message, Object... arguments) {
        return new Decides(new Decision.Settled(reason, message.formatted(arguments)));
    }
}
