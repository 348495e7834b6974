package dev.muster.sim.cluster;

import dev.muster.sim.cluster.KubernetesObjects.Answer;
import dev.muster.sim.cluster.KubernetesObjects.Kind;
import dev.muster.sim.engine.Network;
import dev.muster.sim.engine.Scheduler;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How requests of one process travel to the API server and answers back. A request pauses, has its effect, and pauses
 * again, so anything may happen in between: another writer, a cut, the death of the caller.
 */
final class ApiClient {
    /** As {@code Api} waits for an answer. */
    static final Duration LIMIT = Duration.ofSeconds(3);

    static final String NO_ANSWER = "the API server did not answer within 3 s";
    static final String REFUSED = "the API server does not answer: Connection refused";

    private final ApiServer server;
    private final Scheduler scheduler;
    private final Network network;
    private final int place;

    ApiClient(ApiServer server, Network network, int place) {
        this.server = server;
        this.scheduler = server.scheduler();
        this.network = network;
        this.place = place;
    }

    /** Whether what we send arrives at a server that works. */
    boolean reaches() {
        return server.faults().isUp() && network.carries(place, Network.API_SERVER);
    }

    /** Whether what the server sends arrives here. */
    boolean hears() {
        return server.faults().isUp() && network.carries(Network.API_SERVER, place);
    }

    /** Why there is no answer: at once where connections are refused, else only after the limit. */
    String silence() {
        return isRefused() ? REFUSED : NO_ANSWER;
    }

    boolean isRefused() {
        return server.faults().refuses() && network.connects(place, Network.API_SERVER);
    }

    static <T> Answer<T> forbidden(Kind kind) {
        return new Answer.Failed<>(403, kind + " is forbidden: the service account may not do this");
    }

    /** A read. It has no time on its way there: all of it is on the way back, when the object may change already. */
    <T> Answer<T> read(boolean permitted, Kind kind, Supplier<Answer<T>> request) {
        if (!reaches()) {
            return unheard();
        }
        server.countRequest();
        return back(permitted ? request.get() : forbidden(kind), network.latency(), Duration.ZERO);
    }

    /** A write. */
    <T> Answer<T> write(Kind kind, Supplier<Answer<T>> request) {
        Duration there = network.latency();
        scheduler.pause(there);
        if (!reaches()) {
            return unheard();
        }
        server.countRequest();
        Answer<T> answer = server.faults().permits(kind) ? request.get() : forbidden(kind);
        return server.faults().losesThisAnswer() ? tooLate(LIMIT.minus(there)) : back(answer, network.latency(), there);
    }

    private <T> Answer<T> unheard() {
        if (isRefused()) {
            scheduler.pause(network.latency());
            return new Answer.Failed<>(-1, REFUSED);
        }
        return tooLate(LIMIT);
    }

    private <T> Answer<T> back(Answer<T> answer, Duration latency, Duration spent) {
        Duration takes = latency.plus(server.faults().delay());
        Duration left = LIMIT.minus(spent);
        if (takes.compareTo(left) >= 0) {
            return tooLate(left);
        }
        scheduler.pause(takes);
        return hears() ? answer : tooLate(left.minus(takes));
    }

    private <T> Answer<T> tooLate(Duration left) {
        scheduler.pause(left);
        return new Answer.Failed<>(-1, NO_ANSWER);
    }
}
