package dev.muster.plan;

import dev.muster.model.Approval;
import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberStatus;
import dev.muster.model.PeerMongod;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import dev.muster.model.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What the sidecar of a healthy member does, and what the primary's does besides joining, leaving and renaming. */
final class MemberRules {
    private MemberRules() {}

    /** The set, for the rules that only its members reach. */
    static LocalMongod.InSet set(Snapshot snapshot) {
        return snapshot.inSet().orElseThrow(() -> new IllegalStateException("a member's rule without a set"));
    }

    static Verdict onlyThePrimary(Snapshot snapshot) {
        LocalMongod.InSet set = set(snapshot);
        if (set.isPrimary()) {
            return Verdict.passes("this is the primary's sidecar");
        }
        Optional<MemberStatus> primary = set.status().primary();
        if (primary.isEmpty()) {
            return Verdict.forbid(
                    Reason.NO_PRIMARY,
                    "no primary is visible: %s; waits for the members to elect one",
                    healthySummary(set));
        }
        return Verdict.settled(
                Reason.FOLLOWING,
                "healthy %s; the primary is %s",
                set.status().myState(),
                primary.get().host());
    }

    private static String healthySummary(LocalMongod.InSet set) {
        List<String> down = new ArrayList<>();
        for (ConfigMember member : set.config().members()) {
            if (member.votes() > 0 && !set.hears(member)) {
                down.add(member.host().toString());
            }
        }
        return down.isEmpty() ? "all voters answer" : "not healthy: " + Words.some(down, ", ");
    }

    /**
     * A set that exists is written into the record by the pod that initiated it, or by its primary's sidecar if it
     * is adopted. If an expected member holds, or may hold, another set, an operator has to decide which one is meant.
     * An approval is for a set without a primary: left in the record, it would be carried out in another incident.
     */
    static Verdict keepRecord(Snapshot snapshot) {
        String id = set(snapshot).config().replicaSetId();
        boolean unnamed = snapshot.record().mayBecomeFormed();
        List<String> others = unnamed ? foreignPeers(snapshot) : List.of();
        if (!others.isEmpty()) {
            return Verdict.forbid(
                    Reason.FOREIGN_PEER,
                    "does not record the set %s, as expected members hold another set's data, which is left alone: %s",
                    id,
                    Words.some(others, "; "));
        }
        boolean ownIntent = snapshot.record() instanceof SetRecord.Intended intended && intended.byUs();
        if (snapshot.record() instanceof SetRecord.Intended intended && isOfAnotherJustNow(intended)) {
            return Verdict.forbid(
                    Reason.INTENDED_BY_ANOTHER,
                    "does not record the set %s yet: another pod of this name recorded that it was about to initiate the"
                            + " set; waits for the result",
                    id);
        }
        boolean someUnknown = outsiders(snapshot).anyMatch(ordinal -> isUnknown(snapshot.peer(ordinal)));
        // Peers that are not wanted are not asked either, for example when the set is scaled to zero.
        boolean isAskedFor = snapshot.isExpected(snapshot.self().ordinal());
        if (unnamed && !ownIntent && (someUnknown || !isAskedFor)) {
            return Verdict.passes(
                    "adopts the set into the record once every expected member is known and this one is expected");
        }
        return switch (snapshot.record()) {
            case SetRecord.Absent absent ->
                Verdict.act(new Step.RecordFormed(id), Reason.RECORD_SET, "adopts the set %s into the record", id);
            case SetRecord.Intended intended ->
                Verdict.act(new Step.RecordFormed(id), Reason.RECORD_SET, "records that the set %s was initiated", id);
            // Where it names the set under its former id, that of this set was approved: see LocalRules.isOurSet.
            case SetRecord.Formed formed
            when formed.mayBecomeFormed(id) ->
                Verdict.act(
                        new Step.RecordFormed(id),
                        Reason.RECORD_SET,
                        "records the set's new id %s, as an operator approved it",
                        id);
            case SetRecord.Formed formed ->
                formed.approval() instanceof Approval.None || isBeingRenamed(snapshot, formed)
                        ? Verdict.passes("the record names this set")
                        : Verdict.act(
                                new Step.WithdrawApproval(formed.approval()),
                                Reason.APPROVAL_WITHDRAWN,
                                "removes the approval of %s from the record: the set has a primary and does not need it",
                                formed.approval().words());
            case SetRecord.NotKept notKept -> Verdict.passes("no record is kept");
            case SetRecord.Unavailable unavailable -> Verdict.passes("the record cannot be read now");
        };
    }

