package dev.muster.plan;

import static java.util.Objects.requireNonNull;

import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import java.util.Optional;

/** Whether the member of a pod that Kubernetes is deleting may stop now. */
public sealed interface Departure {
    /** As the end of a sentence: "may stop: …". */
    String why();

    /** It should not stop yet. */
    record Hold(String why) implements Departure {
        public Hold {
            requireNonNull(why, "why is null");
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
            case LocalMongod.NotYetInitialized empty -> new Free("its mongod is empty");
            case LocalMongod.HoldsData data -> new Free("its mongod has no replica set configuration");
            case LocalMongod.Removed removed -> new Free("it has left the configuration");
            case LocalMongod.Misconfigured misconfigured -> new Free("its mongod cannot be a member of the set");
            case LocalMongod.Unreachable unreachable -> unknown(snapshot, "does not answer");
            case LocalMongod.Denied denied -> unknown(snapshot, "refuses the connection");
            case LocalMongod.Starting starting -> unknown(snapshot, "loads its configuration");
        };
    }

    /** Kubernetes runs the preStop hook only while the process runs: one that hangs may still have a vote. */
    private static Departure unknown(Snapshot snapshot, String how) {
        return isForGood(snapshot)
                ? new Hold("it is being removed by a scale-down and may have a vote: its mongod " + how)
                : new Free("its mongod " + how);
    }

    private static Departure ofMember(Snapshot snapshot, LocalMongod.InSet set) {
        if (snapshot.record() instanceof SetRecord.Formed formed
                && !formed.replicaSetId().equals(set.config().replicaSetId())) {
            return new Free("it holds another set's data, which is left alone");
        }
        int own = snapshot.self().ordinal();
        boolean isMember = snapshot.membersByOrdinal().containsKey(own);
        if (isMember && isForGood(snapshot)) {
            return new Hold("it is being removed by a scale-down and is still in the configuration");
        }
        // A member that cannot find itself in a configuration that names it is REMOVED too, and keeps its vote.
        if (set.status().myState() == MemberState.REMOVED) {
            return new Free("it has left the configuration");
        }
        if (set.isPrimary()) {
            Optional<HostAddress> successor = Successor.of(snapshot);
            return successor
                    .<Departure>map(next -> new Hold("it is PRIMARY and hands over to " + next))
                    .orElseGet(() -> new Free("it is PRIMARY, but no member can take over"));
        }
        return new Free("it is " + set.status().myState() + " and comes back");
    }
}
