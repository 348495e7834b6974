package dev.muster.playground.bench;

import dev.muster.playground.LocalMember;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What a sidecar that polls would do: asks one member {@code hello} each second, until it answers that it is a
 * writable primary, or is closed.
 */
final class HelloLoop implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final LocalMember member;
    private final Thread thread;
    private volatile Optional<Instant> seen = Optional.empty();

    private HelloLoop(LocalMember member) {
        this.member = member;
        this.thread = Thread.ofVirtual().unstarted(this::run);
    }

    /** Begins within the next second, at random: a poll knows nothing of the moment that it is to catch. */
    static HelloLoop start(LocalMember member) {
        HelloLoop loop = new HelloLoop(member);
        loop.thread.start();
        return loop;
    }

    LocalMember member() {
        return member;
    }

    /** When it saw its member to be the primary; empty while it has not. */
    Optional<Instant> seen() {
        return seen;
    }

    private void run() {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(INTERVAL.toMillis()));
            while (!new MemberProbe(member).isWritablePrimary()) {
                Thread.sleep(INTERVAL);
            }
            seen = Optional.of(Instant.now());
        } catch (InterruptedException e) {
            // Closed: the other member is the primary.
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
