package dev.muster.model;

/** The state of a member, as {@code replSetGetStatus} numbers them. */
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

    /** Whether a member in this state does its part: it takes writes, follows or votes. */
    public boolean isInService() {
        return this == PRIMARY || this == SECONDARY || this == ARBITER;
    }

    /** The server's number of this state. */
    public int code() {
        return code;
    }

    /** The state of that number; one that no server sends is {@link #UNKNOWN}. */
    public static MemberState ofCode(int code) {
        for (MemberState state : values()) {
            if (state.code == code) {
                return state;
            }
        }
        return UNKNOWN;
    }
}
