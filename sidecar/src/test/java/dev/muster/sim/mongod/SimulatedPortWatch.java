package dev.muster.sim.mongod;

import dev.muster.mongo.PortWatch;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * A port, as the driver's monitor sees it: it learns of the end of a process at once, unless that is cut off, and of
 * another process only when it looks again.
 */
final class SimulatedPortWatch implements PortWatch {
    /** Where nothing else asks that mongod. */
    static final Duration SELDOM = Duration.ofSeconds(10);

    /** Where commands wait for it. */
    static final Duration OFTEN = Duration.ofMillis(50);

    private final Mongods mongods;
    private final int place;
    private final List<InetAddress> addresses;
    private final int port;
    private final Duration looksAgain;
    private final Runnable onEnded;
    private boolean processEnded;
    private boolean unwatched;

    SimulatedPortWatch(
            Mongods mongods, int place, List<InetAddress> addresses, int port, Duration looksAgain, Runnable onEnded) {
        this.mongods = mongods;
        this.place = place;
        this.addresses = List.copyOf(addresses);
        this.port = port;
        this.looksAgain = looksAgain;
        this.onEnded = onEnded;
        mongods.watch(this);
        mongods.scheduler().after(mongods.latency(), () -> {
            if (addresses.stream().allMatch(at -> mongods.reach(place, at, port).equals(Mongods.Reached.REFUSED))) {
                learn(true);
            }
        });
    }

    void closed(MongodProcess process) {
        if (isWatched(process) && mongods.network().carries(process.place(), place)) {
            mongods.scheduler().after(mongods.latency(), () -> learn(true));
        }
    }

    void opened(MongodProcess process) {
        if (isWatched(process)) {
            Duration until = mongods.scheduler().between(Duration.ZERO, looksAgain);
            mongods.scheduler()
                    .after(
                            until,
                            () -> learn(
                                    mongods.listening(process.address(), port).isEmpty()));
        }
    }

    private boolean isWatched(MongodProcess process) {
        return process.port() == port && addresses.contains(process.address());
    }

    private void learn(boolean now) {
        boolean isNews = now && !processEnded;
        processEnded = now;
        if (isNews && !unwatched) {
            onEnded.run();
        }
    }

    @Override
    public boolean hasEnded() {
        return processEnded;
    }

    @Override
    public void close() {
        unwatched = true;
        mongods.endWatch(this);
    }
}
