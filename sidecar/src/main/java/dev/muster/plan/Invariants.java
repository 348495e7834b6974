package dev.muster.plan;

import dev.muster.model.Approval;
import dev.muster.model.ConfigMember;
import dev.muster.model.FormingHeartbeat;
import dev.muster.model.HostAddress;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.LocalMongod;
import dev.muster.model.PeerMongod;
import dev.muster.model.SetConfig;
import dev.muster.model.SetRecord;
import dev.muster.model.SetRenaming;
import dev.muster.model.SetStatus;
import dev.muster.model.Snapshot;
import dev.muster.model.Wanted;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What no rule may break, checked again on every step that a rule decides on, independently of the rules. A step that
 * fails here is a bug: it throws, and nothing is written.
 */
final class Invariants {
    private Invariants() {}

    static void check(Snapshot snapshot, Step step) {
        switch (step) {
            case Step.TellHeld tell -> checkIsHeld(snapshot);
            case Step.StartMongod start -> {
                checkIsHeld(snapshot);
                checkMayStart(snapshot);
            }
            case Step.Initiate initiate -> checkMayInitiate(snapshot, step);
            case Step.RecordIntended intended -> checkMayInitiate(snapshot, step);
            case Step.Reconfigure reconfigure -> {
                checkPrimary(snapshot);
                checkChange(
                        snapshot,
                        reconfigure.change(),
                        MemberRules.set(snapshot).config());
            }
            case Step.CreateRootUser create -> checkPrimary(snapshot);
            case Step.UpdateRootPassword update -> checkPrimary(snapshot);
            case Step.HandOver handOver -> checkPrimary(snapshot);
            case Step.CallElection call ->
                require(
                        snapshot.deadPrimary()
                                        .filter(dead -> dead.host().equals(call.dead())
                                                && dead.term() == call.term()
                                                && dead.config().member(call.target()).stream()
                                                        .anyMatch(ConfigMember::isElectable))
                                        .isPresent()
                                && !call.target().equals(call.dead())
                                && !snapshot.local().isPrimary()
                                && !snapshot.isPrimaryAmongPeers(),
                        "an election is only called for a primary whose mongod has ended, and only a member that can be elected"
                                + " is asked");
            case Step.ForceReconfigure force ->
                require(
                        isApproved(snapshot, force),
                        "only what an operator approved for this incident, and not long ago, is forced");
            case Step.RecordFormed formed ->
                require(
                        !(snapshot.record() instanceof SetRecord.Formed before)
                                || (before.approval() instanceof Approval.RenameSet approval
                                        && approval.newId().equals(formed.replicaSetId())),
                        "a record that names a set is never written again, except with the new id that an operator approved");
            case Step.RestartMongod restart ->
                require(
                        !restart.mistakenFor().equals(snapshot.self().address())
                                && snapshot.local().knownAs().equals(Optional.of(restart.mistakenFor())),
                        "only a mongod that takes itself for another pod's member is restarted");
            case Step.RenameSet rename ->
                require(
                        isApproved(snapshot, rename.renaming()),
                        "only a set that is in no place of this StatefulSet gets new names, and only those that were approved");
            case Step.WithdrawApproval withdraw -> {
                require(
                        snapshot.record().holds(withdraw.approval()),
                        "only an approval that is in the record is withdrawn");
                if (!snapshot.record().isExpired(snapshot.now())) {
                    checkPrimary(snapshot);
                }
            }
            case Step.SyncFrom syncFrom -> {
                SetStatus status = MemberRules.set(snapshot).status();
                require(
                        status.initialSync()
                                .filter(sync -> sync.copiedBytes() == 0)
                                .isPresent(),
                        "a clone that has copied data is never redirected");
                require(
                        status.mayBeDirected(),
                        "a mongod that may only clone from secondaries can abort when it is directed");
            }
        }
    }

    private static void checkIsHeld(Snapshot snapshot) {
        require(
                snapshot.local() instanceof LocalMongod.NotStarted,
                "only a mongod that has not started is let start, or said to wait");
    }

