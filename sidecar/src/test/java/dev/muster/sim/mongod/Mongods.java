package dev.muster.sim.mongod;

import dev.muster.model.HostAddress;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.PeerConnector;
import dev.muster.mongo.PortWatch;
import dev.muster.mongo.PortWatcher;
import dev.muster.sim.engine.Network;
import dev.muster.sim.engine.Scheduler;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All mongods of a simulation: who listens where, and the connections to them. That they answer as real ones do is
 * tried by the contract in {@code dev.muster.contract}. What is simplified:
 *
 * <ul>
 *   <li>An oplog is all the data: a clone gets the source's whole oplog, at once when its time has passed, and is
 *       caught up by then. How many entries another member can still get is the same for all, see
 *       {@link #oplogsReachBack}; one that lacks more is RECOVERING until it is restarted.
 *   <li>What is applied is durable: SIGKILL loses nothing that was in the oplog.
 *   <li>A vote counts by set and host and not only by volume, see {@link #castVote}. Other holes of a lost volume are
 *       open as in reality: a write that only the wiped member and the primary had can be lost with them, though
 *       acknowledged.
 *   <li>Heartbeats come at 100 ms at most, and a new configuration travels with them; fetching it is only a delay.
 *   <li>Elections: no catch-up phase of a new primary. A voter that says nothing counts as
 *       against at once. A primary with no secondary caught up goes on taking writes while it steps down.
 *   <li>A member follows the primary where it hears it, and only else another secondary; of chains there are none else.
 *   <li>Secondaries do not know the commit point, so a rollback past it is not noticed here: the listener tells.
 *   <li>A wrong keyfile refuses heartbeats as if nobody listened; the member stays SECONDARY, where a real one turns
 *       RECOVERING. TLS does not exist.
 *   <li>Arbiters vote and have no data; write concerns, delays, hidden members and horizons are kept in the document
 *       and mean nothing.
 *   <li>While a member quiesces, no client reaches it; a real one still serves those that are connected.
 *   <li>A process that ended is refused, not lost, unless its place is cut off: cut it to have a node die.
 * </ul>
 */
public final class Mongods {
    /**
     * How a process finds an address for a name, at a place; without waiting. In a pod its own name is found whatever
     * DNS says, as it is in {@code /etc/hosts}: one that cannot find itself when it starts is REMOVED until another
     * member sends it a heartbeat.
     */
    @FunctionalInterface
    public interface Resolver {
        Optional<InetAddress> resolve(int place, HostAddress host);
    }

    private record Endpoint(InetAddress address, int port) {}

    private record Voter(String replicaSetId, HostAddress host) {}

    private record Watcher(Endpoint at, Consumer<Boolean> told) {}

    /** What a call found: a process, nobody who listens, or silence. */
    record Reached(@Nullable MongodProcess process, boolean isSilent) {
        static final Reached REFUSED = new Reached(null, false);
        static final Reached SILENT = new Reached(null, true);
    }

    private final Scheduler scheduler;
    private final Network network;
    private final Resolver resolver;
    private final MongodListener listener;
    private final Map<Endpoint, MongodProcess> listening = new LinkedHashMap<>();
    /** Where an address was last: packets to a place that is cut off are lost, not refused. */
    private final Map<InetAddress, Integer> places = new LinkedHashMap<>();

    private final Map<Voter, Long> votes = new LinkedHashMap<>();
    private final List<Watcher> watchers = new ArrayList<>();
    private final List<SimulatedPortWatch> portWatches = new ArrayList<>();
    private int oplogReach = Integer.MAX_VALUE;

    public Mongods(Scheduler scheduler, Network network, Resolver resolver, MongodListener listener) {
        this.scheduler = scheduler;
        this.network = network;
        this.resolver = resolver;
        this.listener = listener;
    }

    /** From now on a member that lacks more entries than that of its source is too stale to catch up. */
    public void oplogsReachBack(int entries) {
        oplogReach = entries;
    }

    int oplogReach() {
        return oplogReach;
    }

    /** A process that is about to be started; one that is to run again is another one upon the same volume. */
    public MongodProcess process(int place, InetAddress address, int port, Volume volume, Launch launch) {
        return new MongodProcess(this, place, address, port, volume, launch);
    }

    /**
     * The connection of a sidecar to the mongod beside it.
     *
     * @param address as it was told to the sidecar, for its messages
     * @param onChange told, within milliseconds, when its role or set has changed: whether it is primary now
     * @param onEnded told, within milliseconds, when its process has ended
     */
    public Mongod local(
            int place,
            HostAddress address,
            InetAddress at,
            String setName,
            Optional<String> key,
            Consumer<Boolean> onChange,
            Runnable onEnded) {
        Watcher watcher = new Watcher(new Endpoint(at, address.port()), onChange);
        watchers.add(watcher);
        PortWatch port =
                new SimulatedPortWatch(this, place, List.of(at), address.port(), SimulatedPortWatch.OFTEN, onEnded);
        return new SimulatedMongod(
                new Connection(this, place, address, List.of(at), key), setName, port::hasEnded, () -> {
                    watchers.remove(watcher);
                    port.close();
                });
    }

    /** The connections of a sidecar to the mongods of others. */
    public PeerConnector peersFrom(int place, String setName, Optional<String> key) {
        return (address, addresses) -> new SimulatedMongod(
                new Connection(this, place, address, addresses, key), setName, () -> false, () -> {});
    }

    /**
     * What a sidecar watches the ports of others with.
     *
     * @param onEnded told when a process that is watched has ended
     */
    public PortWatcher watcherFrom(int place, Runnable onEnded) {
        return (address, addresses) ->
                new SimulatedPortWatch(this, place, addresses, address.port(), SimulatedPortWatch.SELDOM, onEnded);
    }

    /** Tells of each process that listens, or no longer does. */
    void watch(SimulatedPortWatch watch) {
        portWatches.add(watch);
    }

    void endWatch(SimulatedPortWatch watch) {
        portWatches.remove(watch);
    }

    /** Those that listen, in the order in which they began to. */
    public List<MongodProcess> running() {
        return List.copyOf(listening.values());
    }

    /** Who listens there. */
    Optional<MongodProcess> listening(InetAddress address, int port) {
        return Optional.ofNullable(listening.get(new Endpoint(address, port)));
    }

    Scheduler scheduler() {
        return scheduler;
    }

    Network network() {
        return network;
    }

    MongodListener listener() {
        return listener;
    }

    Duration latency() {
        return network.latency();
    }

    Duration millis(long least, long most) {
        return scheduler.between(Duration.ofMillis(least), Duration.ofMillis(most));
    }

    Optional<InetAddress> resolve(int place, HostAddress host) {
        return resolver.resolve(place, host);
    }

    void opened(MongodProcess process) {
        places.put(process.address(), process.place());
        MongodProcess before = listening.put(new Endpoint(process.address(), process.port()), process);
        if (before != null) {
            throw new IllegalStateException("two processes listen at " + process.address());
        }
        List.copyOf(portWatches).forEach(watch -> watch.opened(process));
    }

    void closed(MongodProcess process) {
        if (listening.remove(new Endpoint(process.address(), process.port()), process)) {
            List.copyOf(portWatches).forEach(watch -> watch.closed(process));
        }
    }

    /** Who answers there now, asked from a place. */
    Reached reach(int from, InetAddress address, int port) {
        int to = places.getOrDefault(address, from);
        if (!network.connects(from, to)) {
            return Reached.SILENT;
        }
        MongodProcess process = listening.get(new Endpoint(address, port));
        if (process == null) {
            return Reached.REFUSED;
        }
        return process.isFrozen() ? Reached.SILENT : new Reached(process, false);
    }

    void told(MongodProcess process, boolean isPrimary) {
        Endpoint endpoint = new Endpoint(process.address(), process.port());
        List.copyOf(watchers).stream()
                .filter(watcher -> watcher.at().equals(endpoint))
                .forEach(watcher -> watcher.told().accept(isPrimary));
    }

    /**
     * Casts a member's vote, unless it has voted in that term. It counts here, by set and host, and not only on the
     * volume: a member that was wiped would vote a second time, and two primaries of one term would be the end of all
     * order. That is a hole of MongoDB's, not of Muster's, and is hidden so that it covers up none of Muster's. A disk
     * that a person restored has forgotten its votes, as in reality, and the listener is told of each second one: after
     * a restore of all disks, the terms count from the snapshot's again.
     */
    boolean castVote(MongodProcess voter, Configuration config, long term) {
        Configuration.Member self = voter.membership().self();
        if (self == null) {
            return false;
        }
        Voter key = new Voter(config.replicaSetId(), self.host());
        boolean again = votes.getOrDefault(key, 0L) >= term;
        if (voter.volume().votedInTerm() >= term || (again && !voter.volume().wasRestored())) {
            return false;
        }
        if (again) {
            listener.votedAgain(voter, config.replicaSetId(), term);
        }
        votes.merge(key, term, Math::max);
        voter.volume().vote(term);
        return true;
    }
}
