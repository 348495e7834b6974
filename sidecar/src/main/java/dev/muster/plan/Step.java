package dev.muster.plan;

import static java.util.Objects.requireNonNull;

import dev.muster.model.Approval;
import dev.muster.model.HostAddress;
import dev.muster.model.SetRenaming;
import java.util.List;

/** One write. The comment on each says what must still hold when it is made. */
public sealed interface Step {
    /** The step's name in metrics and logs. */
    String operation();

    /**
     * What it does and to which member, whatever the version of the configuration: two attempts at the same thing have
     * the same identity.
     */
    default String identity() {
        String target = switch (this) {
            case Reconfigure reconfigure -> reconfigure.change().subject();
            case SyncFrom syncFrom -> syncFrom.source().toString();
            case HandOver handOver -> handOver.target().toString();
            case CallElection call -> call.target().toString();
            case ForceReconfigure force -> force.down().toString();
            case RenameSet rename -> rename.renaming().newId();
            case RestartMongod restart -> restart.mistakenFor().toString();
            case RecordFormed formed -> formed.replicaSetId();
            case WithdrawApproval withdraw -> withdraw.approval().words();
            case Initiate initiate -> "";
            case CreateRootUser create -> "";
            case UpdateRootPassword update -> "";
            case TellHeld tell -> "";
            case StartMongod start -> "";
            case RecordIntended intended -> "";
        };
        return (operation() + " " + target).strip();
    }

    /** Says on this pod that its volume is empty and that {@code mongod} waits. Holds: it has not been started. */
    record TellHeld() implements Step {
        @Override
        public String operation() {
            return "tell_held";
        }
    }

    /** Lets {@code mongod} start. Holds: the record still names no set, if that is why; no pod says that it is held. */
    record StartMongod() implements Step {
        @Override
        public String operation() {
            return "start_mongod";
        }
    }

    /** {@code replSetInitiate} with this member alone. Holds: it and every expected peer are provably empty. */
    record Initiate(HostAddress self, String setName) implements Step {
        public Initiate {
            requireNonNull(self, "self is null");
            requireNonNull(setName, "setName is null");
        }

        @Override
        public String operation() {
            return "initiate";
        }
    }

    /** {@code replSetReconfig}. Holds: the configuration still has this version and term. */
    record Reconfigure(ConfigChange change, long version, long term) implements Step {
        public Reconfigure {
            requireNonNull(change, "change is null");
        }

        @Override
        public String operation() {
            return switch (change) {
                case ConfigChange.Add add -> "add";
                case ConfigChange.Promote promote -> "promote";
                case ConfigChange.Rename rename -> "rename";
                case ConfigChange.Demote demote -> "demote";
                case ConfigChange.Remove remove -> "remove";
                case ConfigChange.TakeEmptyVote take -> "take_empty_vote";
                case ConfigChange.ReturnVote back -> "return_vote";
                case ConfigChange.ForgetEmptied forget -> "forget_emptied";
                case ConfigChange.RestoreHeartbeat restore -> "restore_heartbeat";
            };
        }
    }

    /**
     * {@code replSetReconfig} by force, which only an operator can approve: members that are down stay in the
     * configuration and lose their votes. Holds: the approval stands, and is used up first; the configuration still has
     * this version.
     *
     * @param down the members that lose their votes
     */
    record ForceReconfigure(List<HostAddress> down, long version) implements Step {
        public ForceReconfigure {
            down = List.copyOf(down);
        }

        @Override
        public String operation() {
            return "force_reconfigure";
        }
    }

    /**
     * Replaces the stored configuration of a member that is in no set here by one with the names of this place and a new
     * id, and restarts {@code mongod}. Holds: {@code mongod} is still removed, with this id and version; or has the new
     * configuration and was not restarted.
     */
    record RenameSet(SetRenaming renaming) implements Step {
        public RenameSet {
            requireNonNull(renaming, "renaming is null");
        }

        @Override
        public String operation() {
            return "rename_set";
        }
    }

    /** Ends {@code mongod}, which its container starts again. Holds: it still takes itself for that member. */
    record RestartMongod(HostAddress mistakenFor) implements Step {
        public RestartMongod {
            requireNonNull(mistakenFor, "mistakenFor is null");
        }

        @Override
        public String operation() {
            return "restart_mongod";
        }
    }

    /** {@code replSetSyncFrom}. Holds: the local member clones and has copied nothing yet. */
    record SyncFrom(HostAddress source) implements Step {
        public SyncFrom {
            requireNonNull(source, "source is null");
        }

        @Override
        public String operation() {
            return "sync_from";
        }
    }

    /** {@code createUser} of the root user that the files name. Holds: no such user exists. */
    record CreateRootUser() implements Step {
        @Override
        public String operation() {
            return "create_root_user";
        }
    }

    /** {@code updateUser} with the password that the file holds. Holds: the user exists. */
    record UpdateRootPassword() implements Step {
        @Override
        public String operation() {
            return "update_root_password";
        }
    }

    /** Makes that member primary instead of this one. Holds: the local member is PRIMARY and that one has caught up. */
    record HandOver(HostAddress target) implements Step {
        public HandOver {
            requireNonNull(target, "target is null");
        }

        @Override
        public String operation() {
            return "hand_over";
        }
    }

    /**
     * Asks that member to stand for election. Holds: it sees no other primary than the one that ended, and no later term.
     *
     * @param dead the primary whose {@code mongod} has ended
     * @param term in which that one was elected
     */
    record CallElection(HostAddress target, HostAddress dead, long term) implements Step {
        public CallElection {
            requireNonNull(target, "target is null");
            requireNonNull(dead, "dead is null");
        }

        @Override
        public String operation() {
            return "call_election";
        }
    }

    /**
     * Writes the record with the phase {@code intended} and this pod as its holder. Holds: the record is as it was
     * seen: none, another pod's old intent, or a set that an operator approved to replace. This uses up that approval.
     */
    record RecordIntended() implements Step {
        @Override
        public String operation() {
            return "record_intended";
        }
    }

    /** Removes an approval that is no longer needed from the record. Holds: the record still has it. */
    record WithdrawApproval(Approval approval) implements Step {
        public WithdrawApproval {
            requireNonNull(approval, "approval is null");
        }

        @Override
        public String operation() {
            return "withdraw_approval";
        }
    }

    /** Writes the phase {@code formed} and the id. Holds: the record has no id. */
    record RecordFormed(String replicaSetId) implements Step {
        public RecordFormed {
            requireNonNull(replicaSetId, "replicaSetId is null");
        }

        @Override
        public String operation() {
            return "record_formed";
        }
    }
}
