package dev.muster.plan;

import dev.muster.model.Approval;
import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.Ordinals;
import dev.muster.model.PeerMongod;
import dev.muster.model.RootUser;
import dev.muster.model.SetConfig;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import dev.muster.model.SourcePreference;
import dev.muster.model.Wanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What Muster promises of the safety of every decision, told from the outside: from what the servers and Kubernetes say and from what
 * the set is after the change, with nothing of the rules' or of {@link Invariants}' own code. It says which promise a
 * decision breaks.
 */
public final class Promises {
    private final Snapshot world;
    private final int first;
    /** How many members there are to be; empty while Kubernetes does not say. */
    private final OptionalInt replicas;

    Promises(Snapshot world) {
        this.world = world;
        switch (world.kubernetes()) {
            case KubernetesFacts.Known known -> {
                first = known.firstOrdinal();
                replicas = OptionalInt.of(known.replicas());
            }
            case KubernetesFacts.Off off -> {
                Ordinals options = ((Wanted.Asked) world.wanted()).members();
                first = options.first();
                replicas = OptionalInt.of(options.count());
            }
            case KubernetesFacts.Unavailable away -> {
                first = world.wanted().firstOrdinal();
                replicas = OptionalInt.empty();
            }
        }
    }

    /** The promises that this decision breaks in this world; empty for a good one. */
    public static List<String> brokenBy(Snapshot world, Decision decision) {
        List<String> broken = new ArrayList<>();
        Promises promises = new Promises(world);
        if (promises.isForeign()) {
            expect(broken, decision.reason() == Reason.FOREIGN_SET, "another set's data is left alone");
            expect(broken, decision instanceof Decision.Refuse, "another set's data is left to a person");
        }
        if (world.local() instanceof LocalMongod.HoldsData && !promises.isWantedAsSeed()) {
            expect(
                    broken,
                    decision.reason() == Reason.HOLDS_DATA || isAboutAnExpiredApproval(world, decision),
                    "data without a set is left alone, and named");
        }
        if (decision instanceof Decision.Act act) {
            expect(broken, !world.paused(), "a paused sidecar does nothing");
            promises.check(broken, act.step());
        }
        return broken;
    }

    /** It is removed whatever the member is. If that fails, or the sidecar is paused, that is told first. */
    private static boolean isAboutAnExpiredApproval(Snapshot world, Decision decision) {
        return decision.reason() == Reason.APPROVAL_EXPIRED
                || ((decision.reason() == Reason.STEP_FAILED || decision.reason() == Reason.PAUSED)
                        && world.record().isExpired(world.now()));
    }

    private Optional<String> heldId() {
        return world.local() instanceof LocalMongod.InSet set
                ? Optional.of(set.config().replicaSetId())
                : world.local() instanceof LocalMongod.Removed removed
                        ? Optional.of(removed.replicaSetId())
                        : Optional.empty();
    }

    boolean isForeign() {
        if (!(world.record() instanceof SetRecord.Formed formed)) {
            return false;
        }
        if (formed.approval() instanceof Approval.RenameSet rename && !isTooOld(formed)) {
            // The same set before and after, as an operator approved it.
            String id = heldId().orElse("");
            if (Set.of(rename.replicaSetId(), rename.newId()).contains(formed.replicaSetId())
                    && Set.of(rename.replicaSetId(), rename.newId()).contains(id)) {
                return false;
            }
        }
        String held = world.local() instanceof LocalMongod.InSet set
                ? set.config().replicaSetId()
                : world.local() instanceof LocalMongod.Removed removed ? removed.replicaSetId() : formed.replicaSetId();
        return !held.equals(formed.replicaSetId());
    }

