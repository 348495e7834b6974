package dev.muster.plan;

import static java.util.Objects.requireNonNull;

import dev.muster.model.Approval;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.Naming;
import dev.muster.model.PeerMongod;
import dev.muster.model.PodHosts;
import dev.muster.model.SetRecord;
import dev.muster.model.SetRenaming;
import dev.muster.model.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Volumes that were brought here from another namespace, Service or StatefulSet keep the names that they had there, so
 * no member finds itself in its configuration. Only an operator knows whether the set in the former place still lives. If
 * the operator approves, each member that has the approved configuration writes the names of this place into it, and the
 * set's new id. As the ids differ, the two sets can never mix.
 */
public final class RenameSetRules {
    private RenameSetRules() {}

    static Verdict rename(Snapshot snapshot) {
        if (!(snapshot.local() instanceof LocalMongod.Removed removed)) {
            return Verdict.passes("this member is not in a configuration of another place");
        }
        Optional<Approval.RenameSet> approved = snapshot.record().renameSet(snapshot.now());
        if (approved.isEmpty()) {
            return Verdict.passes("no operator approved new names for the whole set");
        }
        Approval.RenameSet approval = approved.get();
        if (!snapshot.isExpected(snapshot.self().ordinal())) {
            return Verdict.passes("the StatefulSet does not ask for this member");
        }
        if (removed.replicaSetId().equals(approval.newId())) {
            return removed.members().contains(snapshot.self().address())
                    ? act(snapshot, approval, removed, "restarts mongod, whose configuration has the new names")
                    : Verdict.passes("its configuration has the new names, and does not name it");
        }
        if (!removed.replicaSetId().equals(approval.replicaSetId())) {
            return Verdict.passes("the approved new names are for another set");
        }
        if (removed.version() != approval.configVersion()) {
            return Verdict.forbid(
                    Reason.REMOVED,
                    "an operator approved new names for configuration version %d, but this volume has version %d, and is left"
                            + " alone: give the pod an empty volume, so that it clones",
                    approval.configVersion(),
                    removed.version());
        }
        return act(
                snapshot,
                approval,
                removed,
                "writes the members' new names into the configuration, with the set's new id %s, and restarts mongod: an"
                        + " operator approved it",
                approval.newId());
    }

    private static Verdict act(
            Snapshot snapshot,
            Approval.RenameSet approval,
            LocalMongod.Removed removed,
            String message,
            Object... arguments) {
        return Verdict.act(
                new Step.RenameSet(renaming(snapshot.self().naming(), approval, removed.members())),
                Reason.RENAME_SET_APPROVED,
                message,
                arguments);
    }

    private static SetRenaming renaming(Naming naming, Approval.RenameSet approval, List<HostAddress> members) {
        SortedMap<HostAddress, HostAddress> hosts = new TreeMap<>();
        PodHosts.parse(approval.from())
                .ifPresent(place -> members.forEach(member -> {
                    OptionalInt ordinal = place.ordinalOf(member);
                    if (ordinal.isPresent()) {
                        hosts.put(member, naming.address(ordinal.getAsInt()));
                    }
                }));
        return new SetRenaming(approval.replicaSetId(), approval.configVersion(), approval.newId(), hosts);
    }

    /** Whether the members of that configuration are pods of another place. */
    public static Optional<PodHosts> formerPlace(Naming naming, List<HostAddress> members) {
        return members.stream().noneMatch(member -> naming.ordinalOf(member).isPresent())
                ? PodHosts.of(members)
                : Optional.empty();
    }

    /** What would be approved, as far as this member's sidecar sees. */
    public sealed interface RenamePlan {}

    /**
     * The set can get new names.
     *
     * @param renamed the pods whose volumes have the configuration
     * @param cloning the pods that are empty, and clone
     * @param left members of the configuration that the StatefulSet does not ask for
     */
    public record Plan(
            String replicaSetId,
            long version,
            PodHosts from,
            List<String> renamed,
            List<String> cloning,
            List<String> left)
            implements RenamePlan {
        public Plan {
            requireNonNull(replicaSetId, "replicaSetId is null");
            requireNonNull(from, "from is null");
            renamed = List.copyOf(renamed);
            cloning = List.copyOf(cloning);
            left = List.copyOf(left);
        }
    }

    /** The set cannot get new names, or not yet. */
    public record Refused(String why) implements RenamePlan {
        public Refused {
            requireNonNull(why, "why is null");
        }
    }

    /**
     * Pure. Every expected member has to be known: one that does not answer may have newer data than all others.
     *
     * @param snapshot of a sidecar beside a member with such a volume
     */
    public static RenamePlan plan(Snapshot snapshot) {
        Naming naming = snapshot.self().naming();
        if (!(snapshot.local() instanceof LocalMongod.Removed removed)) {
            return new Refused(
                    "run the command in a pod whose volume has the configuration of another place; this mongod is: "
                            + snapshot.local().words());
        }
        Optional<PodHosts> from = formerPlace(naming, removed.members());
        if (from.isEmpty()) {
            return new Refused("the configuration on this volume does not name the pods of one other place, but "
                    + HostAddress.listed(removed.members()));
        }
        if (!snapshot.isExpected(snapshot.self().ordinal())) {
            return new Refused("as far as is known, the StatefulSet does not ask for this pod");
        }
        List<String> renamed = new ArrayList<>(List.of(snapshot.self().podName()));
        List<String> cloning = new ArrayList<>();
        List<String> against = new ArrayList<>();
        snapshot.otherOrdinals().forEach(ordinal -> {
            PeerMongod peer = snapshot.peer(ordinal);
            String pod = naming.podName(ordinal);
            if (peer instanceof PeerMongod.Removed other
                    && other.replicaSetId().equals(removed.replicaSetId())
                    && other.version() == removed.version()) {
                renamed.add(pod);
            } else if (!snapshot.mayHaveData(ordinal)) {
                cloning.add(pod);
            } else {
                against.add(pod + ": " + peer.words()
                        + (peer instanceof PeerMongod.Removed other && other.version() != removed.version()
                                ? ", configuration version " + other.version()
                                : ""));
            }
        });
        if (!against.isEmpty()) {
            return new Refused(
                    "every other expected member must be empty, or have the same configuration, version %d of set %s: %s"
                            .formatted(removed.version(), removed.replicaSetId(), String.join("; ", against)));
        }
        List<String> left = removed.members().stream()
                .map(from.get()::ordinalOf)
                .flatMap(ordinal -> ordinal.stream().boxed())
                .filter(ordinal -> !snapshot.isExpected(ordinal))
                .map(naming::podName)
                .toList();
        return new Plan(removed.replicaSetId(), removed.version(), from.get(), renamed, cloning, left);
    }

    /** Whether an operator approved that one of the two, the recorded set and that one, becomes the other. */
    static boolean isSame(Snapshot snapshot, SetRecord.Formed record, String replicaSetId) {
        return record.renameSet(snapshot.now())
                .map(approval -> List.of(approval.replicaSetId(), approval.newId()))
                .filter(ids -> ids.contains(record.replicaSetId()) && ids.contains(replicaSetId))
                .isPresent();
    }
}
