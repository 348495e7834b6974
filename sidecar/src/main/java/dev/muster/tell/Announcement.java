package dev.muster.tell;

import dev.muster.kube.Kubernetes;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import dev.muster.plan.Decision;
import dev.muster.plan.Outcome;
import dev.muster.plan.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Kubernetes is told: the pod behind the primary's Service, the role on the pod, and Events for operators. No
 * decision depends on it, and after a failure it is tried again. One thread only.
 */
public final class Announcement {
    private static final Logger LOG = LoggerFactory.getLogger(Announcement.class);

    /** If the label or the slice was changed by others, it is restored after this time. */
    static final Duration REPEAT = Duration.ofSeconds(60);

    /**
     * The first retry. Each further one waits twice as long, up to {@link #REPEAT}, or {@link #LONGEST_OF_SERVICE}. A new
     * role is told at once.
     */
    public static final Duration RETRY = Duration.ofSeconds(1);

    /** The longest wait while the Service does not follow: its clients wait too. */
    static final Duration LONGEST_OF_SERVICE = Duration.ofSeconds(4);

    /**
     * For so long a member has to be the primary after it was refused, before it takes the Service over from a newer
     * election. A primary that has lost its majority steps down after ten seconds, so an older one does not last until then.
     */
    static final Duration TAKE_OVER_AFTER = Duration.ofSeconds(15);

    /** A wait that ends sooner than this gets no Event. */
    private static final Duration LASTING = Duration.ofSeconds(5);

    /** What becomes of an approval: told also when the next decision was made before this one could be told. */
    private static final Set<Reason> OF_APPROVALS = EnumSet.of(
            Reason.FORCE_APPROVED,
            Reason.NEW_SET_APPROVED,
            Reason.SEED_APPROVED,
            Reason.RENAME_SET_APPROVED,
            Reason.APPROVAL_WITHDRAWN,
            Reason.APPROVAL_EXPIRED);

    /** Waits that an operator should know of. */
    private static final Set<Reason> WORRYING = EnumSet.of(
            Reason.MONGOD_DENIED,
            Reason.AWAIT_START,
            Reason.PEERS_UNKNOWN,
            Reason.NEW_SET_NEEDS_APPROVAL,
            Reason.SEED_EMPTY,
            Reason.RECORD_UNAVAILABLE,
            Reason.KUBERNETES_UNAVAILABLE,
            Reason.FOREIGN_PEER,
            Reason.HOLDS_DATA,
            Reason.NO_PRIMARY,
            Reason.STEP_FAILED,
            Reason.AWAIT_CLONE_SOURCE,
            Reason.MEMBER_DOWN,
            Reason.TOO_MANY_MEMBERS,
            Reason.LEAVE_HELD,
            Reason.PAUSED);

    private final Kubernetes kubernetes;
    private final InstantSource clock;
    private final LongSupplier monotonicNanos;

    private @Nullable Role lastTried;
    private boolean told;
    private Duration wait = REPEAT;
    private long dueNanos;
    private CycleReport.@Nullable Change lastSeen;
    private CycleReport.@Nullable Change toldEvent;
    /** Since when the Service does not lead to this primary, for whatever reason. */
    private @Nullable Moment failing;

    /** Since when this primary knows that the Service was left to a newer election. */
    private @Nullable Moment leftToNewer;

    private @Nullable String toldFailure;

    /** @param clock the one that stamps the reports */
    public Announcement(Kubernetes kubernetes, InstantSource clock, LongSupplier monotonicNanos) {
        this.kubernetes = kubernetes;
        this.clock = clock;
        this.monotonicNanos = monotonicNanos;
    }

    /**
     * The role that this member shows to others.
     *
     * @param electionTerm of a primary; empty for all others
     */
    private record Role(String label, String replicaSetId, OptionalLong electionTerm) {
        static Role of(CycleReport report) {
            // Not before the record names its set: another pod may have initiated one meanwhile.
            if (!(report.snapshot().local() instanceof LocalMongod.InSet set)
                    || report.decision() instanceof Decision.Refuse
                    || report.snapshot().record() instanceof SetRecord.Intended) {
                return new Role("other", "", OptionalLong.empty());
            }
            String id = set.config().replicaSetId();
            MemberState role = set.status().myState();
            return switch (role) {
                case PRIMARY ->
                    new Role("primary", id, OptionalLong.of(set.status().term()));
                case SECONDARY -> new Role("secondary", id, OptionalLong.empty());
                case STARTUP, STARTUP2, RECOVERING, ROLLBACK, REMOVED, ARBITER, UNKNOWN, DOWN ->
                    new Role("other", id, OptionalLong.empty());
            };
        }
    }

    /**
     * When something of the Service was first known: after the answer, as the process may have stood still before it came.
     *
     * @param at a report that is told late, by a process that stood still, says nothing about the time since
     * @param nanos by a monotonic clock
     */
    private record Moment(Instant at, long nanos) {}

    private Moment now() {
        return new Moment(clock.instant(), monotonicNanos.getAsLong());
    }

    /** The same moment, or now if the clock that stamps the reports was set back behind it. */
    private Moment sameOrNow(Moment since, CycleReport report) {
        return report.at().isBefore(since.at()) && clock.instant().isBefore(since.at()) ? now() : since;
    }

    private boolean hasLasted(Moment since, Duration time, CycleReport report) {
        return Duration.between(since.at(), report.at()).compareTo(time) >= 0
                && Duration.ofNanos(monotonicNanos.getAsLong() - since.nanos()).compareTo(time) >= 0;
    }

