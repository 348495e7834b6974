package dev.muster.judge;

import java.util.ArrayList;
import java.util.List;

/** What all clients did, in the order in which they had their answers. Any thread. */
public final class History {
    private final List<Operation> operations = new ArrayList<>();

    public synchronized void add(Operation operation) {
        operations.add(operation);
    }

    public synchronized List<Operation> operations() {
        return List.copyOf(operations);
    }

    /** What is wrong with it; empty if nothing is. */
    public List<Anomaly> anomalies() {
        return HistoryChecker.check(operations());
    }
}
