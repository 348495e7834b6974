package dev.muster.plan;

import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.PeerMongod;
import dev.muster.model.Snapshot;
import java.util.Optional;

/**
 * Members of an adopted set that have other names (pod addresses, short names) get their stable ones. A member is
 * renamed only if it answers under its stable name and says that the configuration knows it by the other one. The
 * primary's own name comes last: changing it costs clients up to two seconds of writes.
 */
final class RenameRule {
    private RenameRule() {}

    static Verdict rename(Snapshot snapshot) {
        LocalMongod.InSet set = MemberRules.set(snapshot);
        for (int ordinal : snapshot.expectedOrdinals().toArray()) {
            if (ordinal == snapshot.self().ordinal()
                    || snapshot.membersByOrdinal().containsKey(ordinal)) {
                continue;
            }
            if (!(snapshot.peer(ordinal) instanceof PeerMongod.InSet peer)
                    || peer.isOfAnotherSetThan(set.config().replicaSetId())) {
                continue;
            }
            Optional<ConfigMember> member = renamable(snapshot, set, peer.knownAs());
            boolean secondary = set.status()
                    .member(peer.knownAs())
                    .filter(status -> status.healthy() && status.state() == MemberState.SECONDARY)
                    .isPresent();
            if (member.isPresent() && secondary) {
                return act(snapshot, set, member.get(), ordinal);
            }
        }
        if (snapshot.isExpected(snapshot.self().ordinal())
                && !snapshot.membersByOrdinal().containsKey(snapshot.self().ordinal())) {
            Optional<ConfigMember> own =
                    set.status().self().map(MemberStatus::host).flatMap(host -> renamable(snapshot, set, host));
            if (own.isPresent()) {
                return act(snapshot, set, own.get(), snapshot.self().ordinal());
            }
        }
        return Verdict.passes("every member that can be identified has its stable name");
    }

    /** The member of that host, unless the host is the stable name of some ordinal. */
    private static Optional<ConfigMember> renamable(Snapshot snapshot, LocalMongod.InSet set, HostAddress host) {
        return snapshot.self().naming().ordinalOf(host).isPresent()
                ? Optional.empty()
                : set.config().member(host);
    }

    private static Verdict act(Snapshot snapshot, LocalMongod.InSet set, ConfigMember member, int ordinal) {
        HostAddress to = snapshot.self().naming().address(ordinal);
        return Verdict.act(
                JoinRules.reconfigure(set.config(), new ConfigChange.Rename(member.id(), member.host(), to)),
                Reason.RENAME,
                "renames member %d from %s to %s",
                member.id(),
                member.host(),
                to);
    }
}
