package dev.muster.sim.mongod;

import dev.muster.model.Credentials;
import dev.muster.model.HostAddress;
import dev.muster.model.MemberState;
import dev.muster.model.OpTime;
import dev.muster.model.SetConfig;
import dev.muster.model.SetRenaming;
import dev.muster.mongo.ConfigDocuments;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * One running {@code mongod}, from its start to its end; whoever starts it again makes another one upon the same
 * {@link Volume}. What it does by itself is events; nothing here waits.
 */
public final class MongodProcess {
    private enum Life {
        NOT_STARTED,
        STARTING,
        LISTENING,
        QUIESCING,
        ENDED
    }

    /** From SIGTERM to a member's end; 15 s are the server's {@code shutdownTimeoutMillisForSignaledShutdown}. */
    private static final Duration QUIESCE = Duration.ofMillis(15_200);

    /** How long a primary that got SIGTERM waits for a secondary to catch up: the server's {@code 10 s}. */
    private static final Duration HAND_OVER_LIMIT = Duration.ofSeconds(10);

    private static final Duration HAND_OVER_LOOK = Duration.ofMillis(100);

    private final Mongods mongods;
    private final int place;
    private final InetAddress address;
    private final int port;
    private final Volume volume;
    private final Launch launch;
    private final Membership membership;
    private final Reconfiguration reconfiguration;
    private final MemberCommands commands;
    private final List<Runnable> postponed = new ArrayList<>();
    private Life life = Life.NOT_STARTED;
    private String hostname = "";
    private boolean frozen;
    private boolean terminating;
    private double slowDisk = 1;
    private boolean replicationStopped;
    private Duration startedAt = Duration.ZERO;
    private Runnable exited = () -> {};

    MongodProcess(Mongods mongods, int place, InetAddress address, int port, Volume volume, Launch launch) {
        this.mongods = mongods;
        this.place = place;
        this.address = address;
        this.port = port;
        this.volume = volume;
        this.launch = launch;
        this.membership = new Membership(this);
        this.reconfiguration = new Reconfiguration(this, membership);
        this.commands = new MemberCommands(this, membership);
    }

    // --- What whoever runs the world does to it.

    /** Starts it: it listens after a while, and loads what is on its volume. */
    public void start() {
        volume.use();
        if (life != Life.NOT_STARTED) {
            throw new IllegalStateException("a process starts once");
        }
        life = Life.STARTING;
        after(mongods.millis(500, 2500), this::listen);
    }

    private void listen() {
        life = Life.LISTENING;
        startedAt = now();
        mongods.opened(this);
        if (launch.setName().isPresent()) {
            membership.load();
        }
        changed();
    }

    /** SIGKILL. */
    public void kill() {
        end();
    }

    /** It ends by itself, as after a fatal error. */
    void crash() {
        Runnable then = exited;
        end();
        mongods.scheduler().after(Duration.ZERO, then);
    }

    /** It ends by an assertion of its own, which nothing that Muster sends may bring about. */
    void abort(String assertion) {
        mongods.listener().aborted(this, assertion);
        crash();
    }

    /** Has something told when it ends by itself. */
    public void onExit(Runnable told) {
        exited = told;
    }

    /** Replaces the stored configuration, which counts from the next start on. */
    void rename(SetRenaming renaming) {
        Configuration stored = Objects.requireNonNull(volume.config());
        volume.store(new Configuration(ConfigDocuments.renamed(stored.stored(), renaming)));
        mongods.listener().renamed(this, stored.replicaSetId(), renaming.newId());
    }

    /** Ends by the command {@code shutdown}, a moment after its answer. */
    void shutDown() {
        after(mongods.latency(), this::crash);
    }

    private void end() {
        if (life == Life.ENDED) {
            return;
        }
        life = Life.ENDED;
        membership.leaveOffice();
        mongods.closed(this);
        postponed.clear();
    }

