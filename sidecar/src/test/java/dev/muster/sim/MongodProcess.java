package dev.muster.sim;

import static java.util.Objects.requireNonNull;

import dev.muster.model.HostAddress;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.OpTime;
import dev.muster.model.SetConfig;
import dev.muster.model.SetStatus;
import dev.muster.model.SourcePreference;
import dev.muster.mongo.Credentials;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
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

    /** From SIGTERM to the end of a member, of which 15 s are the server's {@code shutdownTimeoutMillisForSignaledShutdown}. */
    private static final Duration QUIESCE = Duration.ofMillis(15_200);

    private final Mongods mongods;
    private final int place;
    private final InetAddress address;
    private final int port;
    private final Volume volume;
    private final Launch launch;
    private final Heartbeats heartbeats = new Heartbeats(this);
    private final Election election = new Election(this);
    private final Replication replication = new Replication(this);
    private final Cloning cloning = new Cloning(this);
    private final Reconfiguration reconfiguration = new Reconfiguration(this);
    private final List<Runnable> postponed = new ArrayList<>();
    private Life life = Life.NOT_STARTED;
    private boolean frozen;
    private boolean loading;
    private double slowDisk = 1;
    private MemberState state = MemberState.STARTUP;
    private long term;
    private Duration startedAt = Duration.ZERO;
    private Runnable exited = () -> {};
    private @Nullable Configuration config;
    private Configuration.@Nullable Member self;
    private @Nullable Office office;

    MongodProcess(Mongods mongods, int place, InetAddress address, int port, Volume volume, Launch launch) {
        this.mongods = mongods;
        this.place = place;
        this.address = address;
        this.port = port;
        this.volume = volume;
        this.launch = launch;
    }

    // --- What whoever runs the world does to it.

    /** Starts it: it listens after a while, and loads what is on its volume. */
    public void start() {
        if (life != Life.NOT_STARTED) {
            throw new IllegalStateException("a process starts once");
        }
        life = Life.STARTING;
        after(mongods.millis(500, 2500), this::listen);
    }

    private void listen() {
        life = Life.LISTENING;
        startedAt = now();
        term = Math.max(volume.votedInTerm(), volume.oplog().last().term());
        mongods.opened(this);
        Configuration stored = volume.config();
        if (stored != null && launch.setName().isPresent()) {
            loading = true;
            after(mongods.millis(20, 400), () -> load(stored));
        }
        changed();
    }

    private void load(Configuration stored) {
        loading = false;
        install(stored);
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

    /** Has something told when it ends by itself. */
    public void onExit(Runnable told) {
        exited = told;
    }

    private void end() {
        if (life == Life.ENDED) {
            return;
        }
        life = Life.ENDED;
        leaveOffice();
        mongods.closed(this);
        postponed.clear();
        mongods.told(this, false);
    }

    /** SIGTERM: a primary hands over by itself, a member goes on for a while for those that know it. */
    public void terminate(Runnable told) {
        exited = told;
        if (!isRunning()) {
            mongods.scheduler().after(Duration.ZERO, told);
            return;
        }
        if (life == Life.QUIESCING) {
            return;
        }
        if (life != Life.LISTENING || (state != MemberState.PRIMARY && state != MemberState.SECONDARY)) {
            after(mongods.millis(50, 300), this::crash);
            return;
        }
        Office held = office;
        if (held != null) {
            Optional<PeerView> successor = held.successor();
            stepDown();
            successor.ifPresent(this::handOverTo);
        }
        life = Life.QUIESCING;
        election.unelectableFor(QUIESCE.multipliedBy(2));
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

    // --- What whoever checks invariants, or writes as a client, asks it.

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

    public Launch launch() {
        return launch;
    }

    /** Whether it has been started and has not ended. */
    public boolean isRunning() {
        return life != Life.NOT_STARTED && life != Life.ENDED;
    }

    public boolean isFrozen() {
        return frozen;
    }

    /** Its own state; {@link MemberState#STARTUP} also where it is in no set. */
    public MemberState state() {
        return state;
    }

    /** Whether it takes writes. */
    public boolean isWritablePrimary() {
        Office held = office;
        return life == Life.LISTENING && held != null && held.isWritable();
    }

    /** The highest election term that it has heard of. */
    public long term() {
        return term;
    }

    /** Its configuration; empty where it is empty or still loads. */
    public Optional<SetConfig> setConfig() {
        return Optional.ofNullable(config).map(present -> present.asSetConfig(isConfigCommitted()));
    }

    /** Its configuration's document, a copy to be edited; empty where it is empty or still loads. */
    public Optional<BsonDocument> configDocument() {
        return Optional.ofNullable(config).map(Configuration::document);
    }

    public Optional<String> replicaSetId() {
        return Optional.ofNullable(config).map(Configuration::replicaSetId);
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
     * @param answered told true when a majority of the voters has it; false when this is no primary or steps down
     *     before, and then it may be there all the same; never when the process ends
     */
    public void write(long id, Consumer<Boolean> answered) {
        write(id, Optional.empty(), answered);
    }

    void write(long id, Optional<Credentials> rootUser, Consumer<Boolean> answered) {
        Office held = office;
        if (held == null || !isWritablePrimary() || frozen) {
            answered.accept(false);
        } else {
            held.write(id, rootUser, answered);
        }
    }

    /** {@code replSetInitiate}. */
    public void initiate(BsonDocument requested, Consumer<Answer> answered) {
        reconfiguration.initiate(requested, answered);
    }

    /** {@code replSetReconfig}, as a person or a program sends it. */
    public void reconfigure(BsonDocument requested, boolean force, Consumer<Answer> answered) {
        reconfiguration.reconfigure(requested, force, answered);
    }

    void stepUp(Consumer<Answer> answered) {
        reconfiguration.stepUp(answered);
    }

    void stepDown(Duration unelectable, Duration patience, Consumer<Answer> answered) {
        reconfiguration.stepDown(unelectable, patience, answered);
    }

    Answer syncFrom(HostAddress source) {
        return reconfiguration.syncFrom(source);
    }

    /** {@code createUser} or {@code updateUser} of the root user, which waits for a majority. */
    void writeUser(Credentials root, boolean create, Consumer<Answer> answered) {
        boolean exists = volume.oplog()
                .rootUser()
                .filter(user -> user.user().equals(root.user()))
                .isPresent();
        if (!isWritablePrimary()) {
            answered.accept(new Answer(Answer.NOT_WRITABLE_PRIMARY, "not primary"));
        } else if (create && exists) {
            answered.accept(new Answer(Answer.USER_EXISTS, "User already exists"));
        } else if (!create && !exists) {
            answered.accept(new Answer(11, "User not found"));
        } else {
            write(
                    OplogEntry.NOTHING,
                    Optional.of(root),
                    done -> answered.accept(
                            done ? Answer.DONE : new Answer(11602, "interrupted by a change of state")));
        }
    }

    // --- Its parts, for each other.

    Mongods mongods() {
        return mongods;
    }

    Heartbeats heartbeats() {
        return heartbeats;
    }

    Election election() {
        return election;
    }

    Replication replication() {
        return replication;
    }

    Cloning cloning() {
        return cloning;
    }

    Duration now() {
        return mongods.scheduler().elapsed();
    }

    double slowDisk() {
        return slowDisk;
    }

    @Nullable
    Configuration config() {
        return config;
    }

    Configuration.@Nullable Member self() {
        return self;
    }

    @Nullable
    Office office() {
        return office;
    }

    /** Whether clients get answers: one that quiesces sends them away. */
    boolean isListening() {
        return life == Life.LISTENING;
    }

    /** Whether it has not yet loaded the configuration that it has on disk. */
    boolean isLoading() {
        return loading;
    }

    boolean isMember(int id, HostAddress host) {
        Configuration.Member own = self;
        return own != null && own.id() == id && own.host().equals(host);
    }

    boolean isReadable() {
        return state == MemberState.PRIMARY || state == MemberState.SECONDARY;
    }

    boolean isOfSameSet(MongodProcess other) {
        Configuration own = config;
        Configuration theirs = other.config;
        return own != null && theirs != null && own.replicaSetId().equals(theirs.replicaSetId());
    }

    boolean isConfigCommitted() {
        Office held = office;
        return held != null && held.isWritable() && held.isConfigCommitted();
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
    Mongods.Reached reach(HostAddress host, @Nullable InetAddress connectedTo) {
        Optional<InetAddress> at = connectedTo != null ? Optional.of(connectedTo) : mongods.resolve(place, host);
        if (at.isEmpty()) {
            return Mongods.Reached.REFUSED;
        }
        Mongods.Reached reached = mongods.reach(place, at.get(), host.port());
        MongodProcess other = reached.process();
        // A wrong keyfile, and one that does not know yet what it is, refuse alike.
        return other != null && (other.loading || !other.launch.key().equals(launch.key()))
                ? Mongods.Reached.REFUSED
                : reached;
    }

    Beat beat() {
        Configuration.Member own = self;
        return new Beat(
                config,
                own == null ? -1 : own.id(),
                state,
                term,
                volume.isCloneUnfinished() ? Oplog.BEFORE_ALL : volume.oplog().last(),
                replication.source(),
                office == null ? Optional.empty() : Optional.of(office.electedAt()));
    }

    /** Whether what somebody tells is of our set: another replica set id is another set, whatever its name. */
    boolean accepts(Beat beat) {
        Configuration own = config;
        Configuration theirs = beat.config();
        return own == null
                || theirs == null
                || (own.replicaSetId().equals(theirs.replicaSetId())
                        && own.setName().equals(theirs.setName()));
    }

    /** Somebody's heartbeat arrives; the answer, or none where it is refused. */
    Optional<Beat> hearRequest(Beat request) {
        Configuration theirs = request.config();
        if (theirs == null || !launch.setName().equals(Optional.of(theirs.setName()))) {
            return Optional.empty();
        }
        if (accepts(request)) {
            hear(request);
            heartbeats.asked(request);
        }
        // The other one compares the ids itself.
        return Optional.of(beat());
    }

    /** What a request and an answer tell alike. */
    void hear(Beat beat) {
        if (config != null) {
            learnTerm(beat.term());
        }
        Configuration theirs = beat.config();
        if (theirs != null && wants(theirs)) {
            // It is fetched by a heartbeat of our own.
            after(mongods.latency().plus(mongods.latency()), () -> take(theirs));
        }
        if (beat.state() == MemberState.PRIMARY && beat.term() == term) {
            election.heardPrimary();
        }
        recheckOffice();
    }

    private boolean wants(Configuration offered) {
        Configuration own = config;
        return own == null
                || offered.isNewerThan(own)
                // Perhaps it only could not find itself when it looked.
                || (self == null && !own.isNewerThan(offered));
    }

    private void take(Configuration offered) {
        Configuration own = config;
        if (!wants(offered) || (own != null && !own.replicaSetId().equals(offered.replicaSetId()))) {
            return;
        }
        if (own == null && findSelf(offered) == null) {
            // It stays empty, and looks again when somebody sends a heartbeat.
            return;
        }
        install(offered);
    }

    Configuration.@Nullable Member findSelf(Configuration in) {
        for (Configuration.Member member : in.members()) {
            if (member.host().port() == port
                    && mongods.resolve(place, member.host()).equals(Optional.of(address))) {
                return member;
            }
        }
        return null;
    }

    /** From now on that is its configuration. */
    void install(Configuration installed) {
        Configuration.Member me = findSelf(installed);
        if (me == null && config != null && isCommandInstalling(installed)) {
            me = self;
        }
        config = installed;
        self = me;
        volume.store(installed);
        if (me == null) {
            leaveOffice();
            heartbeats.stop();
            replication.stop();
            cloning.stop();
            enter(MemberState.REMOVED);
            return;
        }
        heartbeats.restart(installed, me);
        Office held = office;
        if (held != null) {
            held.configurationChanged();
            if (!me.isElectable()) {
                stepDown();
            }
        }
        if (state == MemberState.STARTUP || state == MemberState.REMOVED) {
            join(me);
        }
        changed();
    }

    /** A primary's own change of its configuration, which asks no name server. */
    private boolean isCommandInstalling(Configuration installed) {
        Configuration.Member own = self;
        return office != null
                && own != null
                && installed
                        .member(own.id())
                        .filter(member -> member.host().equals(own.host()))
                        .isPresent();
    }

    private void join(Configuration.Member me) {
        if (me.config().arbiterOnly()) {
            enter(MemberState.ARBITER);
        } else if (volume.oplog().isEmpty() || volume.isCloneUnfinished()) {
            enter(MemberState.STARTUP2);
            cloning.begin();
        } else {
            enter(MemberState.STARTUP2);
            after(mongods.millis(20, 150), () -> {
                if (state == MemberState.STARTUP2) {
                    becomeSecondary();
                }
            });
        }
    }

    void becomeSecondary() {
        enter(MemberState.SECONDARY);
        election.watch();
        Configuration present = requireNonNull(config);
        if (present.members().size() == 1) {
            election.stand(true, won -> {});
        }
    }

    void becomePrimary() {
        replication.stop();
        Office won = new Office(this);
        office = won;
        enter(MemberState.PRIMARY);
        heartbeats.restart(requireNonNull(config), requireNonNull(self));
        won.begin();
    }

    void stepDown() {
        if (office != null) {
            leaveOffice();
            enter(MemberState.SECONDARY);
            election.watch();
            requireNonNull(config);
            heartbeats.restart(config, requireNonNull(self));
        }
    }

    /** Asks a member to stand for election at once, as a primary does that leaves. */
    void handOverTo(PeerView successor) {
        after(mongods.latency(), () -> {
            MongodProcess other =
                    reach(successor.host(), successor.connectedTo()).process();
            if (other != null) {
                other.election.stand(false, won -> {});
            }
        });
    }

    private void leaveOffice() {
        Office held = office;
        office = null;
        if (held != null) {
            held.end();
        }
    }

    /** A higher term than its own ends a primary's office. */
    void learnTerm(long heard) {
        if (heard > term) {
            term = heard;
            stepDown();
        }
    }

    void enter(MemberState entered) {
        state = entered;
        changed();
    }

    /** Tells those that await a change. */
    void changed() {
        after(mongods.millis(5, 25), () -> mongods.told(this, isWritablePrimary()));
    }

    /** Its oplog has grown. */
    void applied() {
        mongods.running().forEach(other -> {
            if (!other.equals(this)) {
                other.replication.newsFrom(this);
            }
        });
    }

    void recheckOffice() {
        Office held = office;
        if (held != null) {
            held.recheck();
        }
    }

    void heardOf(PeerView peer) {
        replication.heardOf(peer);
        recheckOffice();
    }

    /** {@code replSetGetStatus} of a member. */
    SetStatus status() {
        Configuration.Member own = requireNonNull(self);
        Optional<Instant> elected = office != null
                ? Optional.of(office.electedAt())
                : heartbeats.primary().flatMap(PeerView::electedAt);
        boolean isCloning = state == MemberState.STARTUP || state == MemberState.STARTUP2;
        MemberStatus me = new MemberStatus(
                own.id(),
                own.host(),
                state,
                true,
                true,
                volume.isCloneUnfinished() ? Optional.empty() : lastApplied(),
                replication.source(),
                Optional.empty(),
                Duration.ofSeconds(now().minus(startedAt).toSeconds()));
        return new SetStatus(
                state,
                term,
                elected,
                Stream.concat(Stream.of(me), heartbeats.peers().stream().map(peer -> peer.status(now())))
                        .toList(),
                cloning.status(),
                isCloning ? Optional.empty() : cloning.clonedFrom(),
                isCloning ? launch.sourcePreference() : SourcePreference.ANY);
    }

    @Override
    public String toString() {
        return "mongod at place %d, %s, term %d, %s".formatted(place, state, term, config);
    }
}
