package dev.muster.loop;

import dev.muster.kube.Kubernetes;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.mongo.Outcome;
import dev.muster.plan.Decision;
import dev.muster.plan.Reason;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Kubernetes how things are: who is behind the primary's Service, the role on the pod, Events for people. Nothing
 * is decided by any of it, and a failure only means that it is tried again: so it has a thread of its own, on which the
 * cycle never waits.
 */
final class Announcer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    /** Should somebody else change the label or the slice, it is put right after this. */
    private static final Duration REPEAT = Duration.ofSeconds(60);

    private static final Duration RETRY = Duration.ofSeconds(1);

    /** A wait that ends sooner than this is no news for a person. */
    private static final Duration LASTING = Duration.ofSeconds(5);

    /** Waits that a person should know of. */
    private static final Set<Reason> WORRYING = EnumSet.of(
            Reason.MONGOD_DENIED,
            Reason.PEERS_UNKNOWN,
            Reason.NEW_SET_NEEDS_APPROVAL,
            Reason.RECORD_UNAVAILABLE,
            Reason.FOREIGN_PEER,
            Reason.NO_PRIMARY,
            Reason.MEMBER_DOWN,
            Reason.TOO_MANY_MEMBERS,
            Reason.LEAVE_HELD,
            Reason.PAUSED);

    private final Kubernetes kubernetes;
    private final AtomicReference<@Nullable LoopState> latest = new AtomicReference<>();
    private final Semaphore news = new Semaphore(0);
    private final Thread thread;

    private Role toldRole = new Role("", OptionalLong.empty());
    private long toldAtNanos;
    private LoopState.@Nullable Change toldEvent;

    Announcer(Kubernetes kubernetes) {
        this.kubernetes = kubernetes;
        this.thread = Thread.ofVirtual().name("announcer").start(this::run);
    }

    /**
     * What this member is to others.
     *
     * @param electionTerm of a primary; empty for all others
     */
    private record Role(String label, OptionalLong electionTerm) {
        static Role of(LoopState state) {
            if (!(state.snapshot().local() instanceof LocalMongod.InSet set)
                    || state.decision() instanceof Decision.Refuse) {
                return new Role("other", OptionalLong.empty());
            }
            MemberState role = set.status().myState();
            return switch (role) {
                case PRIMARY -> new Role("primary", OptionalLong.of(set.status().term()));
                case SECONDARY -> new Role("secondary", OptionalLong.empty());
                case STARTUP, STARTUP2, RECOVERING, ROLLBACK, REMOVED, ARBITER, UNKNOWN, DOWN ->
                    new Role("other", OptionalLong.empty());
            };
        }
    }

    /** Takes note of a cycle's end; returns at once. */
    void tell(LoopState state) {
        latest.set(state);
        news.release();
    }

    private void run() {
        try {
            while (true) {
                boolean _ = news.tryAcquire(REPEAT.toMillis(), TimeUnit.MILLISECONDS);
                news.drainPermits();
                LoopState state = latest.get();
                if (state != null && !announceOrTell(state)) {
                    Thread.sleep(RETRY);
                    news.release();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean announceOrTell(LoopState state) {
        try {
            return announce(state);
        } catch (RuntimeException e) {
            // A bug; the Service and the label are still to follow the next primary.
            LOG.error("Kubernetes was not told how things are; it is tried again", e);
            return false;
        }
    }

    /** Whether nothing has to be tried again. */
    private boolean announce(LoopState state) {
        Role role = Role.of(state);
        boolean told = true;
        if (!role.equals(toldRole) || System.nanoTime() - toldAtNanos > REPEAT.toNanos()) {
            // First the Service, which clients wait for; the label is for people.
            Outcome service = role.electionTerm().isPresent()
                    ? kubernetes.publishPrimary(role.electionTerm().getAsLong())
                    : kubernetes.withdrawPrimary();
            Outcome label = kubernetes.label(role.label());
            boolean placed = isDone("the primary's EndpointSlice", service);
            told = isDone("the label muster.dev/role", label) && placed;
            if (told) {
                toldRole = role;
                toldAtNanos = System.nanoTime();
            }
        }
        event(state);
        return told;
    }

    private static boolean isDone(String what, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done done -> true;
            case Outcome.Stale stale -> {
                LOG.debug("{} is left as it is: {}", what, stale.why());
                yield false;
            }
            case Outcome.Failed failed -> {
                LOG.debug("{} was not written: {}", what, failed.why());
                yield false;
            }
        };
    }

    /** One Event for each change of decision that a person should know of; an Event that fails is not repeated. */
    private void event(LoopState state) {
        if (state.history().isEmpty()) {
            return;
        }
        LoopState.Change change = state.history().getFirst();
        if (change.equals(toldEvent) || !isForPeople(change, state)) {
            return;
        }
        boolean warning = !change.kind().equals("act") || change.reason().equals(Reason.FORCE_APPROVED.name());
        String outcome = change.outcome().isEmpty() ? "" : " [" + change.outcome() + "]";
        Outcome sent = kubernetes.event(warning, camelCase(change.reason()), change.message() + outcome);
        toldEvent = change;
        if (!(sent instanceof Outcome.Done)) {
            LOG.debug("no Event was made: {}", sent);
        }
    }

    private static boolean isForPeople(LoopState.Change change, LoopState state) {
        return switch (change.kind()) {
            case "act", "refuse" -> true;
            case "wait" ->
                WORRYING.contains(Reason.valueOf(change.reason()))
                        && Duration.between(change.at(), state.at()).compareTo(LASTING) >= 0;
            default -> false;
        };
    }

    private static String camelCase(String reason) {
        return Arrays.stream(reason.split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
