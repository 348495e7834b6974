package dev.muster.mongo;

/** A watch over the port of one {@code mongod}. Thread-safe. */
public interface PortWatch extends AutoCloseable {
    /** Whether its process has ended; see {@link Mongod#hasEnded}. */
    boolean hasEnded();

    @Override
    void close();
}
