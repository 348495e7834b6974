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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the preStop hook of the {@code mongod} container waits for: Kubernetes stops {@code mongod} when the hook's call
 * has been answered. Any process in the cluster can make that call, so it has an effect only when Kubernetes says that
 * this pod is being deleted, and it sends the API server at most one request in each {@link #APART}.
 *
 * <p>{@link #hold} belongs to one thread at a time: the caller shares one hold among all calls. The rest may be called
 * from any thread.
 */
public final class TerminationHold {
    private static final Logger LOG = LoggerFactory.getLogger("muster");

    /** {@code mongod} ends by itself within 15 s after its signal. The rest is for a slow disk. */
    static final Duration LEFT_FOR_MONGOD = Duration.ofSeconds(25);

    /** For so long an API server that does not answer is asked again: it may restart, and a connection may break. */
    static final Duration API_SERVER_LIMIT = Duration.ofSeconds(20);

    /** From one request to the API server to the next. */
    static final Duration APART = Duration.ofMillis(500);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private static final Ordinals NO_OPTIONS = new Ordinals(0, 0);

    private final Kubernetes kubernetes;
    private final int ordinal;
    private final Clock clock;
    private final Sleeper sleeper;
    private volatile boolean leaving;
    private @Nullable Instant lastRequest;

    /**
     * A hold that nobody waits for yet.
     *
     * @param ordinal of this pod
     */
    public TerminationHold(Kubernetes kubernetes, int ordinal, Clock clock, Sleeper sleeper) {
        this.kubernetes = kubernetes;
        this.ordinal = ordinal;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /** Whether Kubernetes is deleting this pod, as far as known. A deletion cannot be undone. */
    public boolean isLeaving() {
        return leaving;
    }

    /**
     * Waits until this pod's member may stop, or its grace period is nearly over; says which, in a sentence. Everything
     * that it rests on was read after it was called, so the answer is right for every call that was made before.
     */
    public String hold(ControlLoop loop) {
        return hold(loop::report, loop::wake);
    }

    /**
     * The same.
     *
     * @param reports what the last cycle came to
     * @param wake begins a cycle at once
     */
    String hold(Supplier<Optional<CycleReport>> reports, Runnable wake) {
        try {
            return switch (ownPod()) {
                case Kubernetes.Staying staying -> "not delayed: Kubernetes is not deleting this pod";
                case Kubernetes.NotKnown notKnown -> {
                    String answer = "not delayed: it is not known whether Kubernetes is deleting this pod: "
                            + notKnown.message();
                    LOG.warn("the preStop hook was {}", answer);
                    yield answer;
                }
                case Kubernetes.Leaving going -> {
                    String answer = untilFree(reports, wake, going.until());
                    LOG.info("this pod is being deleted; its mongod {}", answer);
                    yield answer;
                }
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "is no longer delayed: the sidecar ends";
        }
    }

    /**
     * Whether this pod is being deleted. Asks until that is known, or {@link #API_SERVER_LIMIT} has passed: one request
     * that fails must not let a member stop with its vote.
     */
    private Kubernetes.OwnPod ownPod() throws InterruptedException {
        if (kubernetes.facts(Set.of()) instanceof KubernetesFacts.Off) {
            return kubernetes.ownPod();
        }
        Instant began = clock.instant();
        while (true) {
            Duration wait = untilNextRequest();
            if (!wait.isZero()) {
                sleeper.sleep(wait);
            }
            lastRequest = clock.instant();
            Kubernetes.OwnPod answer = kubernetes.ownPod();
            if (!(answer instanceof Kubernetes.NotKnown) || hasLasted(API_SERVER_LIMIT, began)) {
                return answer;
            }
        }
    }

    /** A clock that was set back must not put the next request off. */
    private Duration untilNextRequest() {
        Instant last = lastRequest;
        if (last == null) {
            return Duration.ZERO;
        }
        Duration since = Duration.between(last, clock.instant());
        return since.isNegative() || since.compareTo(APART) >= 0 ? Duration.ZERO : APART.minus(since);
    }

    private boolean hasLasted(Duration time, Instant since) {
        return Duration.between(since, clock.instant()).compareTo(time) > 0;
    }

    private String untilFree(Supplier<Optional<CycleReport>> reports, Runnable wake, Instant killedAt)
            throws InterruptedException {
        if (!leaving) {
            leaving = true;
            LOG.info("this pod is being deleted: mongod stops when the set allows it, at the latest at {}", killedAt);
        }
        wake.run();
        // Each limit counts from when its own reason began: a primary that first waited for the others of a majority to
        // come back needs its time to hand over after that. All begin again when a scale-down was taken back.
        Map<Duration, Instant> begun = new HashMap<>();
        Instant since = clock.instant();
        Departure.Hold hold =
                new Departure.Hold("the state of its member is not known yet", Optional.of(Departure.HAND_OVER_LIMIT));
        while (clock.instant().isBefore(killedAt.minus(LEFT_FOR_MONGOD))) {
            Optional<Snapshot> seen = reports.get().map(CycleReport::snapshot).filter(this::knowsOfTheEnd);
            boolean isForGood = seen.filter(Departure::isForGood).isPresent();
            if (isForGood) {
                begun.clear();
                since = clock.instant();
            }
            Optional<String> free = Optional.empty();
            if (seen.isPresent()) {
                switch (Departure.of(seen.get())) {
                    case Departure.Free mayStop -> free = Optional.of(mayStop.why());
                    case Departure.Hold holds -> {
                        hold = holds;
                        if (holds.limit().isPresent()) {
                            since = begun.computeIfAbsent(holds.limit().get(), limit -> clock.instant());
                        }
                    }
                }
            }
            boolean isOver = hold.limit().isPresent() && hasLasted(hold.limit().get(), since);
            if ((free.isPresent() || isOver) && untilNextRequest().isZero()) {
                Optional<Boolean> asked = isForGoodNow();
                if (free.isPresent() && asked.equals(Optional.of(isForGood))) {
                    return "may stop: " + free.get();
                }
                if (isOver && !asked.orElse(false)) {
                    return "is no longer delayed, because it has waited for %d s: %s"
                            .formatted(hold.limit().orElseThrow().toSeconds(), hold.why());
                }
                hold = hold.because("it is not certain yet whether a scale-down removes it");
            }
            sleeper.sleep(LOOK_AGAIN);
        }
        return "is no longer delayed, because its grace period ends: " + hold.why();
    }

    /**
     * Whether the StatefulSet, read now, does not ask for this ordinal; empty if the API server does not answer. The
     * kubelet may learn that the pod ends before our watch learns of the scale-down. Without this, two of three members
     * would stop and keep their votes.
     */
    private Optional<Boolean> isForGoodNow() {
        lastRequest = clock.instant();
        return kubernetes.factsNow() instanceof KubernetesFacts.Known known
                ? Optional.of(Wanted.of(known, NO_OPTIONS).excludes(ordinal))
                : Optional.empty();
    }

    /** Whether a snapshot was taken after this pod began to terminate. Never without Kubernetes. */
    private boolean knowsOfTheEnd(Snapshot snapshot) {
        return snapshot.isTerminating(ordinal);
    }
}
