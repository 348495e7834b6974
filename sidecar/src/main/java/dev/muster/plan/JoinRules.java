package dev.muster.plan;

import dev.muster.model.ConfigMember;
import dev.muster.model.FormingHeartbeat;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.PeerMongod;
import dev.muster.model.SetConfig;
import dev.muster.model.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

/** How an expected member joins: added without a vote, in the order of ordinals, and promoted once it has caught up. */
final class JoinRules {
    /** A lower ordinal that is unknown for this long no longer delays the others. A new pod's name can take 45 s. */
    static final Duration ORDER_PATIENCE = Duration.ofSeconds(60);

    /** After the election of a primary: forming takes about a second, and the short heartbeats must end in any case. */
    static final Duration FORMING_LIMIT = Duration.ofSeconds(30);

    /** A cycle asks its own mongod first and the peers after that: the answers are at most this far apart. */
    private static final Duration OBSERVED_WITHIN = Duration.ofSeconds(5);

    private JoinRules() {}

    /** Each member that joins, in the order of ordinals. One that lags does not delay the others. */
    static List<Verdict> promote(Snapshot snapshot) {
        LocalMongod.InSet set = MemberRules.set(snapshot);
        SetConfig config = set.config();
        List<Verdict> verdicts = new ArrayList<>();
        for (Map.Entry<Integer, ConfigMember> entry :
                snapshot.membersByOrdinal().entrySet()) {
            ConfigMember member = entry.getValue();
            Optional<MemberStatus> status = set.status()
                    .member(member.host())
                    .filter(seen -> seen.healthy() && seen.state() == MemberState.SECONDARY);
            if (member.joining() && member.votes() == 0 && snapshot.isExpected(entry.getKey()) && status.isPresent()) {
                verdicts.add(promote(snapshot, set, member, set.status().lag(status.get())));
            }
        }
        if (verdicts.isEmpty()) {
            return List.of(Verdict.passes("no joining member is SECONDARY"));
        }
        return config.voters() < SetConfig.MAX_VOTERS
                ? verdicts
                : List.of(Verdict.passes(
                        "the set has %d voters, the most that the server allows".formatted(config.voters())));
    }

    private static Verdict promote(
            Snapshot snapshot, LocalMongod.InSet set, ConfigMember member, Optional<Duration> lag) {
        Duration allowed = snapshot.maxLag().plus(member.delay());
        if (lag.filter(behind -> behind.compareTo(allowed) <= 0).isEmpty()) {
            return Verdict.awaitShortly(
                    Reason.AWAIT_CATCH_UP,
                    "waits for %s to catch up before it is promoted: its lag is %s, and %d s are allowed",
                    member.host(),
                    lag.map(behind -> behind.toSeconds() + " s").orElse("not known"),
                    allowed.toSeconds());
        }
        return Verdict.act(
                reconfigure(set.config(), new ConfigChange.Promote(member.host())),
                Reason.PROMOTE,
                "promotes %s: it is SECONDARY, with a lag of %d s",
                member.host(),
                lag.get().toSeconds());
    }

