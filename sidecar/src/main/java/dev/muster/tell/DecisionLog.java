package dev.muster.tell;

import dev.muster.plan.Decision;
import dev.muster.plan.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One log line, and one entry of the history, for each change of the decision. One thread only. */
public final class DecisionLog {
    private static final Logger LOG = LoggerFactory.getLogger("muster");

    /** A wait whose message changes (a clone's progress) is logged again this often. */
    private static final Duration RETELL = Duration.ofSeconds(10);

    private final Deque<CycleReport.Change> history = new ArrayDeque<>();

    public void tell(Decision decision, Optional<Outcome> outcome, Instant now) {
        CycleReport.Change change = new CycleReport.Change(now, decision, outcome);
        if (!isNews(change)) {
            return;
        }
        history.addFirst(change);
        if (history.size() > CycleReport.HISTORY_LENGTH) {
            history.removeLast();
        }
        if (decision instanceof Decision.Refuse || hasFailed(change)) {
            LOG.warn("{}", change);
        } else {
            LOG.info("{}", change);
        }
    }

    /** Another kind or reason is news at once. Another message, or the same failure again, is news after a while. */
    private boolean isNews(CycleReport.Change change) {
        CycleReport.Change before = history.peekFirst();
        if (before == null
                || before.reason() != change.reason()
                || !before.decision().kind().equals(change.decision().kind())) {
            return true;
        }
        boolean isAct = change.decision() instanceof Decision.Act;
        boolean failsAgain = hasFailed(before) && change.outcome().equals(before.outcome());
        if (isAct && !failsAgain) {
            return true;
        }
        boolean sameWait =
                !isAct && before.decision().message().equals(change.decision().message());
        return !sameWait && Duration.between(before.at(), change.at()).compareTo(RETELL) >= 0;
    }

    private static boolean hasFailed(CycleReport.Change change) {
        return change.outcome().filter(Outcome.Failed.class::isInstance).isPresent();
    }

    /** The last changes, newest first. */
    public List<CycleReport.Change> history() {
        return List.copyOf(history);
    }
}
