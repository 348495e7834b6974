package dev.muster.sim.mongod;

import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.PeerMongod;
import dev.muster.model.PeerMongod.Cause;
import dev.muster.model.SetConfig;
import dev.muster.model.SetStatus;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a simulated mongod is, read as {@code Observation} reads a real one: the same commands in the same order. */
final class SimulatedObservation {
    private final Connection connection;
    private final String setName;
    /** Of the last status: another version or term needs a new read. */
    private @Nullable SetConfig config;

    SimulatedObservation(Connection connection, String setName) {
        this.connection = connection;
        this.setName = setName;
    }

    private record Status(String set, SetStatus status, long version, long term) {}

    private static Status status(MongodProcess process) {
        if (process.launch().setName().isEmpty()) {
            throw NoAnswer.refused(new CommandReply(CommandReply.NO_REPLICATION_ENABLED, "not running with --replSet"));
        }
        Configuration config = member(process);
        return new Status(config.setName(), process.membership().status(), config.version(), config.term());
    }

    /** The configuration of a member; whoever is none answers as every command of a set does. */
    static Configuration member(MongodProcess process) {
        Configuration config = process.membership().config();
        if (config == null) {
            throw NoAnswer.refused(
                    new CommandReply(CommandReply.NOT_YET_INITIALIZED, "no replset config has been received"));
        }
        if (process.membership().self() == null) {
            throw NoAnswer.refused(new CommandReply(
                    CommandReply.INVALID_REPLICA_SET_CONFIG,
                    "Our replica set config is invalid or we are not a member of it"));
        }
        return config;
    }

    LocalMongod observe() {
        try {
            return inSet(connection.read(SimulatedObservation::status));
        } catch (NoAnswer e) {
            config = null;
            return withoutStatus(e);
        }
    }

    private LocalMongod inSet(Status reply) {
        if (!reply.set().equals(setName)) {
            return new LocalMongod.Misconfigured(
                    "mongod is a member of the set '%s', but --set-name is '%s': start".formatted(reply.set(), setName)
                            + " the sidecar with the name of its set");
        }
        boolean primary = reply.status().myState() == MemberState.PRIMARY;
        SetConfig last = config;
        if (last == null
                || last.committed() != primary
                || last.version() != reply.version()
                || last.term() != reply.term()) {
            last = connection.read(process ->
                    member(process).asSetConfig(primary && process.membership().isConfigCommitted()));
            config = last;
        }
        return new LocalMongod.InSet(last, reply.status());
    }

    private LocalMongod withoutStatus(NoAnswer e) {
        try {
            return switch (e.code()) {
                case CommandReply.NOT_YET_INITIALIZED -> emptyOrStarting();
                case CommandReply.INVALID_REPLICA_SET_CONFIG -> removedOrStarting();
                case CommandReply.NO_REPLICATION_ENABLED ->
                    new LocalMongod.Misconfigured(
                            "mongod was started without --replSet: start it with --replSet " + setName);
                default -> unanswered(e);
            };
        } catch (NoAnswer second) {
            return unanswered(second);
        }
    }

    private LocalMongod emptyOrStarting() {
        if (connection.read(process -> process.volume().config() != null)) {
            return new LocalMongod.Starting();
        }
        Optional<String> name = connection.read(process -> process.launch().setName());
        if (name.filter(given -> !given.equals(setName)).isPresent()) {
            return new LocalMongod.Misconfigured(
                    "mongod was started with --replSet %s, but --set-name is '%s'".formatted(name.orElse(""), setName));
        }
        String held = connection.read(process -> process.volume().ownData());
        return held.isEmpty() ? new LocalMongod.NotYetInitialized() : new LocalMongod.HoldsData(held);
    }

    private LocalMongod removedOrStarting() {
        Optional<Configuration> stored =
                connection.read(process -> Optional.ofNullable(process.volume().config()));
        return stored.<LocalMongod>map(config -> new LocalMongod.Removed(
                        config.replicaSetId(),
                        config.version(),
                        config.members().stream()
                                .map(Configuration.Member::host)
                                .toList()))
                .orElseGet(LocalMongod.Starting::new);
    }

    private LocalMongod unanswered(NoAnswer e) {
        return e.why() == Cause.AUTHENTICATION
                ? new LocalMongod.Denied(
                        e.code() == -1
                                ? "authentication as __system failed: the keyfile is not the one of mongod"
                                : "it wants authentication; give the sidecar its keyfile with --keyfile")
                : new LocalMongod.Unreachable("%s: %s".formatted(connection.named(), e.words()));
    }

    private static boolean clones(MongodProcess process) {
        return process.volume().oplog().isEmpty() || process.volume().isCloneUnfinished();
    }

    PeerMongod observeAsPeer(Duration unknownFor) {
        Duration uptime = Duration.ZERO;
        String hostname = "";
        try {
            First first = connection.readOpenly(
                    process -> new First(process.now().minus(process.startedAt()), process.hostname()));
            uptime = first.uptime();
            hostname = first.hostname();
            Optional<HostAddress> me = connection.readOpenly(
                    process -> Optional.ofNullable(process.membership().self()).map(Configuration.Member::host));
            if (me.isPresent()) {
                Status status = connection.read(SimulatedObservation::status);
                SetConfig theirs = connection.read(process -> member(process).asSetConfig(false));
                MemberState state = status.status().myState();
                String processId =
                        connection.read(process -> process.startedAt().toString());
                boolean clones = state == MemberState.STARTUP2 && connection.read(SimulatedObservation::clones);
                return new PeerMongod.InSet(
                        theirs.replicaSetId(),
                        me.get(),
                        state,
                        clones ? Optional.of(processId) : Optional.empty(),
                        Optional.of(theirs),
                        status.status().self().flatMap(MemberStatus::opTime));
            }
        } catch (NoAnswer e) {
            if (e.code() != CommandReply.NOT_YET_INITIALIZED && e.code() != CommandReply.INVALID_REPLICA_SET_CONFIG) {
                return new PeerMongod.Unknown(e.why(), e.words(), unknownFor);
            }
        }
        Optional<String> another = PeerMongod.anotherPod(connection.named(), hostname);
        return another.isPresent()
                ? new PeerMongod.Unknown(Cause.ANOTHER_POD, another.get(), unknownFor)
                : PeerMongod.withoutMember(observe(), unknownFor, uptime);
    }

    /** What a peer is asked first. */
    private record First(Duration uptime, String hostname) {}
}
