package dev.muster.sim;

import dev.muster.judge.Anomaly;
import dev.muster.judge.History;
import dev.muster.judge.HistoryChecker;
import dev.muster.judge.Operation;
import dev.muster.judge.Operation.Concern;
import dev.muster.judge.Operation.Result;
import dev.muster.model.MemberState;
import dev.muster.sim.cluster.KubernetesObjects.Endpoint;
import dev.muster.sim.mongod.MongodProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Applications that write and read all the time: one through the primary's Service, the others through the driver, which
 * asks a member that reports itself as primary. They append to lists and put into registers, wait for the majority, and read with
 * majority and linearizable concern. What they saw is judged by {@link HistoryChecker}, which knows nothing of Muster.
 *
 * <p>Where an operator or a lost disk makes it impossible to keep what was acknowledged, the lists and registers of that
 * time are judged by what was seen until then, and others begin.
 */
final class Clients {
    private static final int CLIENTS = 3;
    private static final int THROUGH_THE_SERVICE = 0;
    private static final int LISTS = 2;

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(300);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(1_800);
    private static final int SLOWER = 4;
    private static final Duration LATELY = Duration.ofSeconds(3);

    private final SimulatedWorld world;
    private final Map<Long, String> keys = new HashMap<>();
    /** Writes that have no answer yet, as they would be if none ever came. */
    private final Map<Long, Consumer<Result>> open = new LinkedHashMap<>();

    private History history = new History();
    private int epoch;
    private boolean slow;
    private long nextId;
    private Duration lastAnswer = Duration.ZERO;
    private Optional<Anomaly> anomaly = Optional.empty();

    Clients(SimulatedWorld world) {
        this.world = world;
    }

    void start() {
        for (int client = 0; client < CLIENTS; client++) {
            goOn(client);
        }
    }

    /** Whether they write less, as hours in which nothing happens are many writes. */
    void slow(boolean isSlow) {
        slow = isSlow;
    }

    private void goOn(int client) {
        Duration pause = world.scheduler().between(SHORTEST_PAUSE, LONGEST_PAUSE);
        world.scheduler().after(slow ? pause.multipliedBy(SLOWER) : pause, () -> {
            ask(client);
            goOn(client);
        });
    }

    private Duration now() {
        return world.scheduler().elapsed();
    }

    private void ask(int client) {
        Optional<MongodProcess> found =
                client == THROUGH_THE_SERVICE && world.setting().kubernetes() ? behindTheService() : someonePrimary();
        if (found.isEmpty()) {
            return;
        }
        MongodProcess server = found.get();
        String list = list(world.scheduler().random().nextInt(LISTS));
        String register = register();
        switch (world.scheduler().random().nextInt(10)) {
            case 0, 1, 2, 3, 4 ->
                write(
                        server,
                        list,
                        (id, invoked, returned, result) ->
                                new Operation.Append(client, list, id, invoked, returned, result));
            case 5 ->
                write(
                        server,
                        register,
                        (id, invoked, returned, result) ->
                                new Operation.Put(client, register, id, invoked, returned, result));
            case 6, 7 -> readList(client, server, list, Concern.LINEARIZABLE);
            case 8 -> readList(client, server, list, Concern.MAJORITY);
            default -> get(client, server, register);
        }
    }

    private Optional<MongodProcess> someonePrimary() {
        List<MongodProcess> primaries = new ArrayList<>();
        for (MongodProcess process : world.processes()) {
            // A volume of another set, put into a pod by an operator, gives the driver a second primary of this name.
            if (process.state() == MemberState.PRIMARY
                    && world.checks().isMeant(process.volume().replicaSetId())
                    && isReached(process)) {
                primaries.add(process);
            }
        }
        return primaries.isEmpty()
                ? Optional.empty()
                : Optional.of(primaries.get(world.scheduler().random().nextInt(primaries.size())));
    }

