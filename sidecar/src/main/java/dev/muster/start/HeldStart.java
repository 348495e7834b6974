package dev.muster.start;

import static java.util.Objects.requireNonNull;

import dev.muster.config.StartOrder;
import java.io.IOException;
import java.nio.file.Files;

/**
 * Whether this pod's {@code mongod} may run, and what lets it run. For the whole life of the pod: a container that
 * restarts is not held again.
 */
public interface HeldStart {
    /** {@code mongod} starts by itself. */
    HeldStart NEVER = new HeldStart() {
        @Override
        public boolean isHeld() {
            return false;
        }

        @Override
        public void begin() {}
    };

    /** By the files that {@code mongod}'s container waits for. {@link MongodStart} has written all but the last. */
    static HeldStart by(StartOrder order) {
        requireNonNull(order, "order is null");
        return new HeldStart() {
            @Override
            public boolean isHeld() {
                return !Files.exists(order.start());
            }

            @Override
            public void begin() throws IOException {
                boolean _ = MongodStart.startFile(order).write();
            }
        };
    }

    /** Whether {@code mongod} waits. */
    boolean isHeld();

    /**
     * Lets {@code mongod} start.
     *
     * @throws IOException when the file cannot be written; the message is one line that names it
     */
    void begin() throws IOException;
}
