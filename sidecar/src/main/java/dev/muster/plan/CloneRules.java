package dev.muster.plan;

import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.InitialSync;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.Naming;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import dev.muster.model.SourcePreference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which member an empty member clones from. */
final class CloneRules {
    private CloneRules() {}

    /**
     * Directs the clone to the predecessor before a byte is copied. This costs about a second, because the server gives
     * up the running attempt. So Muster sends nothing where the server should choose the same source, until it has
     * chosen another one.
     */
    static Verdict cloneFromPredecessor(Snapshot snapshot) {
        LocalMongod.InSet set = MemberRules.set(snapshot);
        MemberState state = set.status().myState();
        if (state != MemberState.STARTUP && state != MemberState.STARTUP2) {
            return Verdict.passes("this member does not clone: it is " + state);
        }
        if (set.status().initialSync().isEmpty()) {
            return Verdict.forbidShortly(Reason.CLONING, "mongod is %s: waits until it is ready", state);
        }
        InitialSync sync = set.status().initialSync().get();
        List<HostAddress> sources = sources(snapshot, set);
        if (sync.copiedBytes() > 0) {
            return Verdict.forbidShortly(Reason.CLONING, "%s", describe(sync));
        }
        if (set.status().sourcePreference() == SourcePreference.SECONDARY_ONLY) {
            return ownChoice(set, sources, sync);
        }
        if (sync.failedAttempts() > 0) {
            return Verdict.forbidShortly(Reason.CLONING, "%s", describe(sync));
        }
        if (sources.isEmpty()) {
            return Verdict.forbidShortly(Reason.CLONING, "waits for a member to clone from: none is healthy yet");
        }
        HostAddress best = sources.getFirst();
        if (sync.source().equals(Optional.of(best))) {
            return Verdict.forbidShortly(Reason.CLONING, "%s", describe(sync));
        }
        if (sync.source().isEmpty() && choosesByItself(set, sources)) {
            return Verdict.forbidShortly(Reason.CLONING, "the server chooses %s by itself; %s", best, describe(sync));
        }
        return Verdict.act(
                new Step.SyncFrom(best),
                Reason.CLONE_FROM_PREDECESSOR,
                "directs the clone to %s, which the server would not choose by itself",
                best);
    }

    /**
     * Such a server is never directed. It aborts when the primary is named, and a secondary that is named may be elected
     * before the server looks.
     */
    private static Verdict ownChoice(LocalMongod.InSet set, List<HostAddress> sources, InitialSync sync) {
        boolean onlyThePrimary = !sources.isEmpty() && secondaries(set, sources) == 0;
        return sync.source().isEmpty() && onlyThePrimary
                ? Verdict.forbid(
                        Reason.AWAIT_CLONE_SOURCE,
                        "no healthy secondary to clone from, and this mongod may not clone from the primary: it was started"
                                + " with initialSyncSourceReadPreference=secondary; %s",
                        describe(sync))
                : Verdict.forbidShortly(Reason.CLONING, "%s", describe(sync));
    }

    /** The members that may serve the clone, best first: lower ordinals from the nearest, higher ones, the primary last. */
    private static List<HostAddress> sources(Snapshot snapshot, LocalMongod.InSet set) {
        int own = snapshot.self().ordinal();
        List<HostAddress> hosts = new ArrayList<>();
        snapshot.membersByOrdinal().headMap(own, false).descendingMap().values().stream()
                .filter(member -> isFreshSecondary(snapshot, set, member))
                .forEach(member -> hosts.add(member.host()));
        snapshot.membersByOrdinal().tailMap(own, false).values().stream()
                .filter(member -> isFreshSecondary(snapshot, set, member))
                .forEach(member -> hosts.add(member.host()));
        // Members under other names: adopted, not renamed yet.
        set.config().members().stream()
                .filter(member ->
                        snapshot.self().naming().ordinalOf(member.host()).isEmpty())
                .filter(member -> isFreshSecondary(snapshot, set, member))
                .sorted(Comparator.comparingInt(ConfigMember::id))
                .forEach(member -> hosts.add(member.host()));
        set.status().primary().ifPresent(primary -> hosts.add(primary.host()));
        return hosts;
    }

    private static boolean isFreshSecondary(Snapshot snapshot, LocalMongod.InSet set, ConfigMember member) {
        Optional<MemberStatus> status = set.status().member(member.host());
        return member.isPlain()
                && status.filter(seen -> !seen.self() && seen.healthy() && seen.state() == MemberState.SECONDARY)
                        .filter(seen -> set.status()
                                .lag(seen)
                                .map(lag -> lag.compareTo(snapshot.maxLag()) <= 0)
                                .orElse(true))
                        .isPresent();
    }

    /**
     * Whether the server should choose the best source by itself. It may still choose the primary, if it has not heard
     * of the secondary yet. Its status then shows that choice, which is corrected.
     */
    private static boolean choosesByItself(LocalMongod.InSet set, List<HostAddress> sources) {
        return sources.size() == 1
                || (set.status().sourcePreference() == SourcePreference.SECONDARY_PREFERRED
                        && secondaries(set, sources) == 1);
    }

