package dev.muster.e2e;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can be done to a set. Durations are below a pod's grace period and what evicts a pod from a lost node. */
enum DeedKind {
    /** The network of a member's node is gone. */
    CUT(Lane.MEMBERS, 2, Target.MEMBER, 3, 45),
    /** A member's node loses its power. */
    CRASH(Lane.MEMBERS, 2, Target.MEMBER, 1, 40),
    /** A mongod stands still. */
    FREEZE_MONGOD(Lane.MEMBERS, 1, Target.MEMBER, 2, 45),
    /** A mongod and its sidecar stand still, as on a node that does. */
    FREEZE_POD(Lane.MEMBERS, 1, Target.MEMBER, 2, 45),
    /** A mongod gets SIGKILL. */
    KILL_MONGOD(Lane.MEMBERS, 2, Target.MEMBER),
    /** A mongod gets SIGTERM, and no hand-over comes before. */
    STOP_MONGOD(Lane.MEMBERS, 1, Target.MEMBER),
    DELETE_POD(Lane.MEMBERS, 2, Target.MEMBER),
    /** A claim and its pod are deleted. */
    LOSE_VOLUME(Lane.MEMBERS, 2, Target.MEMBER),
    /** A member's volume becomes what it was some time ago, from a snapshot. */
    RESTORE_VOLUME(Lane.MEMBERS, 1, Target.MEMBER, 5, 45),
    /** A scale-down to so many is taken back: the members that were to leave stop and come back, all at once. */
    DIP(Lane.MEMBERS, 2, Target.COUNT, 0, 10),
    /** `kubectl rollout restart`. */
    ROLL_OUT(Lane.MEMBERS, 1, Target.NONE),
    /** `helm upgrade` with another annotation of the pods. */
    UPGRADE(Lane.MEMBERS, 1, Target.NONE),

    /** A sidecar gets SIGKILL. */
    KILL_SIDECAR(Lane.CONTROL, 2, Target.MEMBER),
    /** A sidecar gets SIGTERM. */
    STOP_SIDECAR(Lane.CONTROL, 1, Target.MEMBER),
    /** A sidecar stands still, for less than what its liveness probe allows. */
    FREEZE_SIDECAR(Lane.CONTROL, 2, Target.MEMBER, 2, 40),
    /** The sidecars have no permissions at the API server. */
    API_AWAY(Lane.CONTROL, 2, Target.NONE, 3, 45),
    /** So many members. A scale-up may be taken back: those that join have no vote at first. */
    SCALE(Lane.CONTROL, 6, Target.COUNT);

    /**
     * What may not happen at the same time. What takes a member away waits until all others are whole, so that never
     * more than a minority is missing. What Muster itself may lose or is asked for comes on top at any time.
     */
    enum Lane {
        MEMBERS,
        CONTROL
    }

    /** What it is done to. */
    enum Target {
        NONE,
        /** The member with an ordinal, or the primary. */
        MEMBER,
        /** A number of members. */
        COUNT
    }

    private final Lane lane;
    private final int weight;
    private final Target target;
    private final int shortestSeconds;
    private final int longestSeconds;

    DeedKind(Lane lane, int weight, Target target) {
        this(lane, weight, target, 0, 0);
    }

    DeedKind(Lane lane, int weight, Target target, int shortestSeconds, int longestSeconds) {
        this.lane = lane;
        this.weight = weight;
        this.target = target;
        this.shortestSeconds = shortestSeconds;
        this.longestSeconds = longestSeconds;
    }

    Lane lane() {
        return lane;
    }

    /** How often it comes among all of its lane. */
    int weight() {
        return weight;
    }

    Target target() {
        return target;
    }

    /** Whether it lasts and is then taken back. A scale-up may, and need not. */
    boolean lasts() {
        return longestSeconds > 0;
    }

    Duration shortest() {
        return Duration.ofSeconds(shortestSeconds);
    }

    Duration longest() {
        return Duration.ofSeconds(longestSeconds);
    }

    /** As in the notation. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<DeedKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }
}
