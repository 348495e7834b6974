package dev.muster.judge;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One call of one client to the database, with its result. Times are since the history began. */
public sealed interface Operation {
    /** What became of a write. */
    enum Result {
        /** The database said that a majority has it. */
        ACKNOWLEDGED,
        /** The database said that it was not made. */
        REFUSED,
        /** Nobody said: it may have been made, and may still be made. */
        UNKNOWN
    }

    /** How fresh what is read has to be. */
    enum Concern {
        /** A majority has it. It may be old. */
        MAJORITY,
        /** Whatever was acknowledged before the read began is in it. */
        LINEARIZABLE
    }

    /** Who asked. */
    int client();

    /** The list or register that it is about. */
    String key();

    /** When the client sent it. */
    Duration invoked();

    /** When the client had the answer, or gave up. */
    Duration returned();

    /** A value was appended to a list. Every value is appended once. */
    record Append(int client, String key, long value, Duration invoked, Duration returned, Result result)
            implements Operation {
        public Append {
            requireNonNull(key, "key is null");
            requireNonNull(result, "result is null");
        }
    }

    /** A list was read. One that gives no answer says nothing, and is not kept. */
    record ReadList(int client, String key, List<Long> seen, Duration invoked, Duration returned, Concern concern)
            implements Operation {
        public ReadList {
            requireNonNull(key, "key is null");
            requireNonNull(concern, "concern is null");
            seen = List.copyOf(seen);
        }
    }

    /** A value was put into a register. Every value is put once. */
    record Put(int client, String key, long value, Duration invoked, Duration returned, Result result)
            implements Operation {
        public Put {
            requireNonNull(key, "key is null");
            requireNonNull(result, "result is null");
        }
    }

    /**
     * A register was read, with linearizable concern.
     *
     * @param seen empty if nothing was ever put
     */
    record Get(int client, String key, Optional<Long> seen, Duration invoked, Duration returned) implements Operation {
        public Get {
            requireNonNull(key, "key is null");
            requireNonNull(seen, "seen is null");
        }
    }
}