    /** It may not vote, as some peer's configuration shows, or not more than one of those that do may have data. */
    private static void checkMayStart(Snapshot snapshot) {
        require(
                !(snapshot.record() instanceof SetRecord.Unavailable),
                "a member without data does not start while it is not known whether a set is recorded");
        if (!(snapshot.record() instanceof SetRecord.Formed formed)) {
            return;
        }
        Optional<SetConfig> newest = snapshot.peers().values().stream()
                .filter(peer -> !peer.isOfAnotherSetThan(formed.replicaSetId()))
                .flatMap(peer -> peer instanceof PeerMongod.InSet member ? member.config().stream() : Stream.empty())
                .max(SetConfig.OLDEST_FIRST);
        boolean isVoter = newest.filter(
                        config -> isVoter(config, snapshot.self().address()))
                .isPresent();
        long others = snapshot.otherOrdinals()
                .filter(ordinal -> newest.isEmpty()
                        || isVoter(newest.get(), snapshot.self().naming().address(ordinal)))
                .filter(snapshot::mayHaveData)
                .count();
        boolean needsAll = newest.isPresent() && others + 1 <= newest.get().voters() / 2 + 1;
        require(
                (newest.isPresent() && !isVoter) || others <= 1 || needsAll,
                "a member without data of a recorded set starts only without a vote, where at most one other has data, or where"
                        + " every majority needs all that have");
    }

    private static boolean isVoter(SetConfig config, HostAddress host) {
        return config.member(host)
                .filter(member -> member.votes() > 0 && !member.arbiterOnly())
                .isPresent();
    }

    private static boolean isApproved(Snapshot snapshot, SetRenaming renaming) {
        return snapshot.local() instanceof LocalMongod.Removed removed
                && snapshot.record().approval() instanceof Approval.RenameSet approval
                && !snapshot.record().isExpired(snapshot.now())
                && approval.replicaSetId().equals(renaming.replicaSetId())
                && approval.configVersion() == renaming.version()
                && approval.newId().equals(renaming.newId())
                && (removed.replicaSetId().equals(renaming.newId())
                        || (removed.replicaSetId().equals(renaming.replicaSetId())
                                && removed.version() == renaming.version()
                                && renaming.hosts().keySet().containsAll(removed.members())))
                && renaming.hosts().values().stream()
                        .allMatch(
                                host -> snapshot.self().naming().ordinalOf(host).isPresent());
    }

    private static boolean isApproved(Snapshot snapshot, Step.ForceReconfigure force) {
        LocalMongod.InSet set = MemberRules.set(snapshot);
        Approval.Incident incident = new Approval.Incident(
                set.config().replicaSetId(),
                force.version(),
                set.status().term(),
                snapshot.self().ordinal(),
                force.down());
        return snapshot.record() instanceof SetRecord.Formed formed
                && formed.approval() instanceof Approval.ForceReconfig approval
                && approval.incident().equals(incident)
                && !formed.isExpired(snapshot.now())
                && set.config().version() == force.version()
                && set.status().primary().isEmpty();
    }

    private static void checkMayInitiate(Snapshot snapshot, Step step) {
        boolean fromData = snapshot.local() instanceof LocalMongod.HoldsData && snapshot.isSeed();
        require(
                snapshot.local() instanceof LocalMongod.NotYetInitialized || fromData,
                "only an empty member initiates, or the one whose data an operator named");
        require(
                fromData || snapshot.self().ordinal() == snapshot.firstOrdinal(),
                "only the first ordinal initiates an empty set");
        require(
                fromData || snapshot.seed().isEmpty(),
                "no empty set is initiated while an operator wants one with a member's data");
        require(
                !(snapshot.record() instanceof SetRecord.Formed formed)
                        || (step instanceof Step.RecordIntended && (fromData || formed.allowsNewSet(snapshot.now()))),
                "a recorded set is not initiated again unless an operator approved it");
        require(
                !(snapshot.record() instanceof SetRecord.Intended intended)
                        || intended.byUs()
                        || (step instanceof Step.RecordIntended
                                && intended.lasting().compareTo(BootstrapRules.OTHERS_INTENT) >= 0),
                "only the pod that recorded its intent initiates");
        require(
                !(snapshot.record() instanceof SetRecord.Absent) || step instanceof Step.RecordIntended,
                "the intent is recorded before the set is initiated");
        require(
                !(snapshot.wanted() instanceof Wanted.Unknown),
                "a member that Kubernetes does not name may hold a set");
        require(!(snapshot.wanted() instanceof Wanted.Stopped), "a set without members is not initiated");
        require(!(snapshot.record() instanceof SetRecord.Unavailable), "an unread record may hold a set");
        snapshot.otherOrdinals()
                .forEach(ordinal -> require(
                        snapshot.peer(ordinal) instanceof PeerMongod.NotYetInitialized
                                || (snapshot.peer(ordinal) instanceof PeerMongod.Absent
                                        && snapshot.kubernetes() instanceof KubernetesFacts.Known),
                        "a peer that is not proven empty may hold a set"));
    }

    private static void checkPrimary(Snapshot snapshot) {
        LocalMongod.InSet set = MemberRules.set(snapshot);
        require(set.isPrimary(), "only the primary's sidecar changes the set");
        require(
                !(snapshot.record() instanceof SetRecord.Formed formed)
                        || formed.replicaSetId().equals(set.config().replicaSetId())
                        || RenameSetRules.isSame(snapshot, formed, set.config().replicaSetId()),
                "a member of another set changes nothing");
    }

