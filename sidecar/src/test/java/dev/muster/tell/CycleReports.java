package dev.muster.tell;

import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.InitialSync;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.Naming;
import dev.muster.model.OpTime;
import dev.muster.model.Ordinals;
import dev.muster.model.PeerMongod;
import dev.muster.model.Renaming;
import dev.muster.model.RootUser;
import dev.muster.model.Self;
import dev.muster.model.SetConfig;
import dev.muster.model.SetRecord;
import dev.muster.model.SetStatus;
import dev.muster.model.Snapshot;
import dev.muster.model.SourcePreference;
import dev.muster.model.Wanted;
import dev.muster.plan.ConfigChange;
import dev.muster.plan.Decision;
import dev.muster.plan.Judgement;
import dev.muster.plan.Outcome;
import dev.muster.plan.Planner;
import dev.muster.plan.Readiness;
import dev.muster.plan.Reason;
import dev.muster.plan.Setbacks;
import dev.muster.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Reports made up for the tests of what reads them. */
public final class CycleReports {
    public static final Naming NAMING = new Naming("mongo", "mongo", "default", "cluster.local", 27017);
    public static final Instant NOW = Instant.parse("2026-11-20T10:15:30Z");
    public static final String ID = "6560a1b2c3d4e5f601020304";

    private static final Decision ADDS = new Decision.Act(
            new Step.Reconfigure(new ConfigChange.Add(2, NAMING.address(2)), 7, 2),
            Reason.JOIN,
            "adds mongo-2 without a vote");

    private CycleReports() {}

    public static CycleReport of(int ordinal, LocalMongod local, SortedMap<Integer, PeerMongod> peers) {
        return of(ordinal, local, peers, new KubernetesFacts.Off(), new SetRecord.NotKept());
    }

    /** A mongod that does not answer, and that record. */
    public static CycleReport recorded(SetRecord record) {
        return of(
                1,
                new LocalMongod.Unreachable("connection refused"),
                new TreeMap<>(),
                new KubernetesFacts.Off(),
                record);
    }

    public static CycleReport of(Snapshot snapshot) {
        return of(snapshot, Planner.judge(snapshot, Setbacks.NONE), Optional.empty());
    }

    /** On Kubernetes, with the set in the record. */
    public static CycleReport of(int ordinal, LocalMongod local, KubernetesFacts facts) {
        return of(ordinal, local, new TreeMap<>(), facts, new SetRecord.Formed(ID));
    }

    private static CycleReport of(
            int ordinal,
            LocalMongod local,
            SortedMap<Integer, PeerMongod> peers,
            KubernetesFacts facts,
            SetRecord record) {
        Snapshot snapshot = new Snapshot(
                new Self(ordinal, NAMING, "rs0"),
                local,
                peers,
                Optional.empty(),
                facts,
                Wanted.of(facts, new Ordinals(0, 3)),
                record,
                RootUser.NOT_KEPT,
                OptionalInt.empty(),
                Duration.ofSeconds(10),
                Renaming.WHEN_UNSTABLE,
                NOW,
                Duration.ofMillis(1),
                false);
        return of(snapshot, Planner.judge(snapshot, Setbacks.NONE), Optional.empty());
    }

    private static CycleReport of(Snapshot snapshot, Judgement judgement, Optional<Outcome> outcome) {
        Decision decision = judgement.decision();
        return new CycleReport(
                snapshot,
                judgement,
                outcome,
                Readiness.of(snapshot, decision),
                List.of(
                        new CycleReport.Change(NOW.minusSeconds(75), decision, outcome),
                        new CycleReport.Change(NOW.minusSeconds(76), ADDS, Optional.of(new Outcome.Done()))),
                new CycleReport.Times(Duration.ofMillis(4), Duration.ofMillis(1), Duration.ZERO),
                NOW);
    }

    /** With these changes of the decision, newest first, the newest of which is the current one. */
    public static CycleReport withHistory(CycleReport report, List<CycleReport.Change> history) {
        return new CycleReport(
                report.snapshot(),
                report.judgement(),
                report.outcome(),
                report.readiness(),
                history,
                report.times(),
                report.at());
    }

    /** The same report, made at that time. */
    public static CycleReport at(Instant time, CycleReport report) {
        return new CycleReport(
                report.snapshot(),
                report.judgement(),
                report.outcome(),
                report.readiness(),
                report.history(),
                report.times(),
                time);
    }

    /** A cycle of the primary's sidecar that added a member. */
    public static CycleReport added() {
        return of(
                healthy().snapshot(),
                new Judgement(ADDS, List.of(), List.of(), List.of()),
                Optional.of(new Outcome.Done()));
    }

    public static CycleReport of(int ordinal, LocalMongod local) {
        return of(ordinal, local, new TreeMap<>(Map.of()));
    }

