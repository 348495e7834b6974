package dev.muster.plan;

import static java.util.Objects.requireNonNull;

import dev.muster.model.HostAddress;

/** One change of a replica set's configuration. None changes the votes of more than one member. */
public sealed interface ConfigChange {
    /** The member that it is about; empty where it is about none. */
    default String subject() {
        return switch (this) {
            case Add add -> add.host().toString();
            case Promote promote -> promote.host().toString();
            case Rename rename -> rename.from() + " to " + rename.to();
            case Demote demote -> demote.host().toString();
            case Remove remove -> remove.host().toString();
            case TakeEmptyVote take -> take.host().toString();
            case ReturnVote back -> back.host().toString();
            case ForgetEmptied forget -> forget.host().toString();
            case RestoreHeartbeat restore -> "";
        };
    }

    /** Adds a member without a vote, marked as joining. */
    record Add(int id, HostAddress host) implements ConfigChange {
        public Add {
            requireNonNull(host, "host is null");
        }
    }

    /** Gives a joining member its vote, and the priority that it had when Muster demoted it, or 1. */
    record Promote(HostAddress host) implements ConfigChange {
        public Promote {
            requireNonNull(host, "host is null");
        }
    }

    /** Changes a member's host and nothing else. */
    record Rename(int id, HostAddress from, HostAddress to) implements ConfigChange {
        public Rename {
            requireNonNull(from, "from is null");
            requireNonNull(to, "to is null");
        }
    }

    /** Takes away a member's vote and priority, and marks it as joining: it gets both back if you scale up again. */
    record Demote(HostAddress host) implements ConfigChange {
        public Demote {
            requireNonNull(host, "host is null");
        }
    }

    /**
     * Takes away the vote and the priority of a member that has lost its data, and marks it with the id of its process.
     * Once this change is committed, every acknowledged write is on a majority of the members that have data.
     */
    record TakeEmptyVote(HostAddress host, String process) implements ConfigChange {
        public TakeEmptyVote {
            requireNonNull(host, "host is null");
            requireNonNull(process, "process is null");
        }
    }

    /** Gives it back to that process, which may still be cloning, together with the priority. The mark stays. */
    record ReturnVote(HostAddress host, String process) implements ConfigChange {
        public ReturnVote {
            requireNonNull(host, "host is null");
            requireNonNull(process, "process is null");
        }
    }

    /** Removes the mark from a member that has its data again. */
    record ForgetEmptied(HostAddress host) implements ConfigChange {
        public ForgetEmptied {
            requireNonNull(host, "host is null");
        }
    }

    /** Removes a member without a vote. */
    record Remove(HostAddress host) implements ConfigChange {
        public Remove {
            requireNonNull(host, "host is null");
        }
    }

    /** Resets the heartbeat interval to the server's default. */
    record RestoreHeartbeat() implements ConfigChange {}
}
