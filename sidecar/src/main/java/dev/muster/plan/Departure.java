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
    /** In a sentence's end: "may stop: …". */
    String why();

    /** Stopping it now would cost the set something that it need not. */
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

    /** Whether the member goes for good: then its end waits for as long as Kubernetes gives it. */
    static boolean isForGood(Snapshot snapshot) {
        return snapshot.isLeaving(snapshot.self().ordinal());
    }

    /** What follows from a snapshot that was taken when the pod was known to be going away. */
    static Departure of(Snapshot snapshot) {
        return switch (snapshot.local()) {
            case LocalMongod.InSet set -> ofMember(snapshot, set);
            case LocalMongod.NotYetInitialized empty -> new Free("its mongod is empty");
            case LocalMongod.HoldsData data -> new Free("its mongod has no replica set configuration");
            case LocalMongod.Removed removed -> new Free("it has left the configuration");
            case LocalMongod.Misconfigured misconfigured -> new Free("its mongod can be no member of a set");
            case LocalMongod.Unreachable unreachable -> unknown(snapshot, "does not answer");
            case LocalMongod.Denied denied -> unknown(snapshot, "refuses us");
            case LocalMongod.Starting starting -> unknown(snapshot, "loads its configuration");
        };
    }

    /** Kubernetes only asks for a process that runs: one that hangs for a moment may still have its vote. */
    private static Departure unknown(Snapshot snapshot, String how) {
        return isForGood(snapshot)
                ? new Hold("it is being scaled away, and may have a vote: its mongod " + how)
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
            return new Hold("it is being scaled away and is still in the configuration");
        }
        // One that cannot find itself in a configuration that names it is REMOVED too, and keeps its vote.
        if (set.status().myState() == MemberState.REMOVED) {
            return new Free("it has left the configuration");
        }
        if (set.isPrimary()) {
            Optional<HostAddress> successor = Successor.of(snapshot);
            return successor
                    .<Departure>map(next -> new Hold("it is PRIMARY and hands over to " + next))
                    .orElseGet(() -> new Free("it is PRIMARY, and nobody can take over"));
        }
        return new Free("it is " + set.status().myState() + " and comes back");
    }
}
