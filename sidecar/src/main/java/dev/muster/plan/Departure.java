package dev.muster.plan;

import static java.util.Objects.requireNonNull;

import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Whether the member of a pod that Kubernetes is deleting may stop now. */
public sealed interface Departure {
    /** How long a primary waits for another member that can take over. A hand-over takes well under a second. */
    Duration HAND_OVER_LIMIT = Duration.ofSeconds(20);

    /** How long a voter waits for others to come back. A pod needs some ten seconds to restart. */
    Duration MAJORITY_LIMIT = Duration.ofSeconds(60);

    /** How long an empty member that a scale-down removes waits for a heartbeat. One comes every 2 s. */
    Duration HEARTBEAT_LIMIT = Duration.ofSeconds(5);

    /** As the end of a sentence: "may stop: …". */
    String why();

    /**
     * It should not stop yet.
     *
     * @param limit how long that delays the end at the most; empty if only the grace period ends it
     */
    record Hold(String why, Optional<Duration> limit) implements Departure {
        public Hold {
            requireNonNull(why, "why is null");
            requireNonNull(limit, "limit is null");
        }

        /** The same for another reason. */
        public Hold because(String other) {
            return new Hold(other, limit);
        }

        /** Of a member that a scale-down removes. */
        static Hold forGood(String why) {
            return new Hold(why, Optional.empty());
        }
    }

    /** It may stop. */
    record Free(String why) implements Departure {
        public Free {
            requireNonNull(why, "why is null");
        }
    }

    /** Whether a scale-down removes the member. Then its pod waits for as long as Kubernetes allows. */
    static boolean isForGood(Snapshot snapshot) {
        return snapshot.wanted().excludes(snapshot.self().ordinal());
    }

    /** What follows from a snapshot that was taken after the pod began to terminate. */
    static Departure of(Snapshot snapshot) {
        return switch (snapshot.local()) {
            case LocalMongod.InSet set -> ofMember(snapshot, set);
            case LocalMongod.NotYetInitialized empty -> ofEmpty(snapshot);
            case LocalMongod.NotStarted notStarted -> new Free("its mongod has not been started");
            case LocalMongod.HoldsData data -> new Free("its mongod has no replica set configuration");
            case LocalMongod.Removed removed -> new Free("it has left the configuration");
            case LocalMongod.Misconfigured misconfigured -> new Free("its mongod cannot be a member of the set");
            case LocalMongod.Unreachable unreachable -> unknown(snapshot, "does not answer");
            case LocalMongod.Denied denied -> unknown(snapshot, "refuses the connection");
            case LocalMongod.Starting starting -> unknown(snapshot, "loads its configuration");
        };
    }

    /** One that lost its volume is still named by the set, and learns so by a heartbeat. */
    private static Departure ofEmpty(Snapshot snapshot) {
        return isForGood(snapshot) && snapshot.record() instanceof SetRecord.Formed
                ? new Hold(
                        "it is being removed by a scale-down, and the set may still name it: its mongod is empty, and"
                                + " waits for a heartbeat",
                        Optional.of(HEARTBEAT_LIMIT))
                : new Free("its mongod is empty");
    }

    /** Kubernetes runs the preStop hook only while the process runs: one that hangs may still have a vote. */
    private static Departure unknown(Snapshot snapshot, String how) {
        return isForGood(snapshot)
                ? Hold.forGood("it is being removed by a scale-down and may have a vote: its mongod " + how)
                : new Free("its mongod " + how);
    }

    private static Departure ofMember(Snapshot snapshot, LocalMongod.InSet set) {
        if (snapshot.record() instanceof SetRecord.Formed formed
                && !formed.replicaSetId().equals(set.config().replicaSetId())) {
            return new Free("it holds another set's data, which is left alone");
        }
        int own = snapshot.self().ordinal();
        ConfigMember member = snapshot.membersByOrdinal().get(own);
        if (member != null && isForGood(snapshot)) {
            return Hold.forGood(
                    snapshot.membersByStableName().containsKey(own)
                            ? "it is being removed by a scale-down and is still in the configuration"
                            : ("it is being removed by a scale-down, but Muster does not remove it: the configuration knows"
                                            + " it as %s, not by its stable name; use rs.remove, or scale up again")
                                    .formatted(member.host()));
        }
        // A member that cannot find itself in a configuration that names it is REMOVED too, and keeps its vote.
        if (set.status().myState() == MemberState.REMOVED) {
            return new Free("it has left the configuration");
        }
        Optional<HostAddress> successor = Successor.of(snapshot);
        if (successor.isPresent()) {
            return new Hold("it is PRIMARY, and hands over to " + successor.get(), Optional.of(HAND_OVER_LIMIT));
        }
        if (isNeeded(snapshot, set)) {
            return new Hold(
                    "too few voters would be left for a majority, and others come back first",
                    Optional.of(MAJORITY_LIMIT));
        }
        if (set.isPrimary() && Successor.mayAppear(snapshot, set)) {
            return new Hold("it is PRIMARY, and no other member can take over yet", Optional.of(HAND_OVER_LIMIT));
        }
        return new Free(
                set.isPrimary()
                        ? "it is PRIMARY, and no other member can take over"
                        : "it is " + set.status().myState() + " and comes back");
    }

    /**
     * Whether the set has a majority that it loses with this voter, and does not lose when others come back first. So of
     * three pods that are deleted at once one stops, and the next one when it is back. Where nobody can come back, as in a
     * set of two healthy voters, the majority is lost anyway.
     */
    private static boolean isNeeded(Snapshot snapshot, LocalMongod.InSet set) {
        int own = snapshot.self().ordinal();
        long voters = set.config().voters();
        long majority = voters / 2 + 1;
        List<ConfigMember> up = set.config().members().stream()
                .filter(member -> member.votes() > 0 && set.isInService(member.host()))
                .toList();
        long upAtItsTurn =
                up.stream().filter(member -> !stopsFirst(snapshot, member)).count();
        ConfigMember itself = snapshot.membersByOrdinal().get(own);
        return snapshot.isExpected(own)
                && itself != null
                && up.contains(itself)
                && up.size() >= majority
                && upAtItsTurn <= majority
                && upAtItsTurn < voters;
    }

    /**
     * Whether Kubernetes deletes that member's pod too, and it stops before this one: the pod that was deleted first, or else
     * the one with the highest ordinal, as in a scale-down.
     */
    private static boolean stopsFirst(Snapshot snapshot, ConfigMember member) {
        int own = snapshot.self().ordinal();
        OptionalInt other = snapshot.ordinalOf(member.host());
        if (other.isEmpty() || other.getAsInt() == own) {
            return false;
        }
        Optional<Instant> ownEnd = snapshot.endOf(own);
        Optional<Instant> itsEnd = snapshot.endOf(other.getAsInt());
        if (ownEnd.isEmpty() || itsEnd.isEmpty() || ownEnd.equals(itsEnd)) {
            return itsEnd.isPresent() && other.getAsInt() > own;
        }
        return itsEnd.get().isBefore(ownEnd.get());
    }
}