    /** Three members, all as they should be, seen by the primary, mongo-0. */
    public static CycleReport healthy() {
        return of(
                0,
                set(
                        0,
                        List.of(member(0, 1), member(1, 1), member(2, 1)),
                        List.of(
                                status(0, MemberState.PRIMARY, 0),
                                status(1, MemberState.SECONDARY, 0),
                                status(2, MemberState.SECONDARY, 2)),
                        Optional.empty(),
                        Optional.empty()));
    }

    /** Three members, all as they should be, seen by the primary of that ordinal. */
    public static CycleReport healthyPrimary(int primary) {
        return of(
                primary,
                set(
                        primary,
                        List.of(member(0, 1), member(1, 1), member(2, 1)),
                        IntStream.range(0, 3)
                                .mapToObj(ordinal -> status(
                                        ordinal, ordinal == primary ? MemberState.PRIMARY : MemberState.SECONDARY, 0))
                                .toList(),
                        Optional.empty(),
                        Optional.empty()));
    }

    /** The same set, seen by mongo-1, that made its clone from mongo-0. */
    public static CycleReport healthySecondary() {
        return of(
                1,
                set(
                        1,
                        List.of(member(0, 1), member(1, 1), member(2, 1)),
                        List.of(
                                status(0, MemberState.PRIMARY, 0),
                                status(1, MemberState.SECONDARY, 0),
                                status(2, MemberState.SECONDARY, 2)),
                        Optional.empty(),
                        Optional.of(NAMING.address(0))));
    }

    /** mongo-2 clones from mongo-1; a fourth member, a delayed one, is down under a name that is not stable. */
    public static CycleReport cloning() {
        InitialSync sync = new InitialSync(
                Optional.of(NAMING.address(1)),
                1,
                42,
                OptionalLong.of(100),
                Optional.of(Duration.ofSeconds(7)),
                Duration.ofSeconds(5));
        HostAddress odd = new HostAddress("10.1.2.3", 27017);
        return of(
                2,
                set(
                        2,
                        List.of(
                                member(0, 1),
                                member(1, 1),
                                member(2, 0),
                                new ConfigMember(3, odd, 0, 0, false, true, Duration.ofHours(1), false)),
                        List.of(
                                status(0, MemberState.PRIMARY, 0),
                                status(1, MemberState.SECONDARY, 0),
                                status(2, MemberState.STARTUP2, -1),
                                new MemberStatus(
                                        3,
                                        odd,
                                        MemberState.DOWN,
                                        false,
                                        false,
                                        Optional.of(opTime(400)),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Duration.ZERO,
                                        Optional.empty())),
                        Optional.of(sync),
                        Optional.empty()));
    }

    public static CycleReport unreachable() {
        return of(0, new LocalMongod.Unreachable("connection refused"));
    }

    public static LocalMongod.InSet set(
            int self,
            List<ConfigMember> members,
            List<MemberStatus> statuses,
            Optional<InitialSync> sync,
            Optional<HostAddress> clonedFrom) {
        List<MemberStatus> seen = statuses.stream()
                .map(status -> new MemberStatus(
                        status.id(),
                        status.host(),
                        status.state(),
                        status.healthy(),
                        status.id() == self,
                        status.opTime(),
                        status.syncSource(),
                        status.id() == self ? Optional.empty() : status.ping(),
                        status.uptime(),
                        status.answeredAgo()))
                .toList();
        return new LocalMongod.InSet(
                new SetConfig("rs0", ID, 7, 2, members, 2000, true),
                new SetStatus(
                        seen.get(self).state(),
                        2,
                        Optional.of(NOW.minusSeconds(3600)),
                        seen,
                        sync,
                        clonedFrom,
                        SourcePreference.SECONDARY_PREFERRED));
    }

    public static ConfigMember member(int ordinal, int votes) {
        return new ConfigMember(
                ordinal, NAMING.address(ordinal), votes, votes, false, false, Duration.ZERO, votes == 0);
    }

    /** A heard member that is that many seconds behind the primary; -1 where it never said how far it is. */
    public static MemberStatus status(int ordinal, MemberState state, int behindSeconds) {
        return new MemberStatus(
                ordinal,
                NAMING.address(ordinal),
                state,
                true,
                false,
                behindSeconds < 0 ? Optional.empty() : Optional.of(opTime(behindSeconds)),
                state == MemberState.PRIMARY ? Optional.empty() : Optional.of(NAMING.address(ordinal - 1)),
                Optional.of(Duration.ofMillis(1)),
                Duration.ofSeconds(3661),
                Optional.of(Duration.ofSeconds(1)));
    }

    private static OpTime opTime(int behindSeconds) {
        return new OpTime(2, NOW.getEpochSecond() - behindSeconds, 1);
    }
}
