package dev.muster.metrics;

import static java.util.Objects.requireNonNull;

import dev.muster.model.Approval;
import dev.muster.model.ConfigMember;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.SetConfig;
import dev.muster.model.SetRecord;
import dev.muster.model.SetStatus;
import dev.muster.model.Snapshot;
import dev.muster.mongo.MongodDetails;
import dev.muster.plan.Decision;
import dev.muster.tell.CycleReport;
import dev.muster.tell.SetView;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Everything about the set, built from the last cycle at every scrape. A value that is not known is absent, never
 * zero and never the last one.
 */
final class SetCollector implements MultiCollector {
    private final String setName;
    private final BuildVersion build;
    private final Supplier<Optional<CycleReport>> state;
    private final Supplier<Optional<MongodDetails>> details;

    SetCollector(
            String setName,
            BuildVersion build,
            Supplier<Optional<CycleReport>> state,
            Supplier<Optional<MongodDetails>> details) {
        this.setName = requireNonNull(setName, "setName is null");
        this.build = requireNonNull(build, "build is null");
        this.state = requireNonNull(state, "state is null");
        this.details = requireNonNull(details, "details is null");
    }

    @Override
    public MetricSnapshots collect() {
        Families families = new Families(setName);
        families.info(
                "build",
                "The version, source revision and Java runtime of this sidecar.",
                "version",
                build.version(),
                "revision",
                build.revision(),
                "java",
                Runtime.version().toString());
        // Read once: all rows of a scrape are of one cycle.
        state.get().ifPresent(last -> addCycle(families, last));
        return families.build();
    }

    private void addCycle(Families families, CycleReport last) {
        Snapshot snapshot = last.snapshot();
        addLocal(families, snapshot.local());
        addDecision(families, last);
        PeerMetrics.add(families, snapshot);
        snapshot.inSet().ifPresent(set -> {
            addConfig(families, set);
            MemberMetrics.add(families, new SetView(snapshot), set);
            addDrift(families, snapshot, set.config());
        });
        Optional<MongodDetails> now = details.get();
        snapshot.local()
                .heldSetId()
                .ifPresent(id -> families.info(
                        "replica_set",
                        "The set that the local mongod belongs to, and its MongoDB version. Labels are empty where not known.",
                        "replica_set_id",
                        id,
                        "mongodb_version",
                        now.map(MongodDetails::version).orElse(""),
                        "fcv",
                        now.map(MongodDetails::fcv).orElse("")));
        now.ifPresent(known -> addOplog(families, known));
    }

    private static void addLocal(Families families, LocalMongod local) {
        families.gauge(
                "mongod_up",
                "Whether the local mongod answers. Refusing the sidecar is an answer too.",
                !(local instanceof LocalMongod.Unreachable || local instanceof LocalMongod.NotStarted));
        Optional<Boolean> initialized = switch (local) {
            case LocalMongod.NotStarted notStarted -> Optional.empty();
            case LocalMongod.Unreachable unreachable -> Optional.empty();
            case LocalMongod.Denied denied -> Optional.empty();
            case LocalMongod.Misconfigured misconfigured -> Optional.empty();
            case LocalMongod.NotYetInitialized empty -> Optional.of(false);
            case LocalMongod.HoldsData data -> Optional.of(false);
            case LocalMongod.Starting starting -> Optional.of(true);
            case LocalMongod.Removed removed -> Optional.of(true);
            case LocalMongod.InSet set -> Optional.of(true);
        };
        initialized.ifPresent(value -> {
            families.gauge("initialized", "Whether the local mongod has a replica set configuration.", value);
            families.gauge("writable_primary", "Whether the local mongod is PRIMARY.", local.isPrimary());
        });
        local.memberState().ifPresent(own -> {
            for (MemberState each : MemberState.values()) {
                families.gauge(
                        "member_state",
                        "The local member's state: 1 in the row of the current state, 0 in all others.",
                        each == own,
                        "state",
                        each.name());
            }
        });
    }