    private Optional<MongodProcess> behindTheService() {
        return world.server()
                .primaryEndpoint()
                .map(Endpoint::podUid)
                .flatMap(world::runOfPod)
                .flatMap(PodRun::mongod)
                .filter(MongodProcess::isWritablePrimary)
                .filter(this::isReached);
    }

    private boolean isReached(MongodProcess process) {
        return world.network().connects(Injector.CLIENTS, process.place());
    }

    private String list(int number) {
        return "list %d of time %d".formatted(number, epoch);
    }

    private String register() {
        return "register of time " + epoch;
    }

    @FunctionalInterface
    private interface Write {
        Operation with(long id, Duration invoked, Duration returned, Result result);
    }

    @FunctionalInterface
    private interface Read {
        Operation with(List<Long> seen, Duration invoked, Duration returned);
    }

    private void write(MongodProcess server, String key, Write kind) {
        Duration invoked = now();
        long id = nextId++;
        keys.put(id, key);
        open.put(id, result -> history.add(kind.with(id, invoked, now(), result)));
        server.write(id, done -> {
            if (done) {
                lastAnswer = now();
            }
            Consumer<Result> waiting = open.remove(id);
            if (waiting != null) {
                // What a disk acknowledged that was already given up is not kept.
                boolean kept = done && world.checks().writes().ledger().keeps(id);
                waiting.accept(kept ? Result.ACKNOWLEDGED : Result.UNKNOWN);
            }
        });
    }

    private void read(MongodProcess server, String key, Concern concern, Read kind) {
        Duration invoked = now();
        int begunIn = epoch;
        server.read(
                id -> key.equals(keys.get(id)),
                concern == Concern.LINEARIZABLE,
                answer -> answer.filter(seen ->
                                begunIn == epoch && world.checks().writes().seen(server, seen))
                        .ifPresent(seen -> history.add(kind.with(seen, invoked, now()))));
    }

    private void readList(int client, MongodProcess server, String list, Concern concern) {
        read(
                server,
                list,
                concern,
                (seen, invoked, returned) -> new Operation.ReadList(client, list, seen, invoked, returned, concern));
    }

    private void get(int client, MongodProcess server, String register) {
        read(server, register, Concern.LINEARIZABLE, (seen, invoked, returned) -> {
            Optional<Long> value = seen.isEmpty() ? Optional.empty() : Optional.of(seen.getLast());
            return new Operation.Get(client, register, value, invoked, returned);
        });
    }

    /**
     * From now on some of what was acknowledged cannot be kept: lost with the disks that held it, or given up by an
     * operator.
     */
    void forgive() {
        judge();
        epoch++;
    }

    /** What is wrong until now with what was seen; nothing more is added to it. */
    private void judge() {
        open.values().forEach(waiting -> waiting.accept(Result.UNKNOWN));
        open.clear();
        if (anomaly.isEmpty() && !world.checks().writes().hasTwoLines()) {
            anomaly = history.anomalies().stream().findFirst();
        }
        history = new History();
    }

    /** Reads everything once more, so that nothing is missing unnoticed. */
    void readAll() {
        someonePrimary().ifPresent(server -> {
            for (int number = 0; number < LISTS; number++) {
                readList(CLIENTS, server, list(number), Concern.LINEARIZABLE);
            }
            get(CLIENTS, server, register());
        });
    }

    /** Requires that what the clients saw is what a database that keeps its word shows. */
    void end() {
        judge();
        anomaly.ifPresent(found -> Violation.because("clients saw what must not be: %s", found));
    }

    /** Whether a write was acknowledged lately. */
    boolean isAnswered() {
        return wereAnswered(LATELY) && world.checks().writes().ledger().acknowledged() > 0;
    }

    /** Whether a write was acknowledged within that time until now. */
    boolean wereAnswered(Duration within) {
        return lastAnswer.plus(within).compareTo(now()) >= 0;
    }
}
