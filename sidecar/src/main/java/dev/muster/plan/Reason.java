package dev.muster.plan;

/**
 * Why a decision was made. The names are the values of the label {@code reason} of {@code muster_decision_info}.
 * docs/reference.md lists them with these texts.
 */
public enum Reason {
    SETTLED("The set is as it should be.", "Nothing."),
    FOLLOWING("The member is healthy. The primary's sidecar manages the set.", "Nothing."),
    PAUSED(
            "An operator paused Muster. It reports what it would do, but does not do it.",
            "Run `muster resume` when you are done."),
    START(
            "The volume is empty, and mongod may start on it: the member has no vote yet, or its vote cannot elect a member"
                    + " that lacks an acknowledged write.",
            "Nothing."),
    AWAIT_START(
            "This member has lost its volume, and a set is recorded. Its mongod would vote as soon as it runs, and could help to"
                    + " elect a member that lacks an acknowledged write. So mongod waits until the primary's sidecar has taken"
                    + " the vote away for a moment, or until only one other member can have data.",
            "Nothing while the set has a primary. If it has none, bring back the members that the message names, with their"
                    + " volumes. If they are lost for good, delete their claims and pods. If they run but cannot elect a"
                    + " primary, as too many of the others are gone, decide which one's data stays and run"
                    + " `muster approve force-reconfig` there. The message names the one with the newest write."),
    MONGOD_UNREACHABLE(
            "The mongod beside this sidecar does not answer.",
            "Look at mongod's own log. Muster continues by itself once mongod answers."),
    MONGOD_DENIED(
            "mongod answers, but refuses the sidecar's keyfile.",
            "Give the sidecar and every mongod the same keyfile. `muster check` shows whether they match."),
    MONGOD_MISCONFIGURED(
            "mongod runs with options that do not allow it to be a member of this set.",
            "Start mongod with `--replSet` and the same name as in `--set-name`."),
    MONGOD_STARTING(
            "mongod is still loading its configuration.",
            "Nothing. mongod's log shows the progress of a long recovery."),
    MISTAKEN_MEMBER(
            "This mongod takes itself for another pod's member. That member's name still led to this pod's address when mongod"
                    + " loaded the configuration. Two processes would vote as one member, so mongod is restarted and looks"
                    + " again.",
            "If it happens again and again, make the name in the message lead to its own pod."),
    FOREIGN_SET(
            "This volume holds the data of another replica set. Muster leaves it alone: the pod does not join, is not"
                    + " ready, and its data is not deleted.",
            "Find out which set the volume belongs to. Give the pod its own volume, or an empty one."),
    REMOVED(
            "This member holds the set's data, but the configuration does not name it, or its mongod did not find itself in"
                    + " the configuration.",
            "Nothing: the primary's sidecar adds the member back. If that does not happen, look at the decision of the"
                    + " primary's sidecar. If the message says that the volume comes from another place, the set has the"
                    + " names that it had there: to give it those of this place, run `muster approve rename-set` as the message"
                    + " says. If the message says that mongod did not"
                    + " find itself, make the name lead to the pod. mongod looks again when another member sends a heartbeat."
                    + " If every member is REMOVED, none sends one: restart one with `kubectl delete pod`."),
    INITIATE("Every expected member is provably empty, so the first ordinal initiates the set.", "Nothing."),
    PEERS_UNKNOWN(
            "This member is empty, and it is not known whether some peers hold a set. Muster initiates nothing, as this"
                    + " could create a second set.",
            "The message names the peers and what is wrong with each. Start them, or fix DNS or the keyfile. If a peer is no"
                    + " longer expected because `spec.ordinals.start` was changed or the StatefulSet was scaled down while the"
                    + " set was being initiated, undo that change."),
    HOLDS_DATA(
            "A mongod without a replica set configuration has databases or users of its own: a former standalone, or a"
                    + " volume restored without `local`. Muster leaves it alone: no set is initiated, and the member does"
                    + " not join, as the clone would replace its data.",
            "The message names the member and what it holds. Find out whose data that is. If it is no longer needed, give"
                    + " the pod an empty volume. Otherwise start mongod on that volume without `--replSet` and dump the data."
                    + " Restore the dump into the set once it has formed. If it is the only member with data, the set can be"
                    + " initiated from that data: the message says how."),
    SEED_APPROVED(
            "An operator named the member from whose data the set is initiated. Every other expected member is provably"
                    + " empty, and clones that data.",
            "Nothing."),
    SEED_EMPTY(
            "An operator named this member as the one from whose data the set is to be initiated, but it is empty.",
            "Give the pod the volume that has the data. If the set may begin empty, remove `--seed-ordinal`, or take the"
                    + " approval back with `muster approve withdraw`."),
    AWAIT_SEED(
            "This member is empty and waits for the member whose data an operator named to initiate the set.",
            "Look at the log of the pod that the message names."),
    NEW_SET_NEEDS_APPROVAL(
            "The record says that this set was initiated before, but all members are empty.",
            "Restore the volumes. Only if the data is lost for good, run `muster approve new-set --replica-set-id <the id"
                    + " in the message>` in the pod of the first ordinal."),
    NEW_SET_APPROVED("An operator approved a new set to replace one whose volumes are all gone.", "Nothing."),
    INTENDED_BY_ANOTHER(
            "An earlier pod of the same name recorded that it was about to initiate the set. If there is no set after"
                    + " 15 s, this pod takes over.",
            "Nothing."),
    KUBERNETES_UNAVAILABLE(
            "The Kubernetes API does not say how many members are wanted. The set keeps running, but no member joins or"
                    + " leaves until it does.",
            "The message says what is wrong. Fix the connection to the API server, or the Role."),
    RECORD_UNAVAILABLE(
            "The record of the set cannot be read, so it is not known whether the set was initiated before.",
            "Fix the access to the Kubernetes API."),
    AWAIT_FIRST_ORDINAL(
            "This member is empty and waits for the first ordinal to initiate the set.",
            "Look at the first ordinal's log."),
    AWAIT_JOIN(
            "This member is empty and a set exists: the primary's sidecar adds this member.",
            "Nothing. If it takes long, look at the decision of the primary's sidecar."),
    RECORD_SET("The primary's sidecar records which set exists.", "Nothing."),
    CLONE_FROM_PREDECESSOR("The clone is directed to the predecessor before any data is copied.", "Nothing."),
    AWAIT_CLONE_SOURCE(
            "This member has no data yet and may only clone from a secondary, but no secondary is healthy.",
            "Restore a secondary. Or start this mongod with `initialSyncSourceReadPreference=secondaryPreferred`, so that"
                    + " it clones from the primary."),
    CLONING("A member clones its data.", "Nothing. The message and the status page show the progress."),
    RECOVERING(
            "mongod is in a state that it leaves by itself: RECOVERING or ROLLBACK.",
            "Nothing at first. If it takes long, mongod's log says what mongod waits for. If it hears no other member although"
                    + " they run, compare the keyfiles of the pods."),
    CALL_ELECTION(
            "The primary's mongod has ended. The sidecars ask the member with the newest data to stand for election, so that"
                    + " no write waits for the election timeout.",
            "Look at why mongod ended: its log, and `kubectl describe pod`."),
    NO_PRIMARY(
            "No primary is visible. The members elect one. Muster never forces an election.",
            "Bring members back until a majority of the voters runs."),
    FORCE_APPROVED(
            "A majority of the voters is lost for good, and an operator approved that the members that are down lose"
                    + " their votes.",
            "Make sure that these members never come back with their old volumes while this one is unreachable."
                    + " Otherwise both sides take writes."),
    RENAME_SET_APPROVED(
            "The volumes were brought here from another place, and an operator approved that the members get the names of this"
                    + " place, and the set a new id.",
            "Nothing."),
    APPROVAL_WITHDRAWN(
            "The set has a primary, so an approval that was not carried out is no longer needed. Muster removes it from"
                    + " the record. Otherwise it could be carried out much later, in another situation.",
            "Nothing. Approve again if the situation comes back."),
    APPROVAL_EXPIRED(
            "An approval that was not carried out is too old. That of a forced reconfiguration is valid for 10 minutes,"
                    + " that of a new set for 60 minutes. The sidecar that would carry it out removes it from the record.",
            "Approve again if it is still needed. `muster explain` on the survivor shows why a forced reconfiguration was"
                    + " not carried out. If it expires at once, the clocks of the nodes differ."),
    CONFIG_UNCOMMITTED(
            "The last change of the configuration has not reached a majority of the voters yet.",
            "Bring back the voters that are down."),
    ROOT_USER("The root user is created, or its password set, as the files say.", "Nothing."),
    ROOT_USER_TAKEN(
            "A user in the database `admin` has the root user's name, but another password, and not the role `root`. Somebody"
                    + " else made it, so Muster does not change it.",
            "Give the root user another name in its Secret. Or make that user the root user: grant it the role `root` and"
                    + " set its password to the one in the Secret."),
    RENAME(
            "A member's host in the configuration is changed to its stable name. The option `--rename` says which hosts are"
                    + " changed.",
            "Nothing."),
    JOIN("An expected member is added, without a vote.", "Nothing."),
    AWAIT_PREDECESSOR("The next member joins once its predecessor is SECONDARY.", "Nothing."),
    AWAIT_RENAME(
            "A member that the configuration does not know by its stable name is not in service. It may be the same member"
                    + " as the one that is missing.",
            "Bring it back: then Muster knows which pod it is. If it is gone for good, remove it with `rs.remove`, and the"
                    + " missing member is added."),
    AWAIT_PEER(
            "An expected member that is not in the configuration does not answer.",
            "The message says what is wrong. Start the member, or fix DNS or the keyfile."),
    FOREIGN_PEER(
            "An expected member holds the data of another replica set, or is the primary of this set in a configuration of"
                    + " its own. Muster leaves it alone.",
            "Give that pod its own volume, or an empty one."),
    TOO_MANY_MEMBERS("The set has 50 members, the most that the server allows.", "Ask for at most 50 replicas."),
    PROMOTE("A member has caught up and gets its vote.", "Nothing."),
    EMPTY_VOTER(
            "A voter has lost its data. It would still vote, and could help to elect a member that lacks an acknowledged"
                    + " write. So Muster takes its vote for a moment.",
            "Nothing. Find out why the volume was lost."),
    VOTE_RETURNED("A member that had lost its data has its vote again, and can do no harm.", "Nothing."),
    AWAIT_CATCH_UP(
            "A member is SECONDARY but has not caught up yet. It gets its vote once it has.",
            "Look at the member's lag."),
    HEARTBEAT("The set has formed, so heartbeats return to the server's default interval.", "Nothing."),
    STEP_FAILED(
            "A change was refused, failed or had no effect. Muster tries it again after a growing pause. Other changes are"
                    + " not delayed.",
            "Read the server's error in the message, and fix the cause."),
    MEMBER_DOWN(
            "A member is not healthy. It stays in the configuration: members leave only when you scale down.",
            "Look at that pod. If the message says that no expected pod is that member, and you scaled its pod down, remove"
                    + " the member with `rs.remove`."),
    HAND_OVER(
            "The primary's pod is terminating or is being removed by a scale-down, and hands over first.", "Nothing."),
    DEMOTE("A member that is being removed by a scale-down loses its vote.", "Nothing."),
    REMOVE("A member without a vote is removed from the configuration by a scale-down.", "Nothing."),
    LEAVE_HELD(
            "A scale-down now would leave no majority that is in service and has caught up, so it is on hold.",
            "Restore the remaining members that the message names, or wait until they have caught up.");

    private final String meaning;
    private final String whatToDo;

    Reason(String meaning, String whatToDo) {
        this.meaning = meaning;
        this.whatToDo = whatToDo;
    }

    /** What it means, in sentences. */
    public String meaning() {
        return meaning;
    }

    /** What an operator does about it, in sentences; Markdown. */
    public String whatToDo() {
        return whatToDo;
    }
}
