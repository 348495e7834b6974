package dev.muster.loop;

import dev.muster.plan.Decision;
import dev.muster.plan.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One log line, and one entry of the history, for each change of the decision. One thread only. */
final class DecisionLog {
    private static final Logger LOG = LoggerFactory.getLogger("muster");

    /** A wait whose words change (a clone's progress) is told again this often. */
    private static final Duration RETELL = Duration.ofSeconds(10);

    private static final String FAILED = "failed: ";

    private final Deque<LoopState.Change> history = new ArrayDeque<>();

    /** Tells of a decision and, for an act, of what became of it. */
    void tell(Decision decision, @Nullable Outcome outcome, Instant now) {
        LoopState.Change change = new LoopState.Change(
                now,
                decision.kind(),
                decision.reason().name(),
                decision.message(),
                outcome == null ? "" : describe(outcome));
        if (!isNews(change)) {
            return;
        }
        history.addFirst(change);
        if (history.size() > LoopState.HISTORY_LENGTH) {
            history.removeLast();
        }
        String line = "%s %s: %s%s"
                .formatted(
                        change.kind(),
                        change.reason(),
                        change.message(),
                        change.outcome().isEmpty() ? "" : " [" + change.outcome() + "]");
        if (decision instanceof Decision.Refuse || outcome instanceof Outcome.Failed) {
            LOG.warn(line);
        } else {
            LOG.info(line);
        }
    }

    /** Another kind or reason is news at once; the same in other words, or tried again in vain, after a while. */
    private boolean isNews(LoopState.Change change) {
        LoopState.Change before = history.peekFirst();
        if (before == null
                || !before.reason().equals(change.reason())
                || !before.kind().equals(change.kind())) {
            return true;
        }
        boolean failsAgain =
                before.outcome().startsWith(FAILED) && change.outcome().equals(before.outcome());
        if (change.kind().equals("act") && !failsAgain) {
            return true;
        }
        boolean sameWait = !change.kind().equals("act") && before.message().equals(change.message());
        return !sameWait && Duration.between(before.at(), change.at()).compareTo(RETELL) >= 0;
    }

    private static String describe(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done done -> "done";
            case Outcome.Stale stale -> "nothing written: " + stale.why();
            case Outcome.Failed failed -> FAILED + failed.why();
        };
    }

    List<LoopState.Change> history() {
        return List.copyOf(history);
    }
}