    private void check(List<String> broken, Step step) {
        switch (step) {
            case Step.RestartMongod restart ->
                expect(
                        broken,
                        world.local() instanceof LocalMongod.InSet set
                                && set.status().members().stream()
                                        .anyMatch(member ->
                                                member.self() && member.host().equals(restart.mistakenFor()))
                                && world.self()
                                        .naming()
                                        .ordinalOf(restart.mistakenFor())
                                        .isPresent()
                                && !world.self().address().equals(restart.mistakenFor()),
                        "only a mongod that is another pod's member is restarted");
            case Step.RenameSet rename -> {
                expect(
                        broken,
                        world.local() instanceof LocalMongod.Removed,
                        "only a member that its configuration does not name gets another one");
                expect(
                        broken,
                        world.record().approval() instanceof Approval.RenameSet approval
                                && !isTooOld(world.record())
                                && approval.newId().equals(rename.renaming().newId())
                                && approval.replicaSetId()
                                        .equals(rename.renaming().replicaSetId())
                                && approval.configVersion() == rename.renaming().version(),
                        "a set gets new names only if an operator approved it just now, for this set and version");
                expect(
                        broken,
                        rename.renaming().hosts().keySet().stream()
                                .noneMatch(host ->
                                        world.self().naming().ordinalOf(host).isPresent()),
                        "a member with a name of this place keeps it");
            }
            case Step.TellHeld tell ->
                expect(broken, world.local() instanceof LocalMongod.NotStarted, "only who waits says so");
            case Step.StartMongod start -> {
                expect(broken, world.local() instanceof LocalMongod.NotStarted, "a mongod starts once");
                expect(
                        broken,
                        !(world.record() instanceof SetRecord.Unavailable),
                        "an empty mongod starts only when it is known whether a set is recorded");
                expect(
                        broken,
                        !(world.record() instanceof SetRecord.Formed formed) || !couldElect(formed.replicaSetId()),
                        "an empty mongod starts only where it cannot help to elect a member that lacks a write");
            }
            case Step.RecordIntended intended -> {
                expect(broken, noSetCanExist(), "a set is prepared only where none can exist");
                expect(broken, mayIntend(), "the record lets this pod intend a set");
            }
            case Step.Initiate initiate -> {
                expect(broken, noSetCanExist(), "a set is made only where none can exist");
                expect(broken, mayInitiate(), "the record lets this pod make the set");
                expect(broken, initiate.self().equals(world.self().address()), "a set begins with its first member");
            }
            case Step.RecordFormed formed -> {
                expect(broken, isPrimary(), "a primary's sidecar writes the record");
                expect(broken, formed.replicaSetId().equals(config().replicaSetId()), "the record gets the set's id");
                expect(
                        broken,
                        isAskedFor(OptionalInt.of(world.self().ordinal()))
                                || world.record() instanceof SetRecord.Formed
                                || (world.record() instanceof SetRecord.Intended intended && intended.byUs()),
                        "only who made a set or is asked for writes it down");
                expect(
                        broken,
                        world.record() instanceof SetRecord.Absent
                                || world.record() instanceof SetRecord.Intended
                                || (world.record().approval() instanceof Approval.RenameSet rename
                                        && rename.newId().equals(formed.replicaSetId())
                                        && world.record().isOf(rename.replicaSetId())
                                        && !isTooOld(world.record())),
                        "a record with an id is never written again, except with the new id that an operator approved");
            }
            case Step.Reconfigure change -> checkChange(broken, change);
            case Step.ForceReconfigure force -> checkForce(broken, force);
            case Step.WithdrawApproval withdraw -> {
                SetRecord record = world.record();
                expect(
                        broken,
                        record.approval().equals(withdraw.approval()),
                        "only an approval in the record is withdrawn");
                expect(
                        broken,
                        (isPrimary() && record.isOf(config().replicaSetId()))
                                || (isTooOld(record) && isOurs(record.approval())),
                        "an approval is withdrawn by the set's primary, or where it would be carried out but is too old");
            }
            case Step.SyncFrom syncFrom -> checkSource(broken, syncFrom.source());
            case Step.HandOver handOver -> checkSuccessor(broken, handOver.target());
            case Step.CallElection call ->
                expect(
                        broken,
                        world.deadPrimary()
                                        .filter(dead -> dead.host().equals(call.dead()))
                                        .isPresent()
                                && !isPrimary(),
                        "an election is called only for a primary that ended");
            case Step.CreateRootUser create ->
                expect(broken, isPrimary() && world.rootUser() == RootUser.MISSING, "only a missing user is made");
            case Step.UpdateRootPassword update ->
                expect(
                        broken,
                        isPrimary() && world.rootUser() == RootUser.PASSWORD_DIFFERS,
                        "only another password is changed");
        }
    }

