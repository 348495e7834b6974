package dev.muster.plan;

import static java.util.Objects.requireNonNull;

/**
 * What a rule says about one snapshot. A ban is not a wait: {@link Forbids} ends the ladder, because nothing below is
 * safe while it holds. {@link Awaits} is only noted, and the rules below may still act.
 */
sealed interface Verdict {
    /** It has nothing to say, and why. */
    record Passes(String why) implements Verdict {
        public Passes {
            requireNonNull(why, "why is null");
        }
    }

    /** It wants this write. */
    record Acts(Decision.Act act) implements Verdict {
        public Acts {
            requireNonNull(act, "act is null");
        }
    }

    /** It waits for something, and lets the rules below act. The first one noted is the decision if nothing acts. */
    record Awaits(Decision.Wait decision) implements Verdict {
        public Awaits {
            requireNonNull(decision, "decision is null");
        }
    }

    /** A wait or a refusal while which nothing below may be done. */
    record Forbids(Decision decision) implements Verdict {
        public Forbids {
            requireNonNull(decision, "decision is null");
        }
    }

    /** Nothing is left to be done. */
    record Settles(Decision.Settled settled) implements Verdict {
        public Settles {
            requireNonNull(settled, "settled is null");
        }
    }

    static Verdict passes(String why) {
        return new Passes(why);
    }

    static Verdict act(Step step, Reason reason, String message, Object... arguments) {
        return new Acts(new Decision.Act(step, reason, message.formatted(arguments)));
    }

    /** Waits for something that takes milliseconds or seconds, so it is looked at again soon. */
    static Verdict awaitShortly(Reason reason, String message, Object... arguments) {
        return new Awaits(shortly(reason, message, arguments));
    }

    /** Waits for an operator, or for a machine to start. */
    static Verdict await(Reason reason, String message, Object... arguments) {
        return new Awaits(seldom(reason, message, arguments));
    }

    /** Forbids everything below until something has happened that takes milliseconds or seconds. */
    static Verdict forbidShortly(Reason reason, String message, Object... arguments) {
        return new Forbids(shortly(reason, message, arguments));
    }

    /** Forbids everything below until an operator has done something, or a machine has started. */
    static Verdict forbid(Reason reason, String message, Object... arguments) {
        return new Forbids(seldom(reason, message, arguments));
    }

    /** Muster will not act on this, however much time passes. */
    static Verdict refuse(Reason reason, String message, Object... arguments) {
        return new Forbids(new Decision.Refuse(reason, message.formatted(arguments)));
    }

    static Verdict settled(Reason reason, String message, Object... arguments) {
        return new Settles(new Decision.Settled(reason, message.formatted(arguments)));
    }

    private static Decision.Wait shortly(Reason reason, String message, Object... arguments) {
        return new Decision.Wait(reason, message.formatted(arguments), Cadence.SHORT);
    }

    private static Decision.Wait seldom(Reason reason, String message, Object... arguments) {
        return new Decision.Wait(reason, message.formatted(arguments), Cadence.LONG);
    }
}
