package dev.muster.sim.mongod;

import dev.muster.contract.Fleet;
import dev.muster.model.Credentials;
import dev.muster.model.HostAddress;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.PortWatch;
import dev.muster.sim.engine.Fiber;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;

/** A {@link Fleet} of simulated mongods, each at a place of its own, with names that always resolve. */
public final class SimulatedFleet implements Fleet {
    private static final Duration STEP = Duration.ofMillis(10);
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(20);

    private final Scheduler scheduler;
    /** Where the sidecars of no member here are. */
    private static final int ANOTHER_PLACE = MEMBERS;

    private final Mongods mongods;
    private final Map<Integer, Volume> volumes = new TreeMap<>();
    private final Map<Integer, MongodProcess> processes = new TreeMap<>();

    public SimulatedFleet(long seed) {
        scheduler = new Scheduler(seed);
        mongods =
                new Mongods(scheduler, new Network(scheduler), (place, host) -> resolve(host), new MongodListener() {});
    }

    private static Optional<InetAddress> resolve(HostAddress host) {
        for (int member = 0; member < MEMBERS; member++) {
            if (Fleet.host(member).host().equals(host.host())
                    || Fleet.secondHost(member).host().equals(host.host())) {
                return Optional.of(place(member));
            }
        }
        return Optional.empty();
    }

    private static InetAddress place(int member) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) member});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void start(int member, Fleet.Launch launch) {
        MongodProcess process = mongods.process(
                member,
                place(member),
                HostAddress.DEFAULT_PORT,
                volumes.computeIfAbsent(member, _ -> new Volume()),
                new dev.muster.sim.mongod.Launch(launch.setName(), launch.key(), launch.sourcePreference()));
        processes.put(member, process);
        process.start();
    }

    @Override
    public void kill(int member) {
        process(member).kill();
    }

    @Override
    public boolean hasEnded(int member) {
        return !process(member).isRunning();
    }

    /** A simulated one ends only where the simulation says so. */
    @Override
    public void expectCrash(int member) {}

    @Override
    public void wipe(int member) {
        volumes.remove(member);
    }

    @Override
    public void freeze(int member) {
        process(member).freeze();
    }

    @Override
    public void thaw(int member) {
        process(member).thaw();
    }

    private MongodProcess process(int member) {
        return Optional.ofNullable(processes.get(member))
                .orElseThrow(() -> new IllegalStateException("member " + member + " was never started"));
    }

    @Override
    public HostAddress address(int member) {
        return new HostAddress(place(member).getHostAddress(), HostAddress.DEFAULT_PORT);
    }

    @Override
    public Mongod local(int member, String setName, Optional<String> key, Runnable onChange) {
        return mongods.local(member, address(member), place(member), setName, key, _ -> onChange.run(), onChange);
    }

    @Override
    public Mongod peer(int member, String setName, Optional<String> key) {
        return mongods.peersFrom(ANOTHER_PLACE, setName, key).peer(Fleet.host(member), List.of(place(member)));
    }

    @Override
    public PortWatch watch(int member, Runnable onEnded) {
        return mongods.watcherFrom(ANOTHER_PLACE, onEnded).watch(Fleet.host(member), List.of(place(member)));
    }

    @Override
    public BsonDocument configOnServer(int member) {
        return process(member).configDocument().orElseThrow();
    }

    @Override
    public Optional<BsonDocument> storedConfig(int member) {
        return Optional.ofNullable(process(member).volume().config()).map(Configuration::stored);
    }

    @Override
    public Answer command(int member, BsonDocument command) {
        MongodProcess process = process(member);
        String name = command.getFirstKey();
        return switch (name) {
            case "replSetInitiate" -> answerOf(answered -> process.initiate(command.getDocument(name), answered));
            case "replSetReconfig" -> {
                boolean force = command.getBoolean("force", BsonBoolean.FALSE).getValue();
                yield answerOf(answered -> process.reconfigure(command.getDocument(name), force, answered));
            }
            case "createUser", "updateUser" -> {
                Credentials user = new Credentials(
                        command.getString(name).getValue(),
                        command.getString("pwd").getValue());
                yield answerOf(answered -> process.commands().writeUser(user, name.equals("createUser"), answered));
            }
            case "replSetSyncFrom" -> {
                HostAddress source = HostAddress.parse(command.getString(name).getValue());
                yield answerOf(answered -> answered.accept(process.commands().syncFrom(source)));
            }
            case "setDefaultRWConcern" -> {
                process.setDefaultWriteConcern();
                yield new Answer(0, "");
            }
            default -> throw new IllegalArgumentException("no simulated mongod has the command " + name);
        };
    }

    private Answer answerOf(Consumer<Consumer<CommandReply>> command) {
        AtomicReference<CommandReply> reply = new AtomicReference<>();
        command.accept(reply::set);
        Duration deadline = now().plus(COMMAND_LIMIT);
        while (reply.get() == null) {
            if (now().compareTo(deadline) > 0) {
                return new Answer(CommandReply.TIME_LIMIT, "operation exceeded time limit");
            }
            pass(STEP);
        }
        return new Answer(reply.get().code(), reply.get().message());
    }

    @Override
    public void write(int member, long id) {
        process(member).write(id, _ -> {});
    }

    @Override
    public void createUser(int member, String name) {
        process(member).createOwnUser(name);
    }

    @Override
    public boolean holds(int member, long id) {
        return process(member).holds(id);
    }

    @Override
    public Duration now() {
        return scheduler.elapsed();
    }

    @Override
    public void pass(Duration time) {
        scheduler.run(time);
    }

    @Override
    public <T> List<T> atOnce(List<Supplier<T>> all) {
        List<AtomicReference<T>> results = new ArrayList<>();
        List<Fiber> fibers = new ArrayList<>();
        for (Supplier<T> one : all) {
            AtomicReference<T> result = new AtomicReference<>();
            results.add(result);
            fibers.add(scheduler.start("one of several", () -> result.set(one.get())));
        }
        while (!fibers.stream().allMatch(Fiber::isEnded)) {
            pass(STEP);
        }
        return results.stream().map(AtomicReference::get).toList();
    }

    @Override
    public void close() {
        processes.values().forEach(MongodProcess::kill);
    }
}