    /**
     * Whether two members may have data of the set, so that one of them may lack a write of the other, and this member may
     * vote for it. It may not where a majority has a configuration in which it does not vote, which is the newest known.
     */
    private boolean couldElect(String id) {
        List<PeerMongod.InSet> members = world.peers().values().stream()
                .filter(peer -> peer instanceof PeerMongod.InSet member
                        && member.replicaSetId().equals(id)
                        && member.config().isPresent())
                .map(PeerMongod.InSet.class::cast)
                .toList();
        long newest = members.stream()
                .mapToLong(member -> member.config().orElseThrow().version())
                .max()
                .orElse(-1);
        List<PeerMongod.InSet> informed = members.stream()
                .filter(member -> member.config().orElseThrow().version() == newest)
                .toList();
        if (informed.isEmpty()) {
            int expected = replicas.orElse(99);
            long withData = IntStream.range(first, first + expected)
                    .filter(ordinal -> ordinal != world.self().ordinal())
                    .filter(ordinal -> mayHaveData(world.peer(ordinal)))
                    .count();
            return withData > 1;
        }
        SetConfig config = informed.getFirst().config().orElseThrow();
        boolean hasOtherNames = config.hosts().stream()
                .anyMatch(host -> world.self().naming().ordinalOf(host).isEmpty());
        if (hasOtherNames && config.member(world.self().address()).isEmpty()) {
            // Not promised.
            return false;
        }
        boolean votes = config.member(world.self().address())
                .filter(member -> member.votes() == 1)
                .isPresent();
        List<ConfigMember> voters =
                config.members().stream().filter(member -> member.votes() == 1).toList();
        if (!votes) {
            long having = informed.stream()
                    .filter(member ->
                            voters.stream().anyMatch(voter -> voter.host().equals(member.knownAs())))
                    .count();
            return having <= voters.size() / 2;
        }
        long withData = voters.stream()
                .filter(voter -> !voter.host().equals(world.self().address()) && !voter.arbiterOnly())
                .filter(voter -> {
                    OptionalInt ordinal = world.self().naming().ordinalOf(voter.host());
                    return ordinal.isEmpty() || mayHaveData(world.peer(ordinal.getAsInt()));
                })
                .count();
        long votingWithoutData = 1
                + voters.stream()
                        .filter(voter -> !voter.host().equals(world.self().address()))
                        .filter(voter -> {
                            OptionalInt ordinal = world.self().naming().ordinalOf(voter.host());
                            PeerMongod peer = ordinal.isPresent() ? world.peer(ordinal.getAsInt()) : null;
                            boolean runs = peer instanceof PeerMongod.NotYetInitialized
                                    || (peer instanceof PeerMongod.InSet member
                                            && member.cloning().isPresent());
                            return voter.arbiterOnly()
                                    || runs
                                    || (peer != null
                                            && !mayHaveData(peer)
                                            && ordinal.getAsInt() < world.self().ordinal());
                        })
                        .count();
        // All but one of those with data and all those without would be a majority.
        return withData > 1 && withData - 1 + votingWithoutData > voters.size() / 2;
    }

    /** Only what is seen to have none, has none. */
    private static boolean mayHaveData(PeerMongod peer) {
        boolean isSeenToHaveNone = peer instanceof PeerMongod.Held
                || peer instanceof PeerMongod.Absent
                || peer instanceof PeerMongod.NotYetInitialized
                || (peer instanceof PeerMongod.InSet member && member.cloning().isPresent());
        return !isSeenToHaveNone;
    }

    /** An hour for a new set, ten minutes for a force: by the clock, and by how long it has been in the record. */
    private boolean isTooOld(SetRecord record) {
        long now = world.now().getEpochSecond();
        return switch (record.approval()) {
            case Approval.None none -> false;
            case Approval.NewSet newSet ->
                Math.max(record.lasting().toSeconds(), now - newSet.givenAt().getEpochSecond()) >= 3600;
            case Approval.Seed seed ->
                Math.max(record.lasting().toSeconds(), now - seed.givenAt().getEpochSecond()) >= 3600;
            case Approval.RenameSet rename ->
                Math.max(record.lasting().toSeconds(), now - rename.givenAt().getEpochSecond()) >= 3600;
            case Approval.ForceReconfig force ->
                Math.max(record.lasting().toSeconds(), now - force.givenAt().getEpochSecond()) >= 600;
        };
    }