    /** SIGTERM: a primary hands over by itself, a member goes on for a while for those that know it. */
    public void terminate(Runnable told) {
        exited = told;
        if (!isRunning()) {
            mongods.scheduler().after(Duration.ZERO, told);
            return;
        }
        if (terminating) {
            return;
        }
        if (frozen) {
            postponed.add(() -> terminate(told));
            return;
        }
        terminating = true;
        MemberState state = membership.state();
        if (life != Life.LISTENING || (state != MemberState.PRIMARY && state != MemberState.SECONDARY)) {
            after(mongods.millis(50, 300), this::crash);
            return;
        }
        handOver(HAND_OVER_LIMIT);
    }

    /** A primary waits for somebody who can follow, for a while; then, as a secondary, it quiesces. */
    private void handOver(Duration patience) {
        Office held = membership.office();
        if (held != null) {
            Optional<PeerView> successor = held.successor();
            if (successor.isEmpty() && patience.isPositive()) {
                after(HAND_OVER_LOOK, () -> handOver(patience.minus(HAND_OVER_LOOK)));
                return;
            }
            membership.stepDown();
            successor.ifPresent(membership::handOverTo);
        }
        life = Life.QUIESCING;
        membership.election().unelectableFor(QUIESCE.multipliedBy(2));
        changed();
        after(QUIESCE, this::crash);
    }

    /** It answers nothing and does nothing, until it is thawed; SIGKILL still ends it. */
    public void freeze() {
        frozen = true;
    }

    /** It goes on, with whatever it missed. */
    public void thaw() {
        frozen = false;
        List<Runnable> missed = List.copyOf(postponed);
        postponed.clear();
        missed.forEach(what -> after(Duration.ZERO, what));
    }

    /** How many times slower than usual it writes a clone. */
    public void slowDisk(double factor) {
        slowDisk = factor;
    }

    /** It copies nothing from other members for now, as by the failpoint {@code stopReplProducer}. */
    public void stopReplicating(boolean stopped) {
        replicationStopped = stopped;
    }

    boolean isReplicationStopped() {
        return replicationStopped;
    }

    // --- What whoever checks invariants, or writes as a client, asks it.

    /** The name of its host, which in a pod is the pod's; empty where it says nothing. */
    String hostname() {
        return hostname;
    }

    public void hostname(String name) {
        hostname = name;
    }

    public int place() {
        return place;
    }

    public InetAddress address() {
        return address;
    }

    public int port() {
        return port;
    }

    public Volume volume() {
        return volume;
    }

    Launch launch() {
        return launch;
    }

    /** Whether it has been started and has not ended. */
    boolean isRunning() {
        return life != Life.NOT_STARTED && life != Life.ENDED;
    }

    public boolean isFrozen() {
        return frozen;
    }

    /** Its own state; {@link MemberState#STARTUP} also where it is in no set. */
    public MemberState state() {
        return membership.state();
    }

    /** Whether it takes writes. */
    public boolean isWritablePrimary() {
        return life == Life.LISTENING && membership.isWritablePrimary();
    }

    /** The highest election term that it has heard of. */
    public long term() {
        return membership.term();
    }

    /** Its configuration; empty where it is empty or still loads. */
    public Optional<SetConfig> setConfig() {
        return Optional.ofNullable(membership.config())
                .map(present -> present.asSetConfig(membership.isConfigCommitted()));
    }

    /** Its configuration's document, a copy to be edited; empty where it is empty or still loads. */
    public Optional<BsonDocument> configDocument() {
        return Optional.ofNullable(membership.config()).map(Configuration::document);
    }

    public Optional<String> replicaSetId() {
        return Optional.ofNullable(membership.config()).map(Configuration::replicaSetId);
    }

    /** What it has applied; empty where it has no data. */
    public Optional<OpTime> lastApplied() {
        return volume.oplog().isEmpty()
                ? Optional.empty()
                : Optional.of(volume.oplog().last());
    }

    /** Whether it has that write of a client. */
    public boolean holds(long id) {
        return volume.holds(id);
    }

    /**
     * Writes as a client that waits for the majority.
     *
     * @param id 0 or more, one for each write
     * @param answered told true when a majority of the voters has it; false when this is no primary, or steps down or
     *     ends before, and then it may be there all the same
     */
    public void write(long id, Consumer<Boolean> answered) {
        if (isStandalone()) {
            volume.writeOwn(id);
            answered.accept(true);
            return;
        }
        write(id, Optional.empty(), answered);
    }