    /** Members that have not written their new names yet still need the approval. */
    private static boolean isBeingRenamed(Snapshot snapshot, SetRecord.Formed formed) {
        LocalMongod.InSet set = set(snapshot);
        return formed.renameSet(snapshot.now())
                        .filter(approval -> formed.isOf(approval.newId()))
                        .isPresent()
                && set.config().members().stream()
                        .anyMatch(member ->
                                snapshot.ordinalOf(member.host()).stream().anyMatch(snapshot::isExpected)
                                        && !set.hears(member));
    }

    /** That pod may be about to initiate, or may just have done so. */
    private static boolean isOfAnotherJustNow(SetRecord.Intended intended) {
        return !intended.byUs() && intended.lasting().compareTo(BootstrapRules.OTHERS_INTENT) < 0;
    }

    /**
     * A process may stand still between its last look at the record and the initiate, for so long that another pod took
     * over. So nothing is done for a set that was just initiated until the record names it: it gets no user and no
     * members. Such a set has this member alone.
     */
    static Verdict isConfirmed(Snapshot snapshot) {
        boolean isAlone = set(snapshot).config().members().size() == 1;
        return switch (snapshot.record()) {
            case SetRecord.Intended intended ->
                intended.byUs()
                        ? Verdict.forbidShortly(
                                Reason.RECORD_SET,
                                "waits until the record names the set %s",
                                set(snapshot).config().replicaSetId())
                        : Verdict.passes("nothing came of the intent of another pod of this name");
            case SetRecord.Unavailable unavailable ->
                isAlone
                        ? Verdict.forbid(
                                Reason.RECORD_UNAVAILABLE,
                                "the only member; changes nothing until the record can be read, which may name another"
                                        + " set: %s",
                                unavailable.message())
                        : Verdict.passes("the record cannot be read now, but the set has other members");
            case SetRecord.Absent absent -> Verdict.passes("there is no record yet");
            case SetRecord.Formed formed -> Verdict.passes("the record names this set");
            case SetRecord.NotKept notKept -> Verdict.passes("no record is kept");
        };
    }

    /** Every change builds on one that a majority of the voters has, so old and new majorities always overlap. */
    static Verdict oneChangeAtATime(Snapshot snapshot) {
        return set(snapshot).config().committed()
                ? Verdict.passes("a majority of the voters has the configuration")
                : Verdict.forbidShortly(
                        Reason.CONFIG_UNCOMMITTED,
                        "waits for a majority of the voters to have configuration version %d",
                        set(snapshot).config().version());
    }

    static Verdict keepRootUser(Snapshot snapshot) {
        return switch (snapshot.rootUser()) {
            case MISSING -> Verdict.act(new Step.CreateRootUser(), Reason.ROOT_USER, "creates the root user");
            case PASSWORD_DIFFERS ->
                Verdict.act(
                        new Step.UpdateRootPassword(),
                        Reason.ROOT_USER,
                        "sets the root user's password to the one in its file");
            case ANOTHERS ->
                Verdict.await(
                        Reason.ROOT_USER_TAKEN,
                        "does not change the user that has the root user's name: it has another password, and not the role"
                                + " root");
            case NOT_KEPT -> Verdict.passes("no root user is kept");
            case UNKNOWN -> Verdict.passes("the root user could not be looked up");
            case AS_THE_FILES_SAY -> Verdict.passes("the root user matches its files");
        };
    }