    private static long secondaries(LocalMongod.InSet set, List<HostAddress> sources) {
        Optional<HostAddress> primary = set.status().primary().map(MemberStatus::host);
        return sources.stream()
                .filter(source -> !primary.equals(Optional.of(source)))
                .count();
    }

    private static String describe(InitialSync sync) {
        String from = sync.source().map(source -> "copies from " + source).orElse("waits for the server to begin");
        String progress = sync.progress()
                .map(part -> String.format(Locale.ROOT, ", %.0f %% done", part * 100))
                .orElse("");
        String attempts = sync.failedAttempts() > 0 ? ", attempt " + (sync.failedAttempts() + 1) + " of 10" : "";
        return from + progress + attempts;
    }

    static Verdict recover(Snapshot snapshot) {
        LocalMongod.InSet set = MemberRules.set(snapshot);
        return switch (set.status().myState()) {
            case PRIMARY, SECONDARY, ARBITER ->
                Verdict.passes("this member is " + set.status().myState());
            case STARTUP, STARTUP2, RECOVERING, ROLLBACK, UNKNOWN, DOWN ->
                Verdict.forbid(
                        Reason.RECOVERING,
                        "mongod is %s%s: waits until it is SECONDARY",
                        set.status().myState(),
                        hearsNobody(set)
                                ? " and hears no other member, as when its keyfile differs from the others' keyfile"
                                : "");
            case REMOVED -> removed(snapshot, set.words(), set.config().hosts());
        };
    }

    /** Whether a host is the stable name of a pod like ours, and not one of ours. */
    private static boolean isSamePodElsewhere(Naming naming, HostAddress host) {
        return naming.ordinalOf(host).isEmpty() && host.host().matches("[^.]*-\\d+\\.(.*\\.)?svc\\..*");
    }

    /** With another keyfile than the others have, it is RECOVERING for good, and the server gives no reason. */
    private static boolean hearsNobody(LocalMongod.InSet set) {
        return set.config().members().size() > 1
                && set.status().members().stream().noneMatch(member -> !member.self() && member.healthy());
    }

    /**
     * A member that is not in its own configuration, as its {@code mongod} says. The configuration may name it all the same:
     * when mongod loaded it, the name did not resolve, or led elsewhere.
     */
    static Verdict removed(Snapshot snapshot, String words, List<HostAddress> members) {
        Naming naming = snapshot.self().naming();
        HostAddress own = snapshot.self().address();
        if (members.contains(own)) {
            return Verdict.forbid(
                    Reason.REMOVED,
                    "mongod holds the data of a set and did not find itself in its configuration, which names it as %s: %s",
                    own,
                    looksAgain(snapshot));
        }
        if (!members.isEmpty() && members.stream().allMatch(member -> isSamePodElsewhere(naming, member))) {
            return Verdict.forbid(
                    Reason.REMOVED,
                    "%s: it names members of another namespace, Service or cluster domain (%s), so the volume comes from"
                            + " there, and no sidecar here adds this member%s",
                    words,
                    HostAddress.listed(members),
                    wayOut(snapshot));
        }
        if (snapshot.wanted().excludes(snapshot.self().ordinal())) {
            return Verdict.forbid(Reason.REMOVED, "%s: a scale-down removed it, and its pod may stop", words);
        }
        List<HostAddress> others = members.stream()
                .filter(member -> naming.ordinalOf(member).isEmpty())
                .toList();
        return others.isEmpty()
                ? Verdict.forbid(Reason.REMOVED, "%s: waits for the primary's sidecar to add it", words)
                : Verdict.forbid(
                        Reason.REMOVED,
                        "%s: waits for the primary's sidecar to add it, unless it is %s: then mongod did not find itself, and"
                                + " %s",
                        words,
                        String.join(
                                " or ",
                                others.stream().map(HostAddress::toString).toList()),
                        looksAgain(snapshot));
    }

    private static String wayOut(Snapshot snapshot) {
        return snapshot.local() instanceof LocalMongod.Removed removed
                        && RenameSetRules.formerPlace(snapshot.self().naming(), removed.members())
                                .isPresent()
                        && !(snapshot.record() instanceof SetRecord.NotKept)
                ? ". To give the whole set the names of this place, run 'muster approve rename-set --replica-set-id=%s"
                                .formatted(removed.replicaSetId())
                        + " --config-version=%d' in this pod".formatted(removed.version())
                : "";
    }

    /** A mongod that does not find itself sends no heartbeats, and looks again when it gets one: {@code RetryReconfig}. */
    private static String looksAgain(Snapshot snapshot) {
        return "the name must lead to this pod; mongod looks again when another member sends a heartbeat; if every member"
                + " is REMOVED, restart one: kubectl delete pod "
                + snapshot.self().podName();
    }
}
