package dev.muster.observe;

import dev.muster.dns.Names;
import dev.muster.model.HostAddress;
import dev.muster.model.Naming;
import dev.muster.model.PeerMongod;
import dev.muster.model.PeerMongod.Cause;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.PeerConnector;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Asks other members what they are. A connection is kept only while its member is asked in every cycle, so the sidecars
 * of a settled set have no connections to peers. One thread only.
 */
final class Peers implements AutoCloseable {
    private final Naming naming;
    private final Names names;
    private final PeerConnector connector;
    private final ExecutorService threads;
    private final Map<Integer, Connection> connections = new HashMap<>();
    private final Map<Integer, Instant> unknownSince = new HashMap<>();

    Peers(Naming naming, Names names, PeerConnector connector, ExecutorService threads) {
        this.naming = naming;
        this.names = names;
        this.connector = connector;
        this.threads = threads;
    }

    private record Connection(List<InetAddress> addresses, Mongod mongod) {}

    /** Asks these ordinals, all at once, and closes the connections to all others. */
    SortedMap<Integer, PeerMongod> ask(Set<Integer> ordinals, Instant now, Duration limit) {
        closeAllBut(ordinals);
        if (ordinals.isEmpty()) {
            return new TreeMap<>();
        }
        Map<String, Names.Answer> found = names.lookUp(
                naming.serviceName(),
                ordinals.stream().map(ordinal -> naming.address(ordinal).host()).collect(Collectors.toSet()));
        SortedMap<Integer, PeerMongod> answers = new TreeMap<>();
        Map<Integer, Future<PeerMongod>> asked = new TreeMap<>();
        for (int ordinal : ordinals) {
            HostAddress address = naming.address(ordinal);
            Duration lasting = Duration.between(unknownSince.computeIfAbsent(ordinal, _ -> now), now);
            switch (found.get(address.host())) {
                case Names.Addresses addresses -> {
                    Mongod mongod = connect(ordinal, address, addresses.addresses());
                    asked.put(ordinal, threads.submit(() -> mongod.observeAsPeer(lasting)));
                }
                case Names.NoSuchName none ->
                    answers.put(ordinal, new PeerMongod.Unknown(Cause.NO_SUCH_NAME, address.host(), lasting));
                case Names.NoAddress none ->
                    answers.put(ordinal, new PeerMongod.Unknown(Cause.NO_ADDRESS, address.host(), lasting));
                case Names.Failed failed ->
                    answers.put(ordinal, new PeerMongod.Unknown(Cause.DNS_FAILED, failed.message(), lasting));
                case null -> throw new IllegalStateException("names did not answer for " + address.host());
            }
        }
        long deadline = System.nanoTime() + limit.toNanos();
        asked.forEach((ordinal, future) -> answers.put(ordinal, await(future, ordinal, deadline, now)));
        answers.forEach((ordinal, answer) -> {
            if (!(answer instanceof PeerMongod.Unknown)) {
                unknownSince.remove(ordinal);
            }
        });
        return answers;
    }

    private PeerMongod await(Future<PeerMongod> future, int ordinal, long deadlineNanos, Instant now) {
        try {
            return future.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            future.cancel(true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("asking " + naming.podName(ordinal) + " failed", e.getCause());
        }
        Duration lasting = Duration.between(unknownSince.getOrDefault(ordinal, now), now);
        return new PeerMongod.Unknown(Cause.TIMEOUT, naming.address(ordinal).toString(), lasting);
    }

    private Mongod connect(int ordinal, HostAddress address, List<InetAddress> addresses) {
        Connection present = connections.get(ordinal);
        if (present != null && present.addresses().equals(addresses)) {
            return present.mongod();
        }
        if (present != null) {
            present.mongod().close();
        }
        Mongod mongod = connector.peer(address, addresses);
        connections.put(ordinal, new Connection(addresses, mongod));
        return mongod;
    }

    private void closeAllBut(Set<Integer> ordinals) {
        unknownSince.keySet().retainAll(ordinals);
        connections.entrySet().removeIf(entry -> {
            boolean unused = !ordinals.contains(entry.getKey());
            if (unused) {
                entry.getValue().mongod().close();
            }
            return unused;
        });
    }

    @Override
    public void close() {
        closeAllBut(Set.of());
    }
}
