package dev.muster.sim.mongod;

import dev.muster.model.HostAddress;
import dev.muster.model.InitialSync;
import dev.muster.model.MemberState;
import dev.muster.model.SourcePreference;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One member's initial sync: attempts to copy all data of another, of which the tenth to fail ends the process. */
final class Cloning {
    private static final int MOST_ATTEMPTS = 10;
    /** How often an attempt looks for a source before it counts as failed. */
    private static final int MOST_CHOICES = 10;

    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration STEP = Duration.ofMillis(250);
    /** Measured: 768 MB with 6 indexes in 24.4 s. */
    private static final long BYTES_PER_STEP = 8_000_000;

    private final MongodProcess process;
    private final Membership membership;
    private Optional<HostAddress> source = Optional.empty();
    private Optional<HostAddress> requested = Optional.empty();
    private Optional<HostAddress> clonedFrom = Optional.empty();
    private OptionalLong totalBytes = OptionalLong.empty();
    private Duration began = Duration.ZERO;
    private long copiedBytes;
    private int failed;
    private long attempt;
    private boolean active;

    static Duration timeFor(long bytes) {
        return STEP.multipliedBy(bytes / BYTES_PER_STEP + 1);
    }

    Cloning(MongodProcess process, Membership membership) {
        this.process = process;
        this.membership = membership;
    }

    /** From whom this process made its clone; empty where it made none. */
    Optional<HostAddress> clonedFrom() {
        return clonedFrom;
    }

    Optional<InitialSync> status() {
        return active
                ? Optional.of(new InitialSync(
                        source,
                        failed,
                        copiedBytes,
                        totalBytes,
                        totalBytes.isPresent()
                                ? Optional.of(STEP.multipliedBy(
                                        Math.max(0, totalBytes.getAsLong() - copiedBytes) / BYTES_PER_STEP))
                                : Optional.empty(),
                        process.now().minus(began)))
                : Optional.empty();
    }

    void begin() {
        process.volume().beginClone();
        active = true;
        failed = 0;
        began = process.now();
        clonedFrom = Optional.empty();
        attempt();
    }

    void stop() {
        active = false;
        attempt++;
    }

    /** {@code replSetSyncFrom}: gives up the running attempt, as long as it has copied nothing. */
    boolean redirect(HostAddress to) {
        if (!active || copiedBytes > 0) {
            return false;
        }
        requested = Optional.of(to);
        fail();
        return true;
    }

    private void attempt() {
        attempt++;
        source = Optional.empty();
        totalBytes = OptionalLong.empty();
        copiedBytes = 0;
        later(process.mongods().millis(5, 30), () -> choose(MOST_CHOICES));
    }

    private void later(Duration wait, Runnable what) {
        long of = attempt;
        process.after(wait, () -> {
            if (active && of == attempt) {
                what.run();
            }
        });
    }

    private void fail() {
        attempt++;
        failed++;
        source = Optional.empty();
        totalBytes = OptionalLong.empty();
        copiedBytes = 0;
        if (failed >= MOST_ATTEMPTS) {
            process.crash();
        } else {
            later(RETRY, this::attempt);
        }
    }

    private void choose(int tries) {
        if (process.launch().sourcePreference() == SourcePreference.SECONDARY_ONLY && isOrderedToThePrimary()) {
            process.abort("Invariant failure in chooseNewSyncSource");
            return;
        }
        Optional<PeerView> chosen = requested
                .flatMap(host -> membership.heartbeats().peer(host))
                .or(() -> membership.heartbeats().haveAnsweredEnough() ? preferred() : Optional.empty());
        requested = Optional.empty();
        if (chosen.isPresent()) {
            PeerView from = chosen.get();
            source = Optional.of(from.host());
            later(process.mongods().millis(100, 400), () -> copy(from));
        } else if (tries > 1) {
            later(RETRY, () -> choose(tries - 1));
        } else {
            fail();
        }
    }

    private boolean isOrderedToThePrimary() {
        return requested
                .flatMap(host -> membership.heartbeats().peer(host))
                .filter(peer -> peer.state() == MemberState.PRIMARY)
                .isPresent();
    }

    private Optional<PeerView> preferred() {
        List<PeerView> readable = membership.heartbeats().peers().stream()
                .filter(PeerView::isReadable)
                .toList();
        Optional<PeerView> primary = readable.stream()
                .filter(peer -> peer.state() == MemberState.PRIMARY)
                .findFirst();
        List<PeerView> secondaries = readable.stream()
                .filter(peer -> peer.state() == MemberState.SECONDARY)
                .toList();
        Optional<PeerView> secondary = secondaries.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        secondaries.get(process.mongods().scheduler().random().nextInt(secondaries.size())));
        return switch (process.launch().sourcePreference()) {
            case ANY -> primary.or(() -> secondary);
            case SECONDARY_PREFERRED -> secondary.or(() -> primary);
            case SECONDARY_ONLY -> secondary;
        };
    }

    private void copy(PeerView from) {
        MongodProcess other = process.reach(from.host(), from.connectedTo()).process();
        if (other == null || !other.membership().isReadable() || !membership.isOfSameSet(other.membership())) {
            fail();
            return;
        }
        totalBytes = OptionalLong.of(other.volume().sizeBytes());
        if (copiedBytes < other.volume().sizeBytes()) {
            copiedBytes =
                    Math.min(other.volume().sizeBytes(), copiedBytes + (long) (BYTES_PER_STEP / process.slowDisk()));
            later(STEP, () -> copy(from));
        } else {
            active = false;
            process.volume().endClone(other.volume());
            clonedFrom = Optional.of(from.host());
            membership.learnTerm(other.membership().term());
            membership.becomeSecondary();
        }
    }
}