    /**
     * The missing ordinals that are known to be empty, or to hold this set's data, from the lowest, each once those
     * before it have joined.
     */
    static List<Verdict> join(Snapshot snapshot) {
        LocalMongod.InSet set = MemberRules.set(snapshot);
        Optional<Verdict> otherPrimary = otherPrimary(snapshot, set);
        if (otherPrimary.isPresent()) {
            return List.of(otherPrimary.get());
        }
        List<Verdict> verdicts = new ArrayList<>();
        NavigableMap<Integer, ConfigMember> members = snapshot.membersByOrdinal();
        for (int ordinal : snapshot.expectedOrdinals().toArray()) {
            if (members.containsKey(ordinal) || ordinal == snapshot.self().ordinal()) {
                continue;
            }
            PeerMongod peer = snapshot.peer(ordinal);
            String name = snapshot.self().naming().podName(ordinal);
            boolean isUnknown = peer instanceof PeerMongod.Unknown;
            if (peer instanceof PeerMongod.Unknown unknown && unknown.lasting().compareTo(ORDER_PATIENCE) < 0) {
                verdicts.add(Verdict.passes("waits for %s, which joins next: %s".formatted(name, peer.words())));
                return verdicts;
            }
            // One on a dead node keeps terminating indefinitely, and does not answer.
            if (snapshot.isTerminating(ordinal) && !isUnknown) {
                verdicts.add(
                        Verdict.passes("waits for the pod that replaces %s, which is terminating".formatted(name)));
                return verdicts;
            }
            if (isAddable(set, peer)) {
                Verdict added = add(snapshot, set, ordinal);
                verdicts.add(added);
                if (!(added instanceof Verdict.Acts)) {
                    return verdicts;
                }
            }
        }
        return verdicts.isEmpty() ? List.of(Verdict.passes("no missing member can be added")) : verdicts;
    }

    /**
     * Another primary of this set, which our configuration does not name: one of the two runs on a volume that was restored
     * from an earlier configuration. A member that joins the wrong one is missing in the other.
     */
    private static Optional<Verdict> otherPrimary(Snapshot snapshot, LocalMongod.InSet set) {
        return snapshot.ordinalsWithoutMember()
                .filter(ordinal -> snapshot.peer(ordinal) instanceof PeerMongod.InSet member
                        && member.state() == MemberState.PRIMARY
                        && member.replicaSetId().equals(set.config().replicaSetId()))
                .mapToObj(ordinal -> Verdict.await(
                        Reason.FOREIGN_PEER,
                        "adds nobody: %s is PRIMARY of this set too, in a configuration of its own; one of the two has a"
                                + " volume that was restored",
                        snapshot.self().naming().podName(ordinal)))
                .findFirst();
    }

    /** Whether that peer loses nothing if it is added: it is empty, or holds this set's data. */
    private static boolean isAddable(LocalMongod.InSet set, PeerMongod peer) {
        return peer instanceof PeerMongod.NotYetInitialized
                || (peer instanceof PeerMongod.Removed
                        && !peer.isOfAnotherSetThan(set.config().replicaSetId()));
    }

    private static Verdict add(Snapshot snapshot, LocalMongod.InSet set, int ordinal) {
        SetConfig config = set.config();
        HostAddress host = snapshot.self().naming().address(ordinal);
        if (config.members().size() >= SetConfig.MAX_MEMBERS) {
            return Verdict.await(
                    Reason.TOO_MANY_MEMBERS,
                    "cannot add %s: the set has %d members, the most that the server allows",
                    host,
                    config.members().size());
        }
        Optional<HostAddress> unnamed = unnamed(snapshot, set, ordinal);
        if (unnamed.isPresent()) {
            return Verdict.await(
                    Reason.AWAIT_RENAME,
                    "does not add %s, which may be the stable name of %s: waits until that member serves or is removed",
                    host,
                    unnamed.get());
        }
        Map.Entry<Integer, ConfigMember> predecessor =
                snapshot.membersByOrdinal().lowerEntry(ordinal);
        if (predecessor != null && predecessor.getValue().joining()) {
            HostAddress before = predecessor.getValue().host();
            // Not "healthy": one that was added a moment ago has sent no heartbeat yet. One that is lost is DOWN.
            Optional<MemberStatus> status = set.status().member(before);
            if (status.isPresent() && isCloning(status.get().state())) {
                return Verdict.awaitShortly(
                        Reason.AWAIT_PREDECESSOR,
                        "adds %s once its predecessor %s is SECONDARY: it is %s",
                        host,
                        before,
                        status.get().state());
            }
        }
        return Verdict.act(
                reconfigure(config, new ConfigChange.Add(config.freeId(), host)),
                Reason.JOIN,
                "adds %s without a vote",
                host);
    }

