package dev.muster.model;

import java.time.Duration;
import java.util.stream.IntStream;

/**
 * The heartbeat interval of a set while its first members join. A new member chooses its clone source only after two
 * heartbeats to every other member. It looks once, about 20 ms after it has its configuration, and again only after a
 * second. With the server's default interval the first look fails in most runs, with 7 ms in one of ten, with 3 ms
 * hardly ever. But n members send n × (n - 1) heartbeats in each interval: three at 3 ms send 2,000 a second, and take
 * a whole core. So up to three members use 3 ms, and more members an interval that keeps them below 1,000 a second.
 */
public final class FormingHeartbeat {
    /** For up to three members. Not a round number, so that it is never mistaken for an operator's choice. */
    public static final int SHORTEST_MILLIS = 3;

    /** The most heartbeats that all members together send in a second while a set forms. */
    public static final int MOST_PER_SECOND = 2000;

    /** Reading a status takes about a millisecond. If it takes this long, mongod waits for a processor. */
    public static final Duration SLOW_ANSWER = Duration.ofSeconds(1);

    private static final int MEMBERS_AT_SHORTEST = 3;

    private FormingHeartbeat() {}

    /** The interval for that many members, at most the server's default. */
    public static int intervalMillis(int members) {
        if (members <= MEMBERS_AT_SHORTEST) {
            return SHORTEST_MILLIS;
        }
        // Odd, as an operator's choice hardly ever is.
        return Math.min(SetConfig.DEFAULT_HEARTBEAT_MILLIS, members * (members - 1) + 1);
    }

    /** Whether Muster chose that interval for a forming set of some size. */
    public static boolean isForming(int millis) {
        if (millis == SetConfig.DEFAULT_HEARTBEAT_MILLIS) {
            return false;
        }
        return IntStream.rangeClosed(1, SetConfig.MAX_MEMBERS).anyMatch(members -> intervalMillis(members) == millis);
    }
}