    private static void checkChange(Snapshot snapshot, ConfigChange change, SetConfig config) {
        require(config.committed(), "a change builds on a committed configuration");
        switch (change) {
            case ConfigChange.Add add -> {
                require(config.members().size() < SetConfig.MAX_MEMBERS, "no more than 50 members");
                require(config.members().stream().noneMatch(member -> member.id() == add.id()), "ids are unique");
                require(config.member(add.host()).isEmpty(), "hosts are unique");
                require(isExpected(snapshot, add.host()), "only expected members are added");
                require(
                        snapshot.self().naming().ordinalOf(add.host()).stream()
                                .noneMatch(ordinal -> snapshot.peer(ordinal) instanceof PeerMongod.HoldsData),
                        "a member with data of its own is not added");
                require(
                        snapshot.self().naming().ordinalOf(add.host()).stream()
                                .noneMatch(snapshot.membersByOrdinal()::containsKey),
                        "a member under another name is not added again");
            }
            case ConfigChange.Promote promote -> {
                require(config.voters() < SetConfig.MAX_VOTERS, "no more than 7 voters");
                require(
                        config.member(promote.host())
                                .filter(ConfigMember::joining)
                                .isPresent(),
                        "only a joining member is promoted");
            }
            case ConfigChange.Demote demote -> checkLeaving(snapshot, demote.host());
            case ConfigChange.Remove remove -> {
                checkLeaving(snapshot, remove.host());
                require(
                        config.member(remove.host())
                                .filter(member -> member.votes() == 0)
                                .isPresent(),
                        "only a member without a vote is removed");
            }
            case ConfigChange.TakeEmptyVote take -> {
                require(hasNoData(snapshot, take.host()), "only a member without data loses its vote for that");
                require(
                        hasMajorityWithout(snapshot, take.host()),
                        "the others that have their data are a majority without it");
            }
            case ConfigChange.ReturnVote back -> {
                require(config.voters() < SetConfig.MAX_VOTERS, "no more than 7 voters");
                require(
                        config.member(back.host())
                                .filter(member ->
                                        member.joining() && member.emptied().isPresent())
                                .isPresent(),
                        "only a vote that Muster took is given back");
            }
            case ConfigChange.ForgetEmptied forget ->
                require(
                        config.member(forget.host())
                                .flatMap(ConfigMember::emptied)
                                .isPresent(),
                        "only a mark that is there is removed");
            case ConfigChange.Rename rename -> {
                require(config.member(rename.to()).isEmpty(), "a member's new host is not another member's");
                require(
                        snapshot.renaming().replaces(snapshot.self().naming(), rename.from()),
                        "only a name that may be replaced is replaced");
            }
            case ConfigChange.RestoreHeartbeat restore ->
                require(
                        FormingHeartbeat.isForming(config.heartbeatIntervalMillis()),
                        "an operator's heartbeat interval is never changed");
        }
    }

    private static boolean hasNoData(Snapshot snapshot, HostAddress host) {
        return snapshot.ordinalOf(host).stream()
                .mapToObj(snapshot::peer)
                .anyMatch(peer -> peer instanceof PeerMongod.Held
                        || (peer instanceof PeerMongod.InSet member
                                && member.cloning().isPresent()));
    }

    private static boolean hasMajorityWithout(Snapshot snapshot, HostAddress host) {
        LocalMongod.InSet set = MemberRules.set(snapshot);
        List<HostAddress> voters = set.config().members().stream()
                .filter(member -> member.votes() > 0)
                .map(ConfigMember::host)
                .filter(voter -> !voter.equals(host))
                .toList();
        return 2 * voters.stream().filter(set::isInService).count() > voters.size();
    }

    private static void checkLeaving(Snapshot snapshot, HostAddress host) {
        require(snapshot.kubernetes() instanceof KubernetesFacts.Known, "members leave only when Kubernetes says so");
        require(snapshot.self().naming().ordinalOf(host).isPresent(), "only the StatefulSet's members leave");
        require(!isExpected(snapshot, host), "an expected member never leaves");
        require(!(snapshot.wanted() instanceof Wanted.Stopped), "a set that is scaled to zero keeps its configuration");
    }

    private static boolean isExpected(Snapshot snapshot, HostAddress host) {
        return snapshot.self().naming().ordinalOf(host).stream().anyMatch(snapshot::isExpected);
    }

    private static void require(boolean holds, String invariant) {
        if (!holds) {
            throw new IllegalStateException("a rule would break an invariant: " + invariant);
        }
    }
}
