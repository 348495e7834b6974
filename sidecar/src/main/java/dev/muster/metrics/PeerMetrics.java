package dev.muster.metrics;

import dev.muster.model.MemberStatus;
import dev.muster.model.PeerMongod;
import dev.muster.model.Snapshot;
import java.util.Optional;
import java.util.function.IntPredicate;

/** How many of the other expected members resolve, answer and are in the configuration. */
final class PeerMetrics {
    private PeerMetrics() {}

    static void add(Families families, Snapshot snapshot) {
        count(families, snapshot, "expected", ordinal -> true);
        count(
                families,
                snapshot,
                "resolved",
                ordinal -> isReachable(snapshot, ordinal) || isResolved(snapshot.peer(ordinal)));
        count(families, snapshot, "reachable", ordinal -> isReachable(snapshot, ordinal));
        boolean allAreKnown = snapshot.missingOrdinals().count()
                == snapshot.ordinalsWithoutMember().count();
        if (snapshot.inSet().isPresent() && allAreKnown) {
            count(families, snapshot, "member", snapshot.membersByOrdinal()::containsKey);
        }
    }

    private static void count(Families families, Snapshot snapshot, String status, IntPredicate is) {
        families.gauge(
                "peers",
                "The other expected members, by status: expected (all), resolved (the name is known to resolve),"
                        + " reachable (it answers), member (it is in the configuration).",
                snapshot.expectedOrdinals()
                        .filter(ordinal -> ordinal != snapshot.self().ordinal())
                        .filter(is)
                        .count(),
                "status",
                status);
    }

    /** The local mongod knows whether a member answers; the sidecar asked the others. */
    private static boolean isReachable(Snapshot snapshot, int ordinal) {
        Optional<MemberStatus> status = snapshot.inSet()
                .flatMap(set -> Optional.ofNullable(snapshot.membersByOrdinal().get(ordinal))
                        .flatMap(member -> set.status().member(member.host())));
        if (status.isPresent()) {
            return status.get().healthy();
        }
        return snapshot.peer(ordinal).answered();
    }

    private static boolean isResolved(PeerMongod peer) {
        return peer.answered()
                || (peer instanceof PeerMongod.Unknown unknown
                        && switch (unknown.cause()) {
                            case NO_SUCH_NAME, NO_ADDRESS, DNS_FAILED -> false;
                            case UNREACHABLE, AUTHENTICATION, TLS, TIMEOUT, ANOTHER_POD, STARTING -> true;
                        });
    }
}
