package dev.muster.sim.mongod;

import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.SetConfig;
import dev.muster.model.SourcePreference;
import dev.muster.mongo.Mongod;
import dev.muster.plan.ConfigChange;
import dev.muster.plan.Outcome;
import dev.muster.sim.engine.Network;
import dev.muster.sim.engine.Scheduler;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A set of three simulated mongods without Muster, for tests of the simulation itself. */
final class SimulatedSet {
    static final int MEMBERS = 3;

    private static final String NAME = "rs0";
    private static final Optional<String> KEY = Optional.of("key");
    private static final Launch LAUNCH = new Launch(Optional.of(NAME), KEY, SourcePreference.ANY);

    private final Scheduler scheduler;
    private final Network network;
    private final Mongods mongods;
    private final Map<Integer, Volume> volumes = new TreeMap<>();
    private final Map<Integer, MongodProcess> processes = new TreeMap<>();
    private final List<Long> acknowledged = new ArrayList<>();
    private final List<Long> rolledBack = new ArrayList<>();

    SimulatedSet(long seed) {
        scheduler = new Scheduler(seed);
        network = new Network(scheduler);
        mongods = new Mongods(scheduler, network, (_, host) -> resolve(host), new MongodListener() {
            @Override
            public void acknowledged(MongodProcess by, long id) {
                acknowledged.add(id);
            }

            @Override
            public void rolledBack(MongodProcess by, List<Long> ids) {
                rolledBack.addAll(ids);
            }
        });
    }

    private Optional<InetAddress> resolve(HostAddress host) {
        for (int member = 0; member < MEMBERS; member++) {
            if (host(member).equals(host)) {
                return Optional.of(address(member));
            }
        }
        return Optional.empty();
    }

    HostAddress host(int member) {
        return new HostAddress("mongo-" + member + ".test", HostAddress.DEFAULT_PORT);
    }

    private static InetAddress address(int member) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) member});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    Scheduler scheduler() {
        return scheduler;
    }

    Network network() {
        return network;
    }

    List<Long> acknowledged() {
        return acknowledged;
    }

    List<Long> rolledBack() {
        return rolledBack;
    }

    List<MongodProcess> processes() {
        return List.copyOf(processes.values());
    }

    MongodProcess process(int member) {
        return Optional.ofNullable(processes.get(member)).orElseThrow();
    }

    MongodProcess start(int member) {
        MongodProcess process = mongods.process(
                member,
                address(member),
                HostAddress.DEFAULT_PORT,
                volumes.computeIfAbsent(member, _ -> new Volume()),
                LAUNCH);
        processes.put(member, process);
        process.start();
        return process;
    }

    void wipe(int member) {
        volumes.remove(member);
    }

    private Mongod local(int member) {
        return mongods.local(member, host(member), address(member), NAME, KEY, _ -> {}, () -> {});
    }

    Mongod asPeer(int from, int member) {
        return mongods.peersFrom(from, NAME, KEY).peer(host(member), List.of(address(member)));
    }

    void cutOff(int member) {
        for (int other = 0; other < MEMBERS; other++) {
            network.cutBothWays(member, other);
        }
    }

    /** The one that takes writes. */
    MongodProcess primary() {
        return processes.values().stream()
                .filter(MongodProcess::isWritablePrimary)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no primary: " + processes));
    }

    /** Three voters, settled; member 0 is primary. */
    SimulatedSet formed() {
        for (int member = 0; member < MEMBERS; member++) {
            start(member);
        }
        scheduler.run(Duration.ofSeconds(3));
        done(local(0).initiate(NAME, host(0), new LocalMongod.NotYetInitialized()));
        scheduler.run(Duration.ofSeconds(1));
        for (int member = 1; member < MEMBERS; member++) {
            change(new ConfigChange.Add(member, host(member)));
            scheduler.run(Duration.ofSeconds(5));
            if (process(member).state() != MemberState.SECONDARY) {
                throw new AssertionError("not SECONDARY: " + process(member));
            }
            change(new ConfigChange.Promote(host(member)));
        }
        change(new ConfigChange.RestoreHeartbeat());
        scheduler.run(Duration.ofSeconds(5));
        return this;
    }

    void change(ConfigChange change) {
        SetConfig config = primary().setConfig().orElseThrow();
        done(local(primary().place()).reconfigure(change, config.version(), config.term()));
        scheduler.run(Duration.ofMillis(100));
    }

    private static void done(Outcome outcome) {
        if (!(outcome instanceof Outcome.Done)) {
            throw new AssertionError("not done: " + outcome);
        }
    }
}