    private static void addDecision(Families families, CycleReport last) {
        Snapshot snapshot = last.snapshot();
        boolean primary = snapshot.local().isPrimary();
        families.gauge(
                "controller_active",
                "Whether this sidecar controls the set: it is the primary's, is not paused and does not refuse.",
                primary && !snapshot.paused() && !(last.decision() instanceof Decision.Refuse));
        families.gauge("paused", "Whether this sidecar is paused.", snapshot.paused());
        addApproval(families, snapshot);
        families.info(
                "decision",
                "The decision of the last cycle, and its reason.",
                "decision",
                last.decision().kind(),
                "reason",
                last.decision().reason().name());
    }

    private static void addApproval(Families families, Snapshot snapshot) {
        if (snapshot.record() instanceof SetRecord.Unavailable) {
            return;
        }
        Optional<String> pending = new SetView(snapshot).approval().map(SetView.PendingApproval::kind);
        for (String kind : List.of(
                Approval.NewSet.KIND, Approval.Seed.KIND, Approval.ForceReconfig.KIND, Approval.RenameSet.KIND)) {
            families.gauge(
                    "approval_pending",
                    "Whether the record has an approval that has not been carried out, by kind.",
                    pending.filter(kind::equals).isPresent(),
                    "kind",
                    kind);
        }
    }

    private static void addConfig(Families families, LocalMongod.InSet set) {
        SetConfig config = set.config();
        SetStatus status = set.status();
        families.gauge("config_version", "The version of the configuration.", config.version());
        if (config.term() >= 0) {
            families.gauge("config_term", "The term of the configuration.", config.term());
        }
        if (status.term() >= 0) {
            families.gauge("election_term", "The election term. It grows with every election.", status.term());
        }
        addKind(families, config, "voting", member -> member.votes() > 0);
        addKind(families, config, "nonvoting", member -> member.votes() == 0);
        addKind(families, config, "arbiter", ConfigMember::arbiterOnly);
        addKind(families, config, "hidden", ConfigMember::hidden);
        families.gauge(
                "voting_members_healthy",
                "The number of voting members that are healthy, as the local member sees them.",
                config.members().stream()
                        .filter(member -> member.votes() > 0)
                        .filter(member -> status.member(member.host())
                                .filter(MemberStatus::healthy)
                                .isPresent())
                        .count());
        status.electedAt()
                .ifPresent(at -> families.gauge(
                        "last_election_timestamp_seconds",
                        "When the current primary was elected.",
                        at.toEpochMilli() / 1000.0));
    }

    private static void addKind(Families families, SetConfig config, String kind, Predicate<ConfigMember> isOfKind) {
        families.gauge(
                "config_members",
                "Members of the configuration, by kind. A member can be of several kinds.",
                config.members().stream().filter(isOfKind).count(),
                "kind",
                kind);
    }

    private static void addDrift(Families families, Snapshot snapshot, SetConfig config) {
        drift(families, "missing", snapshot.missingOrdinals().count());
        drift(
                families,
                "extra",
                snapshot.membersByOrdinal().keySet().stream()
                        .filter(ordinal -> !snapshot.isExpected(ordinal))
                        .count());
        drift(
                families,
                "host",
                config.hosts().stream()
                        .filter(host ->
                                snapshot.renaming().replaces(snapshot.self().naming(), host))
                        .count());
        // A vote that an operator took is no drift, nor is the eighth voter that the server would not allow.
        long toCome = config.members().stream()
                .filter(member -> member.joining() && member.votes() == 0)
                .count();
        drift(families, "votes", Math.min(toCome, Math.max(0, SetConfig.MAX_VOTERS - config.voters())));
    }

    private static void drift(Families families, String kind, long count) {
        families.gauge(
                "config_drift",
                "How the configuration differs from what is wanted, by kind: expected members that are missing, extra"
                        + " members that are not expected, hosts to be replaced by the stable name, votes still to be given.",
                count,
                "kind",
                kind);
    }

    private static void addOplog(Families families, MongodDetails details) {
        details.oplogWindow()
                .ifPresent(window -> families.gauge(
                        "oplog_window_seconds",
                        "The time between the first and the last entry of the local oplog.",
                        window.toMillis() / 1000.0));
        details.oplogSizeBytes()
                .ifPresent(size -> families.gauge("oplog_size_bytes", "The size of the local oplog.", size));
        details.oplogMaxSizeBytes()
                .ifPresent(
                        size -> families.gauge("oplog_max_size_bytes", "The maximum size of the local oplog.", size));
    }
}
