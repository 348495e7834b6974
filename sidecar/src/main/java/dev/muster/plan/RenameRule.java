package dev.muster.plan;

import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.PeerMongod;
import dev.muster.model.Snapshot;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * Members of an adopted set whose names are not stable by themselves (pod addresses, short names) get their stable ones;
 * {@code --rename} says whether others do too. A member is renamed only if it answers under its stable name and says that
 * the configuration knows it by the other one. The primary's own name comes last: changing it costs clients up to two
 * seconds of writes.
 */
final class RenameRule {
    private RenameRule() {}

    static Verdict rename(Snapshot snapshot) {
        LocalMongod.InSet set = MemberRules.set(snapshot);
        NavigableMap<Integer, ConfigMember> named = snapshot.membersByStableName();
        for (int ordinal : snapshot.expectedOrdinals().toArray()) {
            if (ordinal == snapshot.self().ordinal() || named.containsKey(ordinal)) {
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
                && !named.containsKey(snapshot.self().ordinal())) {
            Optional<ConfigMember> own = set.knownAs().flatMap(host -> renamable(snapshot, set, host));
            if (own.isPresent()) {
                return act(snapshot, set, own.get(), snapshot.self().ordinal());
            }
        }
        List<HostAddress> kept = set.config().hosts().stream()
                .filter(host -> snapshot.self().naming().ordinalOf(host).isEmpty())
                .filter(host -> !snapshot.renaming().replaces(snapshot.self().naming(), host))
                .toList();
        return Verdict.passes(
                kept.isEmpty()
                        ? "every member that can be identified has its stable name"
                        : "the option --rename keeps these names in the configuration: " + HostAddress.listed(kept));
    }

    /** The member of that host, if the host is to be replaced. */
    private static Optional<ConfigMember> renamable(Snapshot snapshot, LocalMongod.InSet set, HostAddress host) {
        return snapshot.renaming().replaces(snapshot.self().naming(), host)
                ? set.config().member(host)
                : Optional.empty();
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