    /**
     * Reads the writes of clients, oldest first, at a primary.
     *
     * @param linearizable whether everything that was acknowledged before has to be there; otherwise a majority has what
     *     is read, which may be old
     * @param answered told what was read; empty where this is no primary, or does not know
     */
    public void read(LongPredicate wanted, boolean linearizable, Consumer<Optional<List<Long>>> answered) {
        Office held = membership.office();
        if (held == null || !isWritablePrimary() || frozen) {
            answered.accept(Optional.empty());
        } else if (linearizable) {
            held.readLinearizable(wanted, answered);
        } else {
            answered.accept(held.readMajority(wanted));
        }
    }

    /** {@code createUser} on a standalone, by an operator. */
    void createOwnUser(String name) {
        if (!isStandalone()) {
            throw new IllegalStateException("it is no standalone that takes writes");
        }
        volume.addOwnUser(name);
    }

    private boolean isStandalone() {
        return launch.setName().isEmpty() && life == Life.LISTENING && !frozen;
    }

    void write(long id, Optional<Credentials> rootUser, Consumer<Boolean> answered) {
        Office held = membership.office();
        if (held == null || !isWritablePrimary() || frozen) {
            answered.accept(false);
        } else {
            held.write(id, rootUser, answered);
        }
    }

    /** {@code replSetInitiate}. */
    public void initiate(BsonDocument requested, Consumer<CommandReply> answered) {
        reconfiguration.initiate(requested, answered);
    }

    /** {@code replSetReconfig}, as a person or a program sends it. */
    public void reconfigure(BsonDocument requested, boolean force, Consumer<CommandReply> answered) {
        reconfiguration.reconfigure(requested, force, answered);
    }

    /** {@code replSetStepUp}, as an operator or a program sends it; told whether it was elected. */
    public void stepUp(Consumer<Boolean> elected) {
        commands.stepUp(reply -> elected.accept(reply.isDone()));
    }

    /** {@code setDefaultRWConcern}, as a person sends it to a primary. */
    public void setDefaultWriteConcern() {
        write(OplogEntry.DEFAULT_WRITE_CONCERN, done -> {});
    }

    /** All other commands that change something. */
    MemberCommands commands() {
        return commands;
    }

    // --- Its parts, for each other.

    Mongods mongods() {
        return mongods;
    }

    Membership membership() {
        return membership;
    }

    public Duration startedAt() {
        return startedAt;
    }

    Duration now() {
        return mongods.scheduler().elapsed();
    }

    double slowDisk() {
        return slowDisk;
    }

    /** Whether clients get answers: one that quiesces sends them away. */
    boolean isListening() {
        return life == Life.LISTENING;
    }

    /** Something that this process does later, unless it has ended; while it is frozen it waits. */
    void after(Duration delay, Runnable what) {
        mongods.scheduler().after(delay, () -> {
            if (!isRunning()) {
                return;
            }
            if (frozen) {
                postponed.add(what);
            } else {
                what.run();
            }
        });
    }

    /** The process of a member, if it can be talked to now. */
    Mongods.Reached reach(HostAddress host, @Nullable MongodProcess connectedTo) {
        Optional<InetAddress> at = connectedTo != null && connectedTo.isRunning()
                ? Optional.of(connectedTo.address())
                : mongods.resolve(place, host);
        if (at.isEmpty()) {
            return Mongods.Reached.REFUSED;
        }
        Mongods.Reached reached = mongods.reach(place, at.get(), host.port());
        MongodProcess other = reached.process();
        // A wrong keyfile, and one that does not know yet what it is, refuse alike.
        return other != null
                        && (other.membership.isLoading() || !other.launch.key().equals(launch.key()))
                ? Mongods.Reached.REFUSED
                : reached;
    }

    /** Tells those that await a change. */
    void changed() {
        after(mongods.millis(5, 25), () -> mongods.told(this, isWritablePrimary()));
    }

    @Override
    public String toString() {
        return "mongod at place %d, %s, term %d, %s"
                .formatted(place, membership.state(), membership.term(), membership.config());
    }
}
