package dev.muster.sim.cluster;

import dev.muster.sim.cluster.KubernetesObjects.Kind;
import dev.muster.sim.cluster.KubernetesObjects.Versioned;
import dev.muster.sim.engine.Network;
import dev.muster.sim.engine.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One object as one process sees it: {@code WatchedObject}, without a thread. It lists, then hears of each change in
 * its order, each after a while of its own. It hears nothing while it is cut off, and goes on showing what it heard
 * last for as long as the real one does.
 */
final class SimulatedWatch<T> {
    /** As in {@code WatchedObject}: the server ends a watch after this. */
    private static final Duration WATCH = Duration.ofSeconds(60);

    /** As in {@code WatchedObject}: a watch that does not end is given up this much later. */
    private static final Duration GIVEN_UP = Duration.ofSeconds(10);

    /** As in {@code WatchedObject}. */
    static final Duration TRUSTED_FOR = WATCH.plus(GIVEN_UP).plusSeconds(5);

    private static final Duration FIRST_RETRY = Duration.ofMillis(250);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

    /** How often a connection does not survive that one side was away. */
    private static final double LOST_WITH_THE_PEER = 0.3;

    /** TCP sends again what was lost. */
    private static final Duration SENT_AGAIN = Duration.ofMillis(800);

    private final ApiServer server;
    private final Scheduler scheduler;
    private final Network network;
    private final ApiClient client;
    private final Kind kind;
    private final Supplier<Optional<Versioned<T>>> object;
    private final Runnable onChange;
    private final Consumer<Kind> listener = this::changed;
    private final Deque<Optional<Versioned<T>>> coming = new ArrayDeque<>();
    private final List<Runnable> held = new ArrayList<>();

    private Seen<T> seen;
    private Duration retry = FIRST_RETRY;
    private Duration lastArrival = Duration.ZERO;
    private int connection;
    private boolean watching;
    private boolean hanging;
    private boolean frozen;
    private boolean closed;

    /**
     * What is known.
     *
     * @param since since when it has been seen as it is
     * @param heard when the server last confirmed it
     * @param failure why nothing newer is known
     */
    record Seen<T>(Optional<T> object, long version, boolean known, Duration since, Duration heard, String failure) {}

    SimulatedWatch(
            ApiServer server,
            Network network,
            int place,
            Kind kind,
            Supplier<Optional<Versioned<T>>> object,
            Runnable onChange) {
        this.server = server;
        this.scheduler = server.scheduler();
        this.network = network;
        this.client = new ApiClient(server, network, place);
        this.kind = kind;
        this.object = object;
        this.onChange = onChange;
        Duration now = scheduler.elapsed();
        this.seen = new Seen<>(Optional.empty(), 0, false, now, now, "the API server was not heard yet");
        server.watch(listener);
        later(Duration.ZERO, this::list);
    }

    /** What is known now; not known when the server has been silent for too long. */
    Seen<T> seen() {
        boolean trusted = scheduler.elapsed().minus(seen.heard()).compareTo(TRUSTED_FOR) < 0;
        return trusted || !seen.known()
                ? seen
                : new Seen<>(Optional.empty(), 0, false, seen.since(), seen.heard(), seen.failure());
    }

    /**
     * An event of this connection: it is void when the process ended or connects anew, and waits while it is frozen.
     */
    private void later(Duration delay, Runnable what) {
        int of = connection;
        scheduler.after(delay, () -> ifStill(of, what));
    }

    private void ifStill(int of, Runnable what) {
        if (closed || of != connection) {
            return;
        }
        if (frozen) {
            held.add(() -> ifStill(of, what));
        } else {
            what.run();
        }
    }

    private void list() {
        connection++;
        watching = false;
        coming.clear();
        if (!client.reaches()) {
            later(client.isRefused() ? network.latency() : ApiClient.LIMIT, () -> failed(client.silence()));
            return;
        }
        if (!server.faults().permits(kind)) {
            later(network.latency(), () -> failed(ApiClient.forbidden(kind).message()));
            return;
        }
        Duration delay = network.latency().plus(server.faults().delay());
        if (delay.compareTo(ApiClient.LIMIT) >= 0) {
            later(ApiClient.LIMIT, () -> failed(ApiClient.NO_ANSWER));
            return;
        }
        watching = true;
        hanging = false;
        arrives(delay, () -> listed(ApiClient.LIMIT.minus(delay)));
        later(WATCH, this::ended);
    }

    private void listed(Duration left) {
        if (client.hears()) {
            learn();
        } else {
            connection++;
            watching = false;
            later(left, () -> failed(ApiClient.NO_ANSWER));
        }
    }

    private void changed(Kind what) {
        if (closed || !watching) {
            return;
        }
        if (what == kind) {
            arrives(network.latency().plus(server.faults().lag()), this::arrived);
        } else if (what == Kind.SERVER && client.isRefused()) {
            later(network.latency(), () -> failed("the watch broke off: Connection reset"));
        } else if (what == Kind.SERVER && !server.faults().isUp()) {
            hanging = scheduler.chance(LOST_WITH_THE_PEER);
        }
    }

    /** What is so now arrives after a while, but not before what was sent earlier. */
    private void arrives(Duration delay, Runnable how) {
        coming.add(object.get());
        Duration at = scheduler.elapsed().plus(delay);
        lastArrival = at.compareTo(lastArrival) > 0 ? at : lastArrival;
        later(lastArrival.minus(scheduler.elapsed()), how);
    }

    /**
     * What could not be delivered comes later, or the connection is lost and nobody notices until the watch should
     * end.
     */
    private void arrived() {
        if (hanging) {
            return;
        }
        if (client.hears()) {
            learn();
            return;
        }
        hanging = scheduler.chance(LOST_WITH_THE_PEER);
        later(SENT_AGAIN, this::arrived);
    }

    private void learn() {
        learn(coming.remove());
    }

    /** This is how it is now: from the watch, or from somebody who has just read it. */
    void learn(Optional<Versioned<T>> next) {
        long version = next.map(Versioned::version).orElse(0L);
        boolean same = seen.known() && seen.version() == version;
        Duration now = scheduler.elapsed();
        seen = new Seen<>(next.map(Versioned::content), version, true, same ? seen.since() : now, now, "");
        if (!same) {
            onChange.run();
        }
    }

    private void ended() {
        if (client.hears() && !hanging) {
            retry = FIRST_RETRY;
            list();
        } else {
            later(GIVEN_UP, () -> failed("the watch did not end when it should"));
        }
    }

    private void failed(String why) {
        connection++;
        watching = false;
        seen = new Seen<>(seen.object(), seen.version(), seen.known(), seen.since(), seen.heard(), why);
        later(retry, this::list);
        retry = retry.multipliedBy(2).compareTo(LONGEST_RETRY) < 0 ? retry.multipliedBy(2) : LONGEST_RETRY;
    }

    /** The process stands still: what was heard stays as it is, and its age grows. */
    void freeze() {
        frozen = true;
    }

    /** It goes on; what came meanwhile is heard a moment later, not at once. */
    void thaw() {
        frozen = false;
        List<Runnable> due = List.copyOf(held);
        held.clear();
        due.forEach(what -> scheduler.after(network.latency(), what));
    }

    void close() {
        closed = true;
        server.unwatch(listener);
    }
}
