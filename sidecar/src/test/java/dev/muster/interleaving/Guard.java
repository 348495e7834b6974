package dev.muster.interleaving;

/** What keeps the records right, each to be taken away by what the ports tell a process. */
enum Guard {
    /** As if the API server replaced an object whatever its version is. */
    A_RECORD_IS_REPLACED_ONLY_AS_IT_WAS_READ(Story.NEW_SET, "BROKEN: a recorded set is replaced"),

    /** As if the record were still as the look saw it. */
    THE_RECORD_IS_READ_BEFORE_THE_INITIATE(Story.INITIATED, "BROKEN: a set is initiated although"),

    /** As if every process were that of the API server's pod. */
    ONLY_THE_API_SERVERS_POD_WRITES_THE_RECORD(Story.INITIATED, "BROKEN: two sets"),

    /** As if an approval had no time limit. */
    AN_APPROVAL_EXPIRES(Story.NEW_SET, "BROKEN: an approval is carried out by a process that looked after"),

    /** As if the record still had the approval that the look saw. */
    AN_APPROVAL_THAT_IS_CARRIED_OUT_IS_STILL_THERE(Story.FORCED, "BROKEN: an approval is carried out that was"),

    /** As if it were no matter of which election a slice is. */
    AN_OLDER_ELECTION_DOES_NOT_TAKE_THE_SERVICE(Story.ANNOUNCED, "BROKEN: the Service goes back"),

    /** As if a change were an edit of whatever the configuration is. */
    A_CHANGE_IS_OF_THE_CONFIGURATION_THAT_WAS_SEEN(Story.SCALED, "BROKEN: a member gets a vote back"),

    /** As if the StatefulSet asked for what the look saw. */
    THE_STATEFUL_SET_IS_READ_BEFORE_A_MEMBER_LEAVES(Story.SCALED, "BROKEN: a member leaves");

    private final Story missedIn;
    private final String harm;

    Guard(Story missedIn, String harm) {
        this.missedIn = missedIn;
        this.harm = harm;
    }

    /** The scene that breaks a promise without it. */
    Story missedIn() {
        return missedIn;
    }

    /** How that is told. */
    String harm() {
        return harm;
    }
}