    /**
     * Publishes what is new, or due again.
     *
     * @return when it is due again if there is no news
     */
    public Duration tell(CycleReport report) {
        Role role = Role.of(report);
        if (!role.equals(lastTried)) {
            failing = null;
            leftToNewer = null;
        }
        if (!role.equals(lastTried) || monotonicNanos.getAsLong() - dueNanos >= 0) {
            boolean again = role.equals(lastTried) && !told;
            told = place(role, report);
            wait = told ? REPEAT : again ? shorter(wait.multipliedBy(2), longestRetry()) : RETRY;
            dueNanos = monotonicNanos.getAsLong() + wait.toNanos();
            lastTried = role;
        }
        event(report);
        // Events may have taken longer than that.
        return Duration.ofNanos(Math.max(0, dueNanos - monotonicNanos.getAsLong()));
    }

    private Duration longestRetry() {
        return failing == null ? REPEAT : LONGEST_OF_SERVICE;
    }

    /** First the Service, which clients wait for; the label is for operators. */
    private boolean place(Role role, CycleReport report) {
        Outcome service = role.electionTerm().isPresent()
                ? publish(role.replicaSetId(), role.electionTerm().getAsLong(), report)
                : kubernetes.withdrawPrimary();
        Outcome label = kubernetes.label(role.label());
        boolean placed = isDone("the primary's EndpointSlice", service);
        return isDone("the label muster.dev/role", label) && placed;
    }

    private Outcome publish(String replicaSetId, long term, CycleReport report) {
        Kubernetes.Publication publication = kubernetes.publishPrimary(replicaSetId, term);
        Outcome outcome = publication.outcome();
        if (publication.isLeftToNewer()) {
            outcome = takeOver(replicaSetId, term, report).orElse(outcome);
        }
        if (outcome instanceof Outcome.Done) {
            placed();
        } else {
            Moment since = failing == null ? now() : sameOrNow(failing, report);
            failing = since;
            if (hasLasted(since, LASTING, report)) {
                tellFailure(outcome);
            }
        }
        return outcome;
    }

    /**
     * After a restore of all volumes the elections count from an earlier term again, and each primary would be refused
     * until there were as many elections as before. So one that stays the primary of the recorded set takes the Service
     * over, unless the pod that has it is ready.
     *
     * @return empty where it is too early for that
     */
    private Optional<Outcome> takeOver(String replicaSetId, long term, CycleReport report) {
        Moment since = leftToNewer == null ? now() : sameOrNow(leftToNewer, report);
        leftToNewer = since;
        if (!hasLasted(since, TAKE_OVER_AFTER, report) || !isOfTheRecordedSet(report.snapshot(), replicaSetId)) {
            return Optional.empty();
        }
        Outcome outcome = kubernetes.takeOverPrimary(replicaSetId, term);
        if (outcome instanceof Outcome.Done) {
            LOG.warn(
                    "took the primary's Service over from a newer election than that of term {}: the set was"
                            + " restored from an earlier term",
                    term);
        }
        return Optional.of(outcome);
    }

    private static boolean isOfTheRecordedSet(Snapshot snapshot, String replicaSetId) {
        return snapshot.record().isOf(replicaSetId)
                && snapshot.inSet().filter(set -> set.config().committed()).isPresent();
    }

    private void placed() {
        if (toldFailure != null) {
            LOG.info("the primary's Service leads to this primary now");
        }
        failing = null;
        leftToNewer = null;
        toldFailure = null;
    }

    /** Once for each cause: clients of the Service do not find the primary. */
    private void tellFailure(Outcome outcome) {
        String why = outcome.words();
        if (why.equals(toldFailure)) {
            return;
        }
        toldFailure = why;
        String message = "the primary's Service does not lead to this primary, and is tried again: " + why;
        LOG.warn("{}", message);
        send(true, "PrimaryServiceNotUpdated", message);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
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

    /** One Event for each change of decision that an operator should know of. An Event that fails is not repeated. */
    private void event(CycleReport report) {
        CycleReport.Change last = lastSeen;
        List<CycleReport.Change> news = report.history().stream()
                .takeWhile(change -> !change.equals(last))
                .toList();
        for (CycleReport.Change change : news.reversed()) {
            boolean isCurrent = change.equals(news.getFirst());
            if (!isCurrent && OF_APPROVALS.contains(change.reason()) && change.decision() instanceof Decision.Act) {
                event(change);
            }
        }
        if (!report.history().isEmpty()) {
            current(report.history().getFirst(), report);
        }
    }

    private void current(CycleReport.Change change, CycleReport report) {
        lastSeen = change;
        if (!change.equals(toldEvent) && isForPeople(change, report)) {
            toldEvent = change;
            event(change);
        }
    }

    private void event(CycleReport.Change change) {
        boolean warning = !(change.decision() instanceof Decision.Act)
                || change.reason() == Reason.FORCE_APPROVED
                || change.reason() == Reason.SEED_APPROVED
                || change.reason() == Reason.RENAME_SET_APPROVED
                || change.reason() == Reason.APPROVAL_EXPIRED;
        String outcome = change.outcome().map(what -> " [" + what.words() + "]").orElse("");
        send(warning, camelCase(change.reason().name()), change.decision().message() + outcome);
    }

    private void send(boolean warning, String reason, String message) {
        Outcome sent = kubernetes.event(warning, reason, message);
        if (!(sent instanceof Outcome.Done)) {
            LOG.debug("the Event was not created: {}", sent);
        }
    }

    private static boolean isForPeople(CycleReport.Change change, CycleReport report) {
        return switch (change.decision()) {
            case Decision.Act act -> true;
            case Decision.Refuse refuse -> true;
            case Decision.Wait wait ->
                WORRYING.contains(wait.reason())
                        && Duration.between(change.at(), report.at()).compareTo(LASTING) >= 0;
            case Decision.Settled settled -> false;
        };
    }

    private static String camelCase(String reason) {
        return Arrays.stream(reason.split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }
}
