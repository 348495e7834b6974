package dev.muster.model;

import static java.util.Objects.requireNonNull;

/** What the {@code mongod} beside this sidecar answers. */
public sealed interface LocalMongod {
    /** It does not answer: not started, not listening, or hung. */
    record Unreachable(String message) implements LocalMongod {
        public Unreachable {
            requireNonNull(message, "message is null");
        }
    }

    /** It answers, but not to us: a wrong keyfile, or TLS. */
    record Denied(String message) implements LocalMongod {
        public Denied {
            requireNonNull(message, "message is null");
        }
    }

    /** It can never be a member as it was started: no {@code --replSet}, or another set's name. */
    record Misconfigured(String message) implements LocalMongod {
        public Misconfigured {
            requireNonNull(message, "message is null");
        }
    }

    /** It has a configuration and is still loading it. */
    record Starting() implements LocalMongod {}

    /**
     * Provably empty: it answers NotYetInitialized, {@code local.system.replset} holds nothing, and it has no database
     * and no user of its own.
     */
    record NotYetInitialized() implements LocalMongod {}

    /**
     * It has no replica set configuration, but databases or users of its own: a former standalone, or a volume that was
     * restored without {@code local}. It must never be cloned over.
     *
     * @param what it holds, as far as the server tells, as part of a sentence; stable while its data is
     */
    record HoldsData(String what) implements LocalMongod {
        public HoldsData {
            requireNonNull(what, "what is null");
        }
    }

    /**
     * It has the data of a set whose configuration does not name it.
     *
     * @param replicaSetId of that set; empty where the server did not tell
     */
    record Removed(String replicaSetId) implements LocalMongod {
        public Removed {
            requireNonNull(replicaSetId, "replicaSetId is null");
        }
    }

    /** It is a member. */
    record InSet(SetConfig config, SetStatus status) implements LocalMongod {
        public InSet {
            requireNonNull(config, "config is null");
            requireNonNull(status, "status is null");
        }
    }
}
