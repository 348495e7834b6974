package dev.muster.plan;

/**
 * Why a decision was made. The names are the values of the label {@code reason} of {@code muster_decision_info} and
 * stand in the README with what an operator does about each.
 */
public enum Reason {
    SETTLED("The set is as it should be.", "Nothing."),
    FOLLOWING("The member is healthy; the primary's sidecar steers the set.", "Nothing."),
    PAUSED(
            "A person paused Muster; it says what it would do and does not do it.",
            "`muster resume` when you are done."),
    MONGOD_UNREACHABLE(
            "The mongod beside this sidecar does not answer.",
            "Look at mongod's own log. Muster goes on by itself once it answers."),
    MONGOD_DENIED(
            "mongod answers, but refuses the keyfile.",
            "Give the sidecar and every mongod the same keyfile; `muster check` compares."),
    MONGOD_MISCONFIGURED(
            "mongod was started so that it can never be a member of this set.",
            "Start mongod with `--replSet` and the name of `--set-name`."),
    MONGOD_STARTING("mongod is still loading its configuration.", "Nothing; long recoveries are in mongod's log."),
    FOREIGN_SET(
            "This volume holds the data of another replica set. It is left alone: not joined, not ready, not wiped.",
            "Find out whose volume it is. Give the pod its own, or an empty one."),
    REMOVED(
            "This member holds the set's data, but the configuration does not name it.",
            "Nothing while the primary's sidecar runs: it adds the member back. Else look at the primary's sidecar."),
    INITIATE("Every expected member is provably empty: the set is made.", "Nothing."),
    PEERS_UNKNOWN(
            "This member is empty, and for some peers it is not known whether they hold a set. A second set could be"
                    + " made by mistake, so nothing is done.",
            "The message names the peers and what is wrong with each: start them, mend DNS or the keyfile."),
    HOLDS_DATA(
            "A mongod without a replica set configuration has databases or users of its own: a former standalone, or a"
                    + " volume restored without `local`. It is left alone: nothing is initiated, and it does not join, as"
                    + " the clone would replace its data.",
            "The message names the member and what it holds. Find out whose data that is. If nobody needs it, give the pod"
                    + " an empty volume. Otherwise start mongod on that volume without `--replSet` and dump it first; restore"
                    + " the dump into the set once it has formed."),
    NEW_SET_NEEDS_APPROVAL(
            "The record says that this set was made once, and all members are empty.",
            "Restore the volumes. Only if the data is gone for good: `muster approve new-set --replica-set-id <the id in"
                    + " the message>` in the pod of the first ordinal."),
    NEW_SET_APPROVED("A person approved a new set in the place of one whose volumes are all gone.", "Nothing."),
    INTENDED_BY_ANOTHER(
            "An earlier pod of the same name recorded that it was about to make the set. This one takes over when nothing"
                    + " has come of it for 15 s.",
            "Nothing."),
    KUBERNETES_UNAVAILABLE(
            "The Kubernetes API does not say how many members there are to be. The running set goes on; nobody joins or"
                    + " leaves meanwhile.",
            "The message says what is wrong: mend the connection or the Role."),
    RECORD_UNAVAILABLE(
            "The record of the set cannot be read, so it is not known whether the set was made once.",
            "Mend the access to the Kubernetes API."),
    AWAIT_FIRST_ORDINAL("This member is empty; the first ordinal makes the set.", "Look at the first ordinal's log."),
    AWAIT_JOIN(
            "This member is empty and a set exists: the primary's sidecar adds it.",
            "Nothing; if it lasts, look at the decision of the primary's sidecar."),
    RECORD_SET("The record is brought up to what the members say.", "Nothing."),
    CLONE_FROM_PREDECESSOR("The clone is directed to the predecessor, before bytes are copied.", "Nothing."),
    AWAIT_CLONE_SOURCE(
            "This member has no data yet and may only clone from a secondary, but no secondary is healthy.",
            "Restore a secondary. Or start this mongod with `initialSyncSourceReadPreference=secondaryPreferred`: it then"
                    + " clones from the primary."),
    CLONING("A member copies its data.", "Nothing; the progress is in the message and on the status page."),
    RECOVERING(
            "mongod is in a state that passes by itself: RECOVERING, ROLLBACK.",
            "Nothing at first. If it lasts, mongod's log says what it waits for."),
    NO_PRIMARY(
            "No primary is visible. The members elect one; Muster never forces it.",
            "Bring back the members that are down, until a majority of the voters runs."),
    FORCE_APPROVED(
            "A person approved that the members that are down lose their votes, as a majority is gone for good.",
            "Make sure that the members that are down never come back with their old volumes while this one is"
                    + " unreachable: both sides would take writes."),
    APPROVAL_WITHDRAWN(
            "The set has a primary, so an approval that was not carried out is not needed. It is taken out of the record:"
                    + " otherwise it could be carried out much later, in a situation that nobody approved.",
            "Nothing. Approve again if the situation comes back."),
    CONFIG_UNCOMMITTED(
            "The last change of the configuration has not reached a majority of the voters yet.",
            "Bring back the voters that are down."),
    ROOT_USER("The root user is made, or its password set, as the files say.", "Nothing."),
    RENAME("A member's host becomes its stable name.", "Nothing."),
    JOIN("An empty expected member is added, without a vote.", "Nothing."),
    AWAIT_PREDECESSOR("The next member joins when its predecessor is SECONDARY.", "Nothing."),
    AWAIT_RENAME(
            "A member under a name of its own does not serve, and may be the very one that would be added.",
            "Bring it back: it gets its stable name then. If it is gone for good, `rs.remove` it, and the missing member"
                    + " is added."),
    AWAIT_PEER(
            "An expected member that is not in the configuration does not answer.",
            "The message says what is wrong with it: start it, or mend DNS or the keyfile."),
    FOREIGN_PEER(
            "An expected member holds the data of another replica set. It is left alone.",
            "Give that pod its own volume, or an empty one."),
    TOO_MANY_MEMBERS("The server allows 50 members.", "Ask for at most 50 replicas."),
    PROMOTE("A member has caught up and gets its vote.", "Nothing."),
    AWAIT_CATCH_UP(
            "A member is SECONDARY but not caught up: it gets its vote when it is.", "Look at the member's lag."),
    HEARTBEAT("The set is formed: heartbeats go back to the server's default interval.", "Nothing."),
    STEP_FAILED(
            "A change was refused, failed, or was made and had no effect. It is tried again after a growing pause, and delays"
                    + " no other change.",
            "Read the server's words in the message, and remove the cause."),
    MEMBER_DOWN(
            "A member is not healthy. It stays in the configuration: members leave only when they are scaled away.",
            "Look at that pod."),
    HAND_OVER("The primary's pod is going away, for good or to restart, and hands over first.", "Nothing."),
    DEMOTE("A member that is being scaled away gives up its vote.", "Nothing."),
    REMOVE("A member that is being scaled away leaves the configuration.", "Nothing."),
    LEAVE_HELD(
            "Scaling down now would leave no majority that serves and has caught up, so it is on hold.",
            "Restore the remaining members that the message names, or wait until they have caught up.");

    private final String meaning;
    private final String whatToDo;

    Reason(String meaning, String whatToDo) {
        this.meaning = meaning;
        this.whatToDo = whatToDo;
    }

    /** What it means, as a sentence. */
    public String meaning() {
        return meaning;
    }

    /** What an operator does about it, as a sentence; Markdown. */
    public String whatToDo() {
        return whatToDo;
    }
}