    private boolean isOurs(Approval approval) {
        return switch (approval) {
            case Approval.None none -> false;
            case Approval.NewSet newSet -> world.self().ordinal() == first;
            case Approval.Seed seed -> world.self().ordinal() == seed.ordinal();
            case Approval.RenameSet rename -> world.self().ordinal() == rename.ordinal();
            case Approval.ForceReconfig force ->
                force.incident().survivor() == world.self().ordinal();
        };
    }

    /** The one member from whose data a person wants the set to begin; empty where it is to begin empty. */
    private OptionalInt wantedSeed() {
        if (!(world.record() instanceof SetRecord.Formed)
                && world.declaredSeed().isPresent()) {
            return world.declaredSeed();
        }
        if (!(world.record().approval() instanceof Approval.Seed seed) || isTooOld(world.record())) {
            return OptionalInt.empty();
        }
        boolean isMeant = !(world.record() instanceof SetRecord.Formed formed)
                || seed.replaces().equals(Optional.of(formed.replicaSetId()));
        return isMeant ? OptionalInt.of(seed.ordinal()) : OptionalInt.empty();
    }

    private boolean isWantedAsSeed() {
        return wantedSeed().equals(OptionalInt.of(world.self().ordinal()));
    }

    private boolean noSetCanExist() {
        boolean begins = wantedSeed().isPresent()
                ? world.local() instanceof LocalMongod.HoldsData && isWantedAsSeed()
                : world.local() instanceof LocalMongod.NotYetInitialized
                        && world.self().ordinal() == first;
        if (!begins || !isAskedFor(OptionalInt.of(world.self().ordinal()))) {
            return false;
        }
        Set<Integer> others = new TreeSet<>(world.peers().keySet());
        for (int ordinal = first; ordinal < first + replicas.getAsInt(); ordinal++) {
            others.add(ordinal);
        }
        others.remove(world.self().ordinal());
        return others.stream()
                .map(world::peer)
                .allMatch(peer -> peer instanceof PeerMongod.NotYetInitialized
                        || (peer instanceof PeerMongod.Absent && world.kubernetes() instanceof KubernetesFacts.Known));
    }

    private boolean mayIntend() {
        return switch (world.record()) {
            case SetRecord.Absent absent -> true;
            case SetRecord.Intended intended ->
                !intended.byUs() && intended.lasting().toSeconds() >= 15;
            case SetRecord.Formed formed ->
                (formed.approval() instanceof Approval.NewSet approval
                                && approval.replicaSetId().equals(formed.replicaSetId())
                                && !isTooOld(formed))
                        || isWantedAsSeed();
            case SetRecord.NotKept notKept -> false;
            case SetRecord.Unavailable unavailable -> false;
        };
    }

    private boolean mayInitiate() {
        return world.record() instanceof SetRecord.NotKept
                || (world.record() instanceof SetRecord.Intended intended && intended.byUs());
    }

