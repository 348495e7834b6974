package dev.muster.plan;

import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.PeerMongod;
import dev.muster.model.SetConfig;
import dev.muster.model.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A voter that lost its data still votes. Together with a member that lacks an acknowledged write it makes a majority, and
 * the write is lost. So its vote is taken, and given back as soon as the server accepts that: not before each write that
 * was acknowledged is on a majority of the other voters. From then on it can do no harm, though it may still be cloning.
 */
final class EmptyVoterRules {
    private EmptyVoterRules() {}

    /** Takes the vote of each voter that has lost its data, while the others that have theirs are a majority. */
    static List<Verdict> take(Snapshot snapshot) {
        LocalMongod.InSet set = MemberRules.set(snapshot);
        List<Verdict> verdicts = new ArrayList<>();
        for (Map.Entry<Integer, ConfigMember> entry :
                snapshot.membersByOrdinal().entrySet()) {
            ConfigMember member = entry.getValue();
            Optional<String> held = heldPod(snapshot, entry.getKey(), member);
            Optional<String> process = held.or(() -> cloning(snapshot, entry.getKey(), member));
            boolean wasTaken = held.isEmpty() && member.emptied().equals(process);
            if (process.isEmpty() || member.votes() == 0 || wasTaken) {
                continue;
            }
            verdicts.add(isMajorityWithout(set, member.host()) ? take(set, member, process.get()) : leave(member));
        }
        return verdicts.isEmpty() ? List.of(Verdict.passes("no voter has lost its data")) : verdicts;
    }

    private static Verdict take(LocalMongod.InSet set, ConfigMember member, String process) {
        return Verdict.act(
                JoinRules.reconfigure(set.config(), new ConfigChange.TakeEmptyVote(member.host(), process)),
                Reason.EMPTY_VOTER,
                "takes away the vote of %s, which has lost its data: it gets the vote back once every acknowledged write is"
                        + " on a majority of the other voters",
                member.host());
    }

    private static Verdict leave(ConfigMember member) {
        return Verdict.passes(
                "%s has lost its data and keeps its vote: fewer than two others have theirs, or they are no majority"
                        .formatted(member.host()));
    }

    /**
     * Gives back the votes that {@link #take} took. The server refuses that until it is safe. A vote whose return would
     * leave no majority that has its data, after a scale-down for example, waits for the end of the clone: until then
     * nothing could be acknowledged.
     */
    static List<Verdict> giveBack(Snapshot snapshot) {
        LocalMongod.InSet set = MemberRules.set(snapshot);
        SetConfig config = set.config();
        boolean isMajorityWithOneMore = 2 * votersWithData(set, config.members()) > config.voters() + 1;
        List<Verdict> verdicts = new ArrayList<>();
        for (Map.Entry<Integer, ConfigMember> entry :
                snapshot.membersByOrdinal().entrySet()) {
            ConfigMember member = entry.getValue();
            Optional<String> process = cloning(snapshot, entry.getKey(), member);
            if (process.isPresent()
                    && member.joining()
                    && member.votes() == 0
                    && member.emptied().isPresent()
                    && snapshot.isExpected(entry.getKey())
                    && config.voters() < SetConfig.MAX_VOTERS) {
                verdicts.add(
                        isMajorityWithOneMore
                                ? Verdict.act(
                                        JoinRules.reconfigure(
                                                config, new ConfigChange.ReturnVote(member.host(), process.get())),
                                        Reason.VOTE_RETURNED,
                                        "gives %s its vote back: every acknowledged write is on a majority of the other voters",
                                        member.host())
                                : Verdict.passes(
                                        "%s gets its vote back once it has cloned: until then, those that have their data"
                                                        .formatted(member.host())
                                                + " would be no majority with it"));
            }
        }
        return verdicts.isEmpty() ? List.of(Verdict.passes("no vote of a member without data was taken")) : verdicts;
    }

    /** Removes the marks of members that have their data again. */
    static Verdict forget(Snapshot snapshot) {
        LocalMongod.InSet set = MemberRules.set(snapshot);
        return set.config().members().stream()
                .filter(member -> member.emptied().isPresent() && member.votes() > 0 && set.isInService(member.host()))
                .findFirst()
                .map(member -> Verdict.act(
                        JoinRules.reconfigure(set.config(), new ConfigChange.ForgetEmptied(member.host())),
                        Reason.VOTE_RETURNED,
                        "removes the mark of lost data from %s, which has its data again",
                        member.host()))
                .orElseGet(() -> Verdict.passes("no member that has its data is marked"));
    }

    /** The pod of that member, if it says that its {@code mongod} has not been started, and it is not heard. */
    private static Optional<String> heldPod(Snapshot snapshot, int ordinal, ConfigMember member) {
        return snapshot.peer(ordinal) instanceof PeerMongod.Held held
                        && !MemberRules.set(snapshot).hears(member)
                ? Optional.of(held.podUid())
                : Optional.empty();
    }

    /** The process of that member, if it says itself that it clones, and its heartbeats do not say otherwise. */
    private static Optional<String> cloning(Snapshot snapshot, int ordinal, ConfigMember member) {
        LocalMongod.InSet set = MemberRules.set(snapshot);
        boolean isStarting = set.stateIfHealthy(member.host()).equals(Optional.of(MemberState.STARTUP2));
        return isStarting
                        && snapshot.peer(ordinal) instanceof PeerMongod.InSet peer
                        && peer.knownAs().equals(member.host())
                        && peer.replicaSetId().equals(set.config().replicaSetId())
                ? peer.cloning()
                : Optional.empty();
    }

    /** Where only one member has data, no other can be elected. */
    private static boolean isMajorityWithout(LocalMongod.InSet set, HostAddress host) {
        List<ConfigMember> others = set.config().members().stream()
                .filter(member -> member.votes() > 0 && !member.host().equals(host))
                .toList();
        long withData = votersWithData(set, others);
        return withData > 1 && 2 * withData > others.size();
    }

    private static long votersWithData(LocalMongod.InSet set, List<ConfigMember> members) {
        return members.stream()
                .filter(member -> member.votes() > 0 && !member.arbiterOnly() && set.isInService(member.host()))
                .count();
    }
}
