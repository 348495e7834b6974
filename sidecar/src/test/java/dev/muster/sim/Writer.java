package dev.muster.sim;

import dev.muster.model.MemberState;
import dev.muster.sim.mongod.MongodProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A client that writes one document after another, each to whoever calls itself primary, and waits for the majority.
 */
final class Writer {
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(700);
    private static final Duration LATELY = Duration.ofSeconds(3);

    private final SimulatedWorld world;
    private long id;
    private Duration lastAnswer = Duration.ZERO;

    Writer(SimulatedWorld world) {
        this.world = world;
    }

    void start() {
        world.scheduler().after(world.scheduler().between(SHORTEST_PAUSE, LONGEST_PAUSE), this::write);
    }

    private void write() {
        List<MongodProcess> primaries = new ArrayList<>();
        for (MongodProcess process : world.processes()) {
            if (process.state() == MemberState.PRIMARY && world.network().connects(Injector.CLIENTS, process.place())) {
                primaries.add(process);
            }
        }
        if (!primaries.isEmpty()) {
            primaries.get(world.scheduler().random().nextInt(primaries.size())).write(id++, done -> {
                if (done) {
                    lastAnswer = world.scheduler().elapsed();
                }
            });
        }
        start();
    }

    /** Whether a write was acknowledged lately. */
    boolean isAnswered() {
        return lastAnswer.plus(LATELY).compareTo(world.scheduler().elapsed()) >= 0
                && world.checks().writes().ledger().acknowledged() > 0;
    }
}