    static Verdict reportMissing(Snapshot snapshot) {
        LocalMongod.InSet set = set(snapshot);
        List<String> down = new ArrayList<>();
        for (ConfigMember member : set.config().members()) {
            Optional<MemberStatus> status = set.status().member(member.host());
            if (status.isEmpty() || !status.get().healthy()) {
                down.add(member.host().toString());
            } else if (!status.get().state().isInService()) {
                return Verdict.awaitShortly(
                        Reason.CLONING,
                        "%s is %s: waits until it is in service",
                        member.host(),
                        status.get().state());
            }
        }
        List<String> foreign = foreignPeers(snapshot);
        if (!foreign.isEmpty()) {
            return Verdict.await(
                    Reason.FOREIGN_PEER,
                    "does not add members that hold another set's data: %s",
                    Words.some(foreign, "; "));
        }
        List<String> holding = outsiders(snapshot)
                .filter(ordinal -> snapshot.peer(ordinal) instanceof PeerMongod.HoldsData)
                .mapToObj(ordinal -> describe(snapshot, ordinal))
                .toList();
        if (!holding.isEmpty()) {
            return Verdict.await(
                    Reason.HOLDS_DATA,
                    "does not add members that have no replica set configuration, but have data of their own: %s",
                    Words.some(holding, "; "));
        }
        List<String> missing = outsiders(snapshot)
                .mapToObj(ordinal -> describe(snapshot, ordinal))
                .toList();
        if (!missing.isEmpty()) {
            return Verdict.await(Reason.AWAIT_PEER, "waits for expected members: %s", Words.some(missing, "; "));
        }
        if (snapshot.wanted() instanceof Wanted.Unknown unknown) {
            return Verdict.await(
                    Reason.KUBERNETES_UNAVAILABLE,
                    "the set keeps running, but no member joins or leaves until the Kubernetes API answers: %s",
                    unknown.why());
        }
        return down.isEmpty()
                ? Verdict.passes("every expected member has joined, and every member is healthy")
                : Verdict.await(
                        Reason.MEMBER_DOWN,
                        "not healthy, and kept in the configuration: %s%s",
                        Words.some(down, ", "),
                        leftBehind(snapshot, set));
    }

    /**
     * Every expected pod is another member, so these are of no expected pod. Whether a scale-down removed theirs, or they
     * were never of this StatefulSet, nothing tells.
     */
    private static String leftBehind(Snapshot snapshot, LocalMongod.InSet set) {
        List<HostAddress> hosts = snapshot.unidentifiedMembers().stream()
                .filter(member -> !set.hears(member))
                .map(ConfigMember::host)
                .toList();
        return hosts.isEmpty()
                ? ""
                : "; no expected pod is %s: if a scale-down removed its pod, use rs.remove"
                        .formatted(HostAddress.listed(hosts));
    }

    /** The expected ordinals that are not members. */
    private static IntStream outsiders(Snapshot snapshot) {
        return snapshot.ordinalsWithoutMember()
                .filter(ordinal -> ordinal != snapshot.self().ordinal());
    }

    private static boolean isUnknown(PeerMongod peer) {
        return peer instanceof PeerMongod.Unknown || peer instanceof PeerMongod.NotAsked;
    }

    private static List<String> foreignPeers(Snapshot snapshot) {
        return outsiders(snapshot)
                .filter(ordinal -> snapshot.peer(ordinal)
                        .isOfAnotherSetThan(set(snapshot).config().replicaSetId()))
                .mapToObj(ordinal -> describe(snapshot, ordinal))
                .toList();
    }

    /** A peer in words: "mongo-1: empty". */
    static String describe(Snapshot snapshot, int ordinal) {
        return snapshot.self().naming().podName(ordinal)
                + ": "
                + snapshot.peer(ordinal).words();
    }

    static Verdict settled(Snapshot snapshot) {
        LocalMongod.InSet set = set(snapshot);
        return Verdict.settled(
                Reason.SETTLED,
                "%s, %s, all healthy",
                Words.count(set.config().members().size(), "member"),
                Words.count(set.config().voters(), "voter"));
    }
}
