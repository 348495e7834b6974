package dev.muster.control;

import dev.muster.act.Sleeper;
import dev.muster.kube.Kubernetes;
import dev.muster.loop.ControlLoop;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.Ordinals;
import dev.muster.model.Snapshot;
import dev.muster.model.Wanted;
import dev.muster.plan.Departure;
import dev.muster.tell.CycleReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the preStop hook of the {@code mongod} container waits for: Kubernetes stops {@code mongod} when the hook's call
 * has been answered. Any process in the cluster can make that call, so it has an effect only when Kubernetes says that
 * this pod is being deleted. Any thread.
 */
public final class TerminationHold {
    private static final Logger LOG = LoggerFactory.getLogger("muster");

    /** {@code mongod} ends by itself within 15 s after its signal. The rest is for a slow disk. */
    private static final Duration LEFT_FOR_MONGOD = Duration.ofSeconds(25);

    /** A hand-over takes well under a second. A primary that has not handed over by then gets its signal. */
    private static final Duration HAND_OVER_LIMIT = Duration.ofSeconds(20);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    /** Where it asks the API server. */
    private static final Duration ASK_AGAIN = Duration.ofMillis(100);

    /** The kubelet calls once, and again when the connection breaks. */
    private static final int CALLERS = 8;

    private static final Ordinals NO_OPTIONS = new Ordinals(0, 0);

    private final Kubernetes kubernetes;
    private final Clock clock;
    private final Sleeper sleeper;
    private final Semaphore callers = new Semaphore(CALLERS);
    private volatile boolean leaving;

    public TerminationHold(Kubernetes kubernetes, Clock clock, Sleeper sleeper) {
        this.kubernetes = kubernetes;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /** Whether Kubernetes is deleting this pod, as far as known. A deletion cannot be undone. */
    public boolean isLeaving() {
        return leaving;
    }

    /** Waits until this pod's member may stop, or its grace period is nearly over; says which, in a sentence. */
    public String hold(ControlLoop loop) {
        if (!callers.tryAcquire()) {
            return "not delayed: " + CALLERS + " calls wait already";
        }
        try {
            return switch (kubernetes.ownPod()) {
                case Kubernetes.Staying staying -> "not delayed: Kubernetes is not deleting this pod";
                case Kubernetes.NotKnown notKnown ->
                    "not delayed: it is not known whether Kubernetes is deleting this pod: " + notKnown.message();
                case Kubernetes.Leaving going -> {
                    String answer = untilFree(loop, going.until());
                    LOG.info("this pod is being deleted; its mongod {}", answer);
                    yield answer;
                }
            };
        } finally {
            callers.release();
        }
    }

    private String untilFree(ControlLoop loop, Instant killedAt) {
        Instant began = clock.instant();
        if (!leaving) {
            leaving = true;
            LOG.info("this pod is being deleted: mongod stops when the set allows it, at the latest at {}", killedAt);
        }
        loop.wake();
        String reason = "the state of its member is not known yet";
        while (clock.instant().isBefore(killedAt.minus(LEFT_FOR_MONGOD))) {
            Optional<Snapshot> seen = loop.report().map(CycleReport::snapshot).filter(TerminationHold::knowsOfTheEnd);
            boolean isForGood = seen.filter(Departure::isForGood).isPresent();
            Duration lookAgain = LOOK_AGAIN;
            if (seen.isPresent()) {
                switch (Departure.of(seen.get())) {
                    case Departure.Free free -> {
                        Optional<Boolean> asked = isForGoodNow(seen.get().self().ordinal());
                        if (asked.equals(Optional.of(isForGood))) {
                            return "may stop: " + free.why();
                        }
                        isForGood |= asked.orElse(false);
                        reason = "it is not certain yet whether a scale-down removes it";
                        lookAgain = ASK_AGAIN;
                    }
                    case Departure.Hold hold -> reason = hold.why();
                }
            }
            if (!isForGood && Duration.between(began, clock.instant()).compareTo(HAND_OVER_LIMIT) > 0) {
                break;
            }
            try {
                sleeper.sleep(lookAgain);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return "is no longer delayed: the sidecar ends";
            }
        }
        return "is no longer delayed, because its grace period ends: " + reason;
    }

    /**
     * Whether the StatefulSet, read now, does not ask for that ordinal; empty if the API server does not answer. The
     * kubelet may learn that the pod ends before our watch learns of the scale-down. Without this, two of three members
     * would stop and keep their votes.
     */
    private Optional<Boolean> isForGoodNow(int ordinal) {
        return kubernetes.factsNow() instanceof KubernetesFacts.Known known
                ? Optional.of(Wanted.of(known, NO_OPTIONS).excludes(ordinal))
                : Optional.empty();
    }

    /** Whether a snapshot was taken after this pod began to terminate. Never without Kubernetes. */
    private static boolean knowsOfTheEnd(Snapshot snapshot) {
        return snapshot.isTerminating(snapshot.self().ordinal());
    }
}
