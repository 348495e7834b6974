package dev.muster.model;

import java.time.Duration;

/**
 * The heartbeat interval of a set while its first members join. A fresh member may choose whom to clone from only after two
 * heartbeats to every other member. It looks once, about 20 ms after it has its configuration, and then again only after a
 * second. With the server's default interval that first look fails in most runs, with 7 ms in one of ten, with 3 ms hardly
 * ever. But n members send n × (n - 1) heartbeats in each interval: three at 3 ms are 2,000 a second, and take a whole core.
 * So up to three members use 3 ms, and more of them as many milliseconds as keep it below 1,000 a second.
 */
public final class FormingHeartbeat {
    /** Up to three members. Not a round number, so that it is never taken for an operator's choice. */
    public static final int SHORTEST_MILLIS = 3;

    /** The most heartbeats that all members together send in a second while a set forms. */
    public static final int MOST_PER_SECOND = 2000;

    /** A status takes about a millisecond; one that takes this long waits for a processor. */
    public static final Duration SLOW_ANSWER = Duration.ofSeconds(1);

    private static final int MEMBERS_AT_SHORTEST = 3;

    private FormingHeartbeat() {}

    /** The interval for that many members; the server's default where no shorter one is allowed. */
    public static int intervalMillis(int members) {
        if (members <= MEMBERS_AT_SHORTEST) {
            return SHORTEST_MILLIS;
        }
        // One more than an even number: an operator's choice is hardly ever odd.
        return Math.min(SetConfig.DEFAULT_HEARTBEAT_MILLIS, members * (members - 1) + 1);
    }

    /** Whether Muster chose that interval for a forming set, of whatever size. */
    public static boolean isForming(int millis) {
        if (millis == SetConfig.DEFAULT_HEARTBEAT_MILLIS) {
            return false;
        }
        for (int members = 1; members <= SetConfig.MAX_MEMBERS; members++) {
            if (intervalMillis(members) == millis) {
                return true;
            }
        }
        return false;
    }
}