    /**
     * A member under another name that may be that ordinal's. An adopted member that lost its volume under another name
     * is empty under its stable name, until the primary reaches it under the other one. If it were added a
     * second time, it would find itself twice in the configuration and be REMOVED; if it is already a member, it would
     * count twice. A name under which another ordinal's {@code mongod} finds itself is not this one's.
     */
    private static Optional<HostAddress> unnamed(Snapshot snapshot, LocalMongod.InSet set, int ordinal) {
        Duration uptime = switch (snapshot.peer(ordinal)) {
            case PeerMongod.NotYetInitialized empty -> empty.uptime();
            case PeerMongod.Removed removed -> removed.uptime();
            default -> Duration.ZERO;
        };
        return set.config().members().stream()
                .map(ConfigMember::host)
                .filter(host -> snapshot.self().naming().ordinalOf(host).isEmpty())
                .filter(host -> !isOfAnotherOrdinal(snapshot, set, ordinal, host))
                .filter(host -> set.status()
                        .member(host)
                        .filter(seen -> isAnother(seen, uptime))
                        .isEmpty())
                .findFirst();
    }

    private static boolean isOfAnotherOrdinal(Snapshot snapshot, LocalMongod.InSet set, int ordinal, HostAddress host) {
        return snapshot.expectedOrdinals()
                .filter(other -> other != ordinal && other != snapshot.self().ordinal())
                .mapToObj(snapshot::peer)
                .anyMatch(peer -> peer instanceof PeerMongod.InSet member
                        && member.knownAs().equals(host)
                        && member.replicaSetId().equals(set.config().replicaSetId()));
    }

    /** Whether that member answered while the process with that uptime already ran, so that they are two processes. */
    private static boolean isAnother(MemberStatus seen, Duration uptime) {
        return seen.healthy()
                && seen.state().isInService()
                && (seen.self()
                        || seen.answeredAgo()
                                .filter(ago -> ago.plus(OBSERVED_WITHIN).compareTo(uptime) < 0)
                                .isPresent());
    }

    /** A member just added answers heartbeats before it has the configuration, and shows as STARTUP or UNKNOWN. */
    private static boolean isCloning(MemberState state) {
        return state == MemberState.STARTUP || state == MemberState.STARTUP2 || state == MemberState.UNKNOWN;
    }

    /**
     * Heartbeats return to the server's default interval when the set has formed, when {@link #FORMING_LIMIT} has
     * passed, or when mongod is slow to answer: then the heartbeats of all members are more than the machine can
     * handle.
     */
    static Verdict endFormingHeartbeats(Snapshot snapshot) {
        LocalMongod.InSet set = MemberRules.set(snapshot);
        if (!FormingHeartbeat.isForming(set.config().heartbeatIntervalMillis())) {
            return Verdict.passes("the heartbeat interval is not one of a forming set");
        }
        boolean timeLeft = set.status()
                .electedAt()
                .map(elected -> Duration.between(elected, snapshot.now()).compareTo(FORMING_LIMIT) < 0)
                .orElse(false);
        boolean forming = snapshot.expectedOrdinals()
                .mapToObj(snapshot.membersByOrdinal()::get)
                .anyMatch(member -> member == null || (member.joining() && member.votes() == 0));
        boolean slow = snapshot.observedIn().compareTo(FormingHeartbeat.SLOW_ANSWER) >= 0;
        if (forming && timeLeft && !slow) {
            return Verdict.passes("members are joining");
        }
        return Verdict.act(
                reconfigure(set.config(), new ConfigChange.RestoreHeartbeat()),
                Reason.HEARTBEAT,
                "resets the heartbeat interval to %d ms: %s",
                SetConfig.DEFAULT_HEARTBEAT_MILLIS,
                !forming ? "the set has formed" : timeLeft ? "mongod is slow to answer" : "the set is no longer new");
    }

    static Step reconfigure(SetConfig config, ConfigChange change) {
        return new Step.Reconfigure(change, config.version(), config.term());
    }
}