    private void checkChange(List<String> broken, Step.Reconfigure step) {
        if (!expect(broken, isPrimary(), "a primary's sidecar changes the configuration")) {
            return;
        }
        SetConfig before = config();
        List<ConfigMember> after = after(before, step.change());
        expect(broken, before.committed(), "a change builds on a committed configuration");
        expect(
                broken,
                step.version() == before.version() && step.term() == before.term(),
                "a change builds on the configuration that was seen");
        expect(broken, distinct(after, ConfigMember::id), "ids are unique");
        expect(broken, distinct(after, ConfigMember::host), "hosts are unique");
        expect(broken, after.size() <= 50 && votes(after) <= 7, "at most 50 members, at most 7 with a vote");
        expect(broken, Math.abs(votes(after) - votes(before.members())) <= 1, "one vote changes at a time");
        expect(
                broken,
                !hasHealthyMajority(before.members()) || hasHealthyMajority(after),
                "a change takes no healthy majority away");
        switch (step.change()) {
            case ConfigChange.Add add -> checkNewcomer(broken, add.host());
            case ConfigChange.Promote promote -> checkPromoted(broken, promote.host());
            case ConfigChange.Demote demote -> checkLeaving(broken, demote.host());
            case ConfigChange.TakeEmptyVote take -> {
                expect(broken, isCloning(take.host()), "only who has no data loses its vote for that");
                expect(
                        broken,
                        2 * after.stream().filter(this::hasData).count() > votes(after),
                        "a majority of those that keep their votes has its data");
            }
            case ConfigChange.ReturnVote back -> {
                ConfigMember member = config().member(back.host()).orElseThrow();
                expect(
                        broken,
                        member.joining()
                                && member.votes() == 0
                                && member.emptied().isPresent(),
                        "only a vote that was taken from who has no data is given back before it has caught up");
                expect(broken, isMemberAskedFor(back.host()), "only a member that is asked for gets a vote");
            }
            case ConfigChange.ForgetEmptied forget ->
                expect(
                        broken,
                        hasData(config().member(forget.host()).orElseThrow()),
                        "the mark of lost data stays until the data is back");
            case ConfigChange.Remove remove -> {
                checkLeaving(broken, remove.host());
                expect(broken, votes(after) == votes(before.members()), "a vote is taken before a member is removed");
            }
            case ConfigChange.Rename rename -> {
                OptionalInt ordinal = world.self().naming().ordinalOf(rename.to());
                expect(broken, isAskedFor(ordinal), "a member's new name is one that is asked for");
                expect(
                        broken,
                        world.self().naming().ordinalOf(rename.from()).isEmpty(),
                        "a member with a stable name keeps it");
                expect(
                        broken,
                        !rename.from().host().endsWith(".example.com"),
                        "a name that leads to it anywhere is kept");
                expect(
                        broken,
                        ordinal.isPresent() && isTheSame(ordinal.getAsInt(), rename.from()),
                        "it is seen that both names are one member's");
            }
            case ConfigChange.RestoreHeartbeat restore ->
                expect(broken, before.heartbeatIntervalMillis() == 3, "a person's heartbeat interval is left alone");
        }
    }

    private boolean isCloning(HostAddress host) {
        return world.peers().entrySet().stream()
                .anyMatch(entry -> (entry.getValue() instanceof PeerMongod.Held
                                && world.self().naming().address(entry.getKey()).equals(host))
                        || (entry.getValue() instanceof PeerMongod.InSet peer
                                && peer.cloning().isPresent()
                                && isTheSame(entry.getKey(), host)));
    }

    private void checkNewcomer(List<String> broken, HostAddress host) {
        OptionalInt ordinal = world.self().naming().ordinalOf(host);
        expect(broken, isAskedFor(ordinal), "only a member that is asked for comes in");
        PeerMongod peer = ordinal.isPresent() ? world.peers().get(ordinal.getAsInt()) : null;
        expect(
                broken,
                peer instanceof PeerMongod.NotYetInitialized
                        || (peer instanceof PeerMongod.Removed removed
                                && removed.replicaSetId().equals(config().replicaSetId())),
                "only an empty member comes in, or one with this set's data");
    }

    private void checkPromoted(List<String> broken, HostAddress host) {
        ConfigMember member = config().member(host).orElseThrow();
        expect(broken, member.joining() && member.votes() == 0, "only who joins gets a vote");
        expect(broken, isCaughtUp(host), "only a healthy SECONDARY that has caught up gets a vote");
        expect(broken, isMemberAskedFor(host), "only a member that is asked for gets a vote");
    }

    private void checkLeaving(List<String> broken, HostAddress host) {
        expect(broken, isScaledAway(host), "members leave only because spec.replicas says so");
        List<ConfigMember> kept = config().members().stream()
                .filter(member -> !isScaledAway(member.host()))
                .toList();
        expect(broken, hasHealthyMajority(kept), "nobody leaves without a healthy majority of those that stay");
        expect(
                broken,
                2 * kept.stream().filter(this::acknowledges).count() > votes(kept),
                "nobody leaves unless a majority of those that stay acknowledges writes");
        expect(broken, !host.equals(world.self().address()), "a primary does not take itself out");
    }

    private void checkSuccessor(List<String> broken, HostAddress target) {
        if (!expect(broken, isPrimary(), "only a primary hands over")) {
            return;
        }
        ConfigMember member = config().member(target).orElseThrow();
        OptionalInt ordinal = world.self().naming().ordinalOf(target);
        expect(broken, member.votes() > 0 && member.priority() > 0, "a successor can be elected");
        expect(broken, isCaughtUp(target), "a successor is a healthy SECONDARY that has caught up");
        expect(broken, !isScaledAway(target) && !isGoing(ordinal), "a successor stays");
        expect(
                broken,
                isScaledAway(world.self().address())
                        || isGoing(OptionalInt.of(world.self().ordinal())),
                "only who goes hands over");
    }

