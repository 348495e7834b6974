package dev.muster.interleaving;

import dev.muster.interleaving.State.Refused;
import dev.muster.interleaving.State.Role;
import dev.muster.interleaving.State.Run;
import dev.muster.model.Snapshot;
import dev.muster.plan.Judgement;
import dev.muster.plan.Readiness;
import dev.muster.tell.Announcement;
import dev.muster.tell.CycleReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The real {@link Announcement} of a process. All that it remembers, and that matters here, is since when the Service has
 * been left to a newer election. So a new one is brought to that point first, by the same answer.
 */
final class Telling {
    /** Longer than an announcement waits before it takes over. */
    private static final Duration LONG_TIME = Duration.ofSeconds(20);

    /** Longer than its pause after a refusal. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final ToyKubernetes kubernetes;
    private final Optional<Refused> before;

    Telling(ToyKubernetes kubernetes, Optional<Refused> before) {
        this.kubernetes = kubernetes;
        this.before = before;
    }

    /** Makes the requests of one announcement; since when the Service is left to a newer election after that. */
    Optional<Refused> tell(Run run) {
        Optional<Refused> same =
                before.filter(refused -> isOfOneOffice(refused.seen().look(), run.look()));
        AtomicLong nanos = new AtomicLong();
        Announcement announcement = new Announcement(kubernetes, () -> Look.BEGIN.plusNanos(nanos.get()), nanos::get);
        same.ifPresent(refused -> {
            kubernetes.refuses(true);
            announcement.tell(report(refused.seen(), Optional.empty(), Duration.ZERO));
            kubernetes.refuses(false);
        });
        Duration since = same.map(Refused::passed).orElse(false) ? LONG_TIME : Duration.ZERO;
        nanos.set(since.plus(PAUSE).toNanos());
        announcement.tell(report(run.seen(), Optional.of(run), run.passed() ? Duration.ZERO : since));
        if (!kubernetes.wasRefused()) {
            return Optional.empty();
        }
        return kubernetes.wasForNewer() ? same.or(() -> Optional.of(new Refused(run.seen(), false))) : same;
    }

    private static boolean isOfOneOffice(Look one, Look other) {
        return one.own().role() == Role.PRIMARY
                && other.own().role() == Role.PRIMARY
                && one.own().term() == other.own().term()
                && one.own().config().set().equals(other.own().config().set());
    }

    private CycleReport report(Seen seen, Optional<Run> run, Duration after) {
        Snapshot snapshot = seen.snapshot();
        Judgement judgement = seen.judged(run.flatMap(Run::aside));
        return new CycleReport(
                snapshot,
                judgement,
                Optional.empty(),
                Readiness.of(snapshot, judgement.decision()),
                List.of(),
                new CycleReport.Times(Duration.ZERO, Duration.ZERO, Duration.ZERO),
                Look.BEGIN.plus(after));
    }
}
