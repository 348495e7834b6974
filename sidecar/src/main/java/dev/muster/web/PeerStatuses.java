package dev.muster.web;

import static java.util.Objects.requireNonNull;

import dev.muster.model.HostAddress;
import dev.muster.model.Naming;
import dev.muster.model.SetConfig;
import dev.muster.model.Snapshot;
import dev.muster.tell.CycleReport;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Asks the other members' sidecars for what only they know, when a client asks for the status. A peer that is down does not
 * delay the result and is absent from it. A late answer is part of the next result. No decision is based on it. Safe for use
 * by several threads.
 */
final class PeerStatuses {
    /** How long a look waits for answers. A sidecar that is up answers within a few milliseconds. */
    static final Duration PATIENCE = Duration.ofMillis(200);

    private final Function<HostAddress, URI> location;
    private final LongSupplier nanoClock;
    private final Map<Integer, PeerStatus> known = new ConcurrentHashMap<>();

    /** Asks on this port, which is every sidecar's of a StatefulSet. */
    PeerStatuses(int httpPort) {
        this(peer -> URI.create("http://" + peer.host() + ":" + httpPort + "/status?self=true"), System::nanoTime);
    }

    PeerStatuses(Function<HostAddress, URI> location, LongSupplier nanoClock) {
        this.location = requireNonNull(location, "location is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
    }

    /** The own parts of the others, by ordinal. Returns within {@link #PATIENCE}. */
    Map<Integer, OwnPart> gather(CycleReport state) {
        Naming naming = state.snapshot().self().naming();
        Set<Integer> ordinals = peers(state.snapshot());
        known.keySet().retainAll(ordinals);
        Map<Integer, PeerStatus> peers = new TreeMap<>();
        for (int ordinal : ordinals) {
            peers.put(
                    ordinal,
                    known.computeIfAbsent(
                            ordinal, added -> new PeerStatus(location.apply(naming.address(ordinal)), nanoClock)));
        }
        awaitAll(peers.values().stream().map(PeerStatus::ask).toList());
        Map<Integer, OwnPart> answers = new TreeMap<>();
        peers.forEach((ordinal, peer) -> peer.latest().ifPresent(part -> answers.put(ordinal, part)));
        return answers;
    }

    /** Whether all came or the time is up is the same to the caller. */
    private static void awaitAll(List<CompletableFuture<Void>> answers) {
        CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, PATIENCE.toNanos(), TimeUnit.NANOSECONDS)
                .join();
    }

    /** Every other ordinal that is expected or a member, at most as many as a set can have. */
    private static Set<Integer> peers(Snapshot snapshot) {
        Set<Integer> ordinals = new TreeSet<>(snapshot.membersByOrdinal().keySet());
        snapshot.expectedOrdinals().limit(SetConfig.MAX_MEMBERS).forEach(ordinals::add);
        ordinals.remove(snapshot.self().ordinal());
        return ordinals.stream().limit(SetConfig.MAX_MEMBERS).collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
    }
}