    private void checkForce(List<String> broken, Step.ForceReconfigure force) {
        LocalMongod.InSet set = (LocalMongod.InSet) world.local();
        expect(
                broken,
                world.record() instanceof SetRecord.Formed formed
                        && !isTooOld(formed)
                        && formed.approval() instanceof Approval.ForceReconfig approval
                        && approval.incident()
                                .replicaSetId()
                                .equals(set.config().replicaSetId())
                        && approval.incident().configVersion() == set.config().version()
                        && approval.incident().electionTerm() == set.status().term()
                        && approval.incident().survivor() == world.self().ordinal()
                        && approval.incident().down().equals(force.down()),
                "nothing is forced that an operator did not approve just now, for this set, version, term, survivor and"
                        + " members that are down");
        expect(broken, force.version() == set.config().version(), "the force is made on what the person saw");
        expect(
                broken,
                set.status().members().stream()
                        .noneMatch(member -> member.healthy() && member.state() == MemberState.PRIMARY),
                "nothing is forced while there is a primary");
        expect(broken, !hasHealthyMajority(set.config().members()), "a majority that answers needs no force");
        expect(
                broken,
                set.config().members().stream()
                        .filter(member -> member.votes() > 0)
                        .allMatch(member ->
                                isHealthy(member.host()) != force.down().contains(member.host())),
                "exactly those that are down lose their votes");
    }

    private void checkSource(List<String> broken, HostAddress source) {
        LocalMongod.InSet set = (LocalMongod.InSet) world.local();
        expect(
                broken,
                set.status().initialSync().isPresent()
                        && set.status().initialSync().get().copiedBytes() == 0
                        && set.status().initialSync().get().failedAttempts() == 0,
                "a clone is directed before it copies, once");
        Optional<MemberStatus> status = set.status().member(source);
        expect(
                broken,
                set.status().sourcePreference() != SourcePreference.SECONDARY_ONLY,
                "a mongod that clones from secondaries only is never directed");
        expect(
                broken,
                status.isPresent() && status.get().healthy() && !status.get().self(),
                "a source is healthy");
        boolean secondaryServes =
                set.config().members().stream().anyMatch(member -> isCaughtUp(member.host()) && !member.hidden());
        expect(
                broken,
                !secondaryServes || isCaughtUp(source),
                "the primary serves a clone only where no secondary can");
    }

    boolean isPrimary() {
        return world.local() instanceof LocalMongod.InSet set && set.status().myState() == MemberState.PRIMARY;
    }

    SetConfig config() {
        return ((LocalMongod.InSet) world.local()).config();
    }

    private boolean isHealthy(HostAddress host) {
        return ((LocalMongod.InSet) world.local())
                .status().members().stream().anyMatch(member -> member.host().equals(host) && member.healthy());
    }

    boolean isCaughtUp(HostAddress host) {
        List<MemberStatus> members =
                ((LocalMongod.InSet) world.local()).status().members();
        MemberStatus primary = members.stream()
                .filter(member -> member.healthy() && member.state() == MemberState.PRIMARY)
                .findFirst()
                .orElse(null);
        return members.stream()
                .filter(member -> member.host().equals(host))
                .anyMatch(member -> member.healthy()
                        && member.state() == MemberState.SECONDARY
                        && primary != null
                        && primary.opTime().isPresent()
                        && member.opTime().isPresent()
                        && primary.opTime().get().seconds()
                                        - member.opTime().get().seconds()
                                <= world.maxLag().toSeconds());
    }

    private boolean hasHealthyMajority(List<ConfigMember> members) {
        long healthy = members.stream()
                .filter(member -> member.votes() > 0 && isHealthyUnderAnyName(member))
                .count();
        return 2 * healthy > votes(members);
    }

    /** Whether a majority write can count on this member: it has the data, as far as the lag bound. */
    private boolean acknowledges(ConfigMember member) {
        return member.votes() > 0
                && (isCaughtUp(member.host())
                        || ((LocalMongod.InSet) world.local())
                                .status().members().stream()
                                        .filter(status -> status.host().equals(member.host()) && status.healthy())
                                        .anyMatch(status -> status.state() == MemberState.PRIMARY
                                                || status.state() == MemberState.ARBITER));
    }

