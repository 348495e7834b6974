package dev.muster.sim.mongod;

import static java.util.Objects.requireNonNull;

import dev.muster.model.HostAddress;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.SetStatus;
import dev.muster.model.SourcePreference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one process is in its set: its configuration, state, term and office. This is the place where they change; the
 * parts only decide when.
 */
final class Membership {
    private final MongodProcess process;
    private final Mongods mongods;
    private final Heartbeats heartbeats;
    private final Election election;
    private final Replication replication;
    private final Cloning cloning;
    private MemberState state = MemberState.STARTUP;
    private boolean loading;
    private long term;
    private @Nullable Configuration config;
    private Configuration.@Nullable Member self;
    private @Nullable Office office;

    Membership(MongodProcess process) {
        this.process = process;
        this.mongods = process.mongods();
        this.heartbeats = new Heartbeats(process, this);
        this.election = new Election(process, this);
        this.replication = new Replication(process, this);
        this.cloning = new Cloning(process, this);
    }

    /** Reads what is on the volume; until that is done it answers as if it were empty. */
    void load() {
        term = Math.max(
                process.volume().votedInTerm(), process.volume().oplog().last().term());
        Configuration stored = process.volume().config();
        if (stored != null) {
            loading = true;
            process.after(mongods.millis(20, 400), () -> {
                loading = false;
                install(stored);
            });
        }
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

    MemberState state() {
        return state;
    }

    long term() {
        return term;
    }

    /** Whether it has not yet loaded the configuration that it has on disk. */
    boolean isLoading() {
        return loading;
    }

    boolean isWritablePrimary() {
        Office held = office;
        return held != null && held.isWritable();
    }

    boolean isMember(int id, HostAddress host) {
        Configuration.Member own = self;
        return own != null && own.id() == id && own.host().equals(host);
    }

    boolean isReadable() {
        return state == MemberState.PRIMARY || state == MemberState.SECONDARY;
    }

    boolean isOfSameSet(Membership other) {
        Configuration own = config;
        Configuration theirs = other.config;
        return own != null && theirs != null && own.replicaSetId().equals(theirs.replicaSetId());
    }

    boolean isConfigCommitted() {
        Office held = office;
        return held != null && held.isWritable() && held.isConfigCommitted();
    }

    Beat beat() {
        Configuration.Member own = self;
        return new Beat(
                config,
                own == null ? -1 : own.id(),
                state,
                term,
                process.volume().isCloneUnfinished()
                        ? Oplog.BEFORE_ALL
                        : process.volume().oplog().last(),
                replication.source(),
                office == null ? Optional.empty() : Optional.of(office.electedAt()));
    }

    Configuration.@Nullable Member findSelf(Configuration in) {
        List<Configuration.Member> found = in.members().stream()
                .filter(member -> member.host().port() == process.port())
                .filter(member ->
                        mongods.resolve(process.place(), member.host()).equals(Optional.of(process.address())))
                .toList();
        if (found.size() == 1) {
            return found.getFirst();
        }
        // One that finds itself twice keeps the place that it has, and takes none where it has none.
        Configuration.Member own = self;
        return found.stream()
                .filter(member -> own != null && member.host().equals(own.host()))
                .findFirst()
                .orElse(null);
    }

    /** From now on that is its configuration. */
    void install(Configuration installed) {
        Configuration.Member me = findSelf(installed);
        if (me == null && config != null && isCommandInstalling(installed)) {
            me = self;
        }
        config = installed;
        self = me;
        process.volume().store(installed);
        if (me == null) {
            leaveOffice();
            heartbeats.stop();
            replication.stop();
            cloning.stop();
            if (state != MemberState.REMOVED) {
                enter(MemberState.REMOVED);
            }
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
        process.changed();
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
        } else if (process.volume().oplog().isEmpty() || process.volume().isCloneUnfinished()) {
            enter(MemberState.STARTUP2);
            cloning.begin();
        } else {
            enter(MemberState.STARTUP2);
            process.after(mongods.millis(20, 150), () -> {
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
        Office won = new Office(process, this);
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
        process.after(mongods.latency(), () -> {
            MongodProcess other =
                    process.reach(successor.host(), successor.connectedTo()).process();
            if (other != null) {
                other.membership().election.stand(false, won -> {});
            }
        });
    }

    void leaveOffice() {
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
        process.changed();
    }

    /** Its oplog has grown. */
    void applied() {
        mongods.running().forEach(other -> {
            if (!other.equals(process)) {
                other.membership().replication.newsFrom(this);
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
                process.volume().isCloneUnfinished() ? Optional.empty() : process.lastApplied(),
                replication.source(),
                Optional.empty(),
                Duration.ofSeconds(process.now().minus(process.startedAt()).toSeconds()),
                Optional.empty());
        return new SetStatus(
                state,
                term,
                elected,
                Stream.concat(Stream.of(me), heartbeats.peers().stream().map(peer -> peer.status(process.now())))
                        .toList(),
                cloning.status(),
                isCloning ? Optional.empty() : cloning.clonedFrom(),
                isCloning ? process.launch().sourcePreference() : SourcePreference.ANY);
    }
}
