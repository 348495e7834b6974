package dev.muster.web;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of the preStop hook that wait for their answer. All wait for one hold, without a thread each. A call that
 * is made while a hold is under way gets the answer of the next one, since the one under way may rest on what was read
 * before the call.
 *
 * <p>The kubelet stops {@code mongod} at once when its call fails or is refused, and it cannot be told from other
 * callers. So no call is refused for want of a place: the new one takes the place of the oldest one from the address
 * that has the most calls waiting. A process that fills the places displaces its own calls, and not the kubelet's.
 * Safe for use by several threads.
 */
final class HookCalls {
    private static final Logger LOG = LoggerFactory.getLogger(HookCalls.class);

    /** The kubelet calls once. The rest is for other callers. It is a quarter of the connections that the port takes. */
    static final int PLACES = 64;

    private record Call(InetAddress from, HttpExchange exchange) {}

    private final Supplier<String> hold;
    private final ReentrantLock lock = new ReentrantLock();

    /** The oldest first. */
    private final List<Call> waiting = new ArrayList<>();

    private boolean holding;

    /**
     * Nobody waits yet.
     *
     * @param hold waits until {@code mongod} may stop, and says why; called by one thread at a time
     */
    HookCalls(Supplier<String> hold) {
        this.hold = requireNonNull(hold, "hold is null");
    }

    /** Answers a call when a hold that began after it is over. Returns at once, and takes over the exchange. */
    void await(HttpExchange exchange) {
        Optional<Call> displaced;
        lock.lock();
        try {
            waiting.add(new Call(exchange.getRemoteAddress().getAddress(), exchange));
            displaced = waiting.size() > PLACES ? Optional.of(displace()) : Optional.empty();
            if (!holding) {
                holding = true;
                Thread.ofVirtual().name("prestop").start(this::holdWhileAnyWaits);
            }
        } finally {
            lock.unlock();
        }
        displaced.ifPresent(call -> {
            call.exchange().getResponseHeaders().set("Connection", "close");
            send(call, Reply.text(503, "more than " + PLACES + " calls wait, and most of them come from this address"));
        });
    }

    private Call displace() {
        Map<InetAddress, Integer> counts = new HashMap<>();
        waiting.forEach(call -> counts.merge(call.from(), 1, Integer::sum));
        int most = Collections.max(counts.values());
        for (Call call : waiting) {
            if (counts.getOrDefault(call.from(), 0) == most) {
                waiting.remove(call);
                return call;
            }
        }
        throw new IllegalStateException("nobody waits");
    }

    private void holdWhileAnyWaits() {
        while (true) {
            List<Call> round;
            lock.lock();
            try {
                if (waiting.isEmpty()) {
                    holding = false;
                    return;
                }
                round = List.copyOf(waiting);
            } finally {
                lock.unlock();
            }
            Reply reply;
            try {
                reply = Reply.text(200, hold.get());
            } catch (RuntimeException e) {
                LOG.error("a preStop hook cannot be held; mongod is stopped now", e);
                reply = Reply.text(500, "internal error; the sidecar's log says more");
            }
            answer(round, reply);
        }
    }

    private void answer(List<Call> round, Reply reply) {
        List<Call> left = new ArrayList<>(round);
        lock.lock();
        try {
            left.retainAll(waiting);
            waiting.removeAll(left);
        } finally {
            lock.unlock();
        }
        left.forEach(call -> send(call, reply));
    }

    /** On a thread of its own: a caller that does not read must not delay the answers to others. */
    private static void send(Call call, Reply reply) {
        Thread.ofVirtual().name("prestop-answer").start(() -> {
            try (HttpExchange exchange = call.exchange()) {
                reply.send(exchange);
            } catch (IOException e) {
                LOG.debug("a preStop hook's caller from {} has gone: {}", call.from(), e.getMessage());
            }
        });
    }
}
