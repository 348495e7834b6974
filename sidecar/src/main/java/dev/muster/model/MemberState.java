package dev.muster.model;

/** The state of a member, with its number in {@code replSetGetStatus}. */
public enum MemberState {
    STARTUP(0),
    PRIMARY(1),
    SECONDARY(2),
    RECOVERING(3),
    STARTUP2(5),
    UNKNOWN(6),
    ARBITER(7),
    DOWN(8),
    ROLLBACK(9),
    REMOVED(10);

    private final int code;

    MemberState(int code) {
        this.code = code;
    }

    /** Whether a member in this state serves: it takes writes, replicates or votes. */
    public boolean isInService() {
        return this == PRIMARY || this == SECONDARY || this == ARBITER;
    }

    public int code() {
        return code;
    }

    /** The state with that number; {@link #UNKNOWN} for a number that no server sends. */
    public static MemberState ofCode(int code) {
        for (MemberState state : values()) {
            if (state.code == code) {
                return state;
            }
        }
        return UNKNOWN;
    }
}
