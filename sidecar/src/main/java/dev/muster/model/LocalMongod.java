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

    /** Provably empty: it answers NotYetInitialized and {@code local.system.replset} holds nothing. */
    record NotYetInitialized() implements LocalMongod {}

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
