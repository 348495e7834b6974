package dev.muster.interleaving;

import dev.muster.interleaving.State.Role;
import dev.muster.interleaving.State.Server;
import dev.muster.model.Credentials;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.PeerMongod;
import dev.muster.model.RootUser;
import dev.muster.model.SetRenaming;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.MongodDetails;
import dev.muster.plan.ConfigChange;
import dev.muster.plan.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One server, request for request as the driver asks it. Where the server itself checks that nothing has changed since it
 * was read, as for a change that is not forced, reading and writing are one request.
 */
final class ToyMongod implements Mongod {
    private static final Outcome DONE = new Outcome.Done();

    private final World world;
    private final Turn turn;
    private final Pod pod;
    private final Supplier<LocalMongod> look;

    ToyMongod(World world, Turn turn, Pod pod, Supplier<LocalMongod> look) {
        this.world = world;
        this.turn = turn;
        this.pod = pod;
        this.look = look;
    }

    private Server server() {
        return world.server(pod);
    }

    @Override
    public Outcome initiate(String setName, HostAddress self, LocalMongod seen) {
        return turn.ask(() -> {
            world.note("replSetInitiate");
            if (!server().isEmpty()) {
                return new Outcome.Stale("mongod is no longer empty");
            }
            world.promises().initiates(pod);
            // Alone, it elects itself at once.
            world.put(pod, new Server(Config.of(pod.setId(), 1, 1, pod.number()), 1, Role.PRIMARY, server().cut()));
            return DONE;
        });
    }

    @Override
    public Outcome reconfigure(ConfigChange change, long version, long term) {
        return turn.ask(() -> {
            world.note(() -> "replSetReconfig " + change);
            Config before = server().config();
            boolean asSeen = before.version() == version && before.term() == term;
            if (!asSeen && !world.lacks(Guard.A_CHANGE_IS_OF_THE_CONFIGURATION_THAT_WAS_SEEN)) {
                return new Outcome.Stale("the configuration is another one now");
            }
            if (server().role() != Role.PRIMARY
                    || !world.servers().isCommitted(pod)
                    || (!asSeen && !fits(before, change))) {
                return new Outcome.Stale("not now");
            }
            Config after = before.changed(change, server().term());
            if (!world.servers().hasQuorum(pod, after) || !after.isVoter(pod.number())) {
                return new Outcome.Failed(74, "the server refuses it");
            }
            world.promises().changes(pod, before, after);
            world.servers().install(pod, after);
            return DONE;
        });
    }

    /** Whether the change can be made of that configuration at all. */
    private static boolean fits(Config config, ConfigChange change) {
        int ordinal = switch (change) {
            case ConfigChange.Add add -> Config.NAMING.ordinalOf(add.host()).orElseThrow();
            case ConfigChange.Promote promote ->
                Config.NAMING.ordinalOf(promote.host()).orElseThrow();
            case ConfigChange.Demote demote ->
                Config.NAMING.ordinalOf(demote.host()).orElseThrow();
            case ConfigChange.Remove remove ->
                Config.NAMING.ordinalOf(remove.host()).orElseThrow();
            case ConfigChange.TakeEmptyVote take ->
                Config.NAMING.ordinalOf(take.host()).orElseThrow();
            case ConfigChange.ReturnVote back ->
                Config.NAMING.ordinalOf(back.host()).orElseThrow();
            case ConfigChange.ForgetEmptied forget ->
                Config.NAMING.ordinalOf(forget.host()).orElseThrow();
            case ConfigChange.Rename rename -> -1;
            case ConfigChange.RestoreHeartbeat restore -> -1;
        };
        return config.names(ordinal) != change instanceof ConfigChange.Add;
    }

    @Override
    public Outcome forceReconfigure(List<HostAddress> down, long version) {
        Config read = turn.ask(() -> {
            world.note("replSetGetConfig");
            return server().config();
        });
        return read.version() != version
                ? new Outcome.Stale("the configuration is another one now")
                : turn.ask(() -> {
                    world.note("replSetReconfig by force");
                    Config forced = read.forced(down, server().config().version());
                    world.promises().forces(pod);
                    world.servers().install(pod, forced);
                    return DONE;
                });
    }

    @Override
    public Outcome checkForce(List<HostAddress> down, long version) {
        return turn.ask(() -> {
            world.note("replSetGetConfig");
            return server().config().version() == version ? DONE : new Outcome.Stale("another configuration");
        });
    }

    @Override
    public Outcome createRootUser(Credentials root) {
        return turn.ask(() -> {
            world.note("createUser");
            if (server().role() != Role.PRIMARY) {
                return new Outcome.Stale("no primary");
            }
            String set = server().config().set();
            world.promises().createsUser(pod, set);
            world.createUser(set);
            return DONE;
        });
    }

    @Override
    public Outcome stepUp() {
        return turn.ask(() -> {
            world.note(() -> "replSetStepUp of " + pod);
            return world.servers().elect(pod) ? DONE : new Outcome.Failed(-1, "not elected");
        });
    }

    @Override
    public Outcome stepDown() {
        return turn.ask(() -> {
            world.note("replSetStepDown");
            world.put(pod, server().role() == Role.PRIMARY ? server().as(Role.SECONDARY) : server());
            return DONE;
        });
    }

    @Override
    public Outcome renameSet(SetRenaming renaming) {
        throw new UnsupportedOperationException("the volumes are from here");
    }

    @Override
    public Outcome restart(HostAddress takenForItself) {
        throw new UnsupportedOperationException("names lead where they should");
    }

    @Override
    public Outcome syncFrom(HostAddress source) {
        throw new UnsupportedOperationException("every clone is left to the server");
    }

    @Override
    public Outcome updateRootPassword(Credentials root) {
        throw new UnsupportedOperationException("the password stays");
    }

    /** Here none ends but with the pod. */
    @Override
    public boolean hasEnded() {
        return false;
    }

    @Override
    public LocalMongod observe() {
        return turn.ask(() -> {
            world.note("replSetGetStatus");
            return look.get();
        });
    }

    @Override
    public PeerMongod observeAsPeer(Duration unknownFor) {
        throw new UnsupportedOperationException("looks are made by the world");
    }

    @Override
    public RootUser compareRootUser(Credentials root) {
        throw new UnsupportedOperationException("looks are made by the world");
    }

    @Override
    public Optional<MongodDetails> details() {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
