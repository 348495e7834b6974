package dev.muster.sim.mongod;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Writes to a set, and has things happen to its members at random, a minority of them at a time or not. */
final class RandomFaults {
    private static final Duration BETWEEN_WRITES = Duration.ofMillis(50);
    private static final Duration SOON = Duration.ofMillis(200);
    private static final Duration LATE = Duration.ofSeconds(8);

    private final SimulatedSet set;
    private final AtomicLong nextId = new AtomicLong();
    private boolean over;

    RandomFaults(SimulatedSet set) {
        this.set = set;
    }

    void run(Duration time) {
        write();
        fault();
        set.scheduler().run(time);
        over = true;
    }

    private void write() {
        if (!over) {
            set.processes().stream()
                    .filter(MongodProcess::isWritablePrimary)
                    .forEach(primary -> primary.write(nextId.getAndIncrement(), _ -> {}));
            set.scheduler().after(BETWEEN_WRITES, this::write);
        }
    }

    private void fault() {
        if (!over) {
            int member = set.scheduler().random().nextInt(SimulatedSet.MEMBERS);
            MongodProcess process = set.process(member);
            switch (set.scheduler().random().nextInt(6)) {
                case 0 -> {
                    process.kill();
                    restartLater(member, process);
                }
                case 1 -> process.terminate(() -> restartLater(member, process));
                case 2 -> {
                    process.freeze();
                    later(process::thaw);
                }
                case 3 -> {
                    set.cutOff(member);
                    later(set.network()::healAll);
                }
                case 4 -> {
                    set.network().cut(member, set.scheduler().random().nextInt(SimulatedSet.MEMBERS));
                    later(set.network()::healAll);
                }
                default -> process.commands().stepUp(_ -> {});
            }
            later(this::fault);
        }
    }

    private void later(Runnable what) {
        set.scheduler().after(set.scheduler().between(SOON, LATE), what);
    }

    private void restartLater(int member, MongodProcess process) {
        later(() -> {
            if (!over && set.process(member).equals(process) && !process.isRunning()) {
                set.start(member);
            }
        });
    }

    /** Everything runs and is heard again. */
    void heal() {
        set.network().healAll();
        for (int member = 0; member < SimulatedSet.MEMBERS; member++) {
            MongodProcess process = set.process(member);
            // One that is about to end would do so later, and nobody would start it again.
            process.kill();
            set.start(member);
        }
    }
}
