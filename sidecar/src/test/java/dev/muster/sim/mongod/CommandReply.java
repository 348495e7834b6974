package dev.muster.sim.mongod;

/**
 * What a server answers to a command that changes something.
 *
 * @param code its error code; 0 where it did as told
 */
public record CommandReply(int code, String message) {
    static final int BAD_VALUE = 2;
    static final int TIME_LIMIT = 50;
    static final int NODE_NOT_FOUND = 74;
    static final int NO_REPLICATION_ENABLED = 76;
    static final int INVALID_REPLICA_SET_CONFIG = 93;
    static final int NOT_YET_INITIALIZED = 94;
    static final int ALREADY_INITIALIZED = 23;
    static final int INCOMPATIBLE_CONFIG = 103;
    static final int NODE_NOT_ELECTABLE = 104;
    static final int COMMAND_FAILED = 125;
    static final int EXCEEDED_TIME_LIMIT = 262;
    static final int CONFIG_NOT_COMMITTED = 308;
    static final int NOT_WRITABLE_PRIMARY = 10107;
    static final int EMPTY_PASSWORD = 50687;
    static final int USER_EXISTS = 51003;
    static final int LAST_ERROR_DEFAULTS = 5_624_102;

    static final CommandReply DONE = new CommandReply(0, "ok");

    boolean isDone() {
        return code == 0;
    }
}
