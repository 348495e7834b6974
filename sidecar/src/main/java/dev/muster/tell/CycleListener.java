package dev.muster.tell;

import java.util.List;

/** Gets the report of each cycle. Called on the loop's thread, and must return at once. */
public interface CycleListener {
    /** A cycle ended, or is about to write: see {@link CycleReport#isFinished()}. */
    void reported(CycleReport report);

    /** A cycle ended in an exception: a bug, after which the loop goes on. */
    default void failed(RuntimeException bug) {}

    /** Calls each of them, in order. */
    static CycleListener all(List<CycleListener> listeners) {
        return new CycleListener() {
            @Override
            public void reported(CycleReport report) {
                listeners.forEach(listener -> listener.reported(report));
            }

            @Override
            public void failed(RuntimeException bug) {
                listeners.forEach(listener -> listener.failed(bug));
            }
        };
    }
}