    private boolean hasData(ConfigMember member) {
        return member.votes() > 0
                && ((LocalMongod.InSet) world.local())
                        .status().members().stream()
                                .filter(status -> status.host().equals(member.host()) && status.healthy())
                                .anyMatch(status -> status.state() == MemberState.PRIMARY
                                        || status.state() == MemberState.SECONDARY);
    }

    /** A member that was renamed just now is who it was: known by its id. */
    private boolean isHealthyUnderAnyName(ConfigMember member) {
        return ((LocalMongod.InSet) world.local())
                .status().members().stream().anyMatch(status -> status.id() == member.id() && status.healthy());
    }

    boolean isAskedFor(OptionalInt ordinal) {
        return ordinal.isPresent()
                && replicas.isPresent()
                && ordinal.getAsInt() >= first
                && ordinal.getAsInt() < first + replicas.getAsInt();
    }

    /** Under its stable name, or under another one that an ordinal which is asked for says it has. */
    private boolean isMemberAskedFor(HostAddress host) {
        return isAskedFor(world.self().naming().ordinalOf(host))
                || world.peers().keySet().stream()
                        .anyMatch(ordinal -> isAskedFor(OptionalInt.of(ordinal)) && isTheSame(ordinal, host));
    }

    private boolean isScaledAway(HostAddress host) {
        OptionalInt ordinal = world.self().naming().ordinalOf(host);
        return world.kubernetes() instanceof KubernetesFacts.Known known
                && known.replicas() > 0
                && ordinal.isPresent()
                && !isAskedFor(ordinal);
    }

    private boolean isGoing(OptionalInt ordinal) {
        return ordinal.isPresent()
                && world.kubernetes() instanceof KubernetesFacts.Known known
                && known.pods().containsKey(ordinal.getAsInt())
                && known.pods().get(ordinal.getAsInt()).end().isPresent();
    }

    private boolean isTheSame(int ordinal, HostAddress host) {
        if (ordinal == world.self().ordinal()) {
            return ((LocalMongod.InSet) world.local())
                    .status().members().stream()
                            .anyMatch(member -> member.self() && member.host().equals(host));
        }
        return world.peers().get(ordinal) instanceof PeerMongod.InSet peer
                && peer.knownAs().equals(host)
                && peer.replicaSetId().equals(config().replicaSetId());
    }

    static long votes(List<ConfigMember> members) {
        return members.stream().mapToInt(ConfigMember::votes).sum();
    }

    private static boolean distinct(List<ConfigMember> members, Function<ConfigMember, Object> what) {
        return members.stream().map(what).distinct().count() == members.size();
    }

    private static List<ConfigMember> after(SetConfig before, ConfigChange change) {
        List<ConfigMember> after = new ArrayList<>();
        for (ConfigMember member : before.members()) {
            switch (change) {
                case ConfigChange.Promote promote
                when promote.host().equals(member.host()) -> after.add(with(member, member.host(), 1));
                case ConfigChange.Demote demote
                when demote.host().equals(member.host()) -> after.add(with(member, member.host(), 0));
                case ConfigChange.TakeEmptyVote take
                when take.host().equals(member.host()) -> after.add(with(member, member.host(), 0));
                case ConfigChange.ReturnVote back
                when back.host().equals(member.host()) -> after.add(with(member, member.host(), 1));
                case ConfigChange.Rename rename
                when rename.id() == member.id() -> after.add(with(member, rename.to(), member.votes()));
                case ConfigChange.Remove remove when remove.host().equals(member.host()) -> {}
                default -> after.add(member);
            }
        }
        if (change instanceof ConfigChange.Add add) {
            after.add(new ConfigMember(add.id(), add.host(), 0, 0, false, false, Duration.ZERO, true));
        }
        return after;
    }

    private static ConfigMember with(ConfigMember member, HostAddress host, int votes) {
        return new ConfigMember(
                member.id(), host, votes, votes, false, member.hidden(), Duration.ZERO, member.joining());
    }

    static boolean expect(List<String> broken, boolean holds, String promise) {
        if (!holds) {
            broken.add(promise);
        }
        return holds;
    }
}
