package dev.muster.sim.mongod;

import dev.muster.model.HostAddress;
import dev.muster.model.MemberState;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One member's heartbeats to all others, and what it learned by them. */
final class Heartbeats {
    /** {@code settings.heartbeatTimeoutSecs}, the default. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final MongodProcess process;
    private final Membership membership;
    private final Map<Integer, PeerView> peers = new LinkedHashMap<>();
    private long round;

    Heartbeats(MongodProcess process, Membership membership) {
        this.process = process;
        this.membership = membership;
    }

    Collection<PeerView> peers() {
        return peers.values();
    }

    Optional<PeerView> peer(int id) {
        return Optional.ofNullable(peers.get(id));
    }

    @Nullable
    PeerView peerOrNull(int id) {
        return peers.get(id);
    }

    Optional<PeerView> peer(HostAddress host) {
        return peers.values().stream().filter(peer -> peer.host().equals(host)).findFirst();
    }

    /**
     * Whether a server would choose whom to clone from: it waits for two answers for each other member, and does not
     * mind whose.
     */
    boolean haveAnsweredEnough() {
        return peers.values().stream().mapToInt(PeerView::answers).sum() >= 2 * peers.size();
    }

    void stop() {
        round++;
        peers.clear();
    }

    /** Sends one to everybody now, as after a new configuration or an election; the rhythm begins anew. */
    void restart(Configuration config, Configuration.Member self) {
        round++;
        Map<Integer, PeerView> before = new LinkedHashMap<>(peers);
        peers.clear();
        for (Configuration.Member member : config.members()) {
            if (member.id() == self.id()) {
                continue;
            }
            PeerView known = before.get(member.id());
            PeerView peer = known != null && known.host().equals(member.host())
                    ? known
                    : new PeerView(member.id(), member.host(), process.now());
            peers.put(member.id(), peer);
            next(peer, Duration.ZERO);
        }
    }

    private void next(PeerView peer, Duration wait) {
        long of = round;
        process.after(wait.plus(process.mongods().latency()), () -> {
            if (of == round) {
                beat(peer, of);
            }
        });
    }

    /** At the moment when the request arrives. */
    private void beat(PeerView peer, long of) {
        Mongods.Reached reached = process.reach(peer.host(), peer.connectedTo());
        MongodProcess target = reached.process();
        if (target == null) {
            Duration until = reached.isSilent() ? TIMEOUT : process.mongods().latency();
            process.after(until, () -> answered(peer, of, Optional.empty()));
            return;
        }
        peer.connect(target);
        Optional<Beat> answer = target.membership().heartbeats().hearRequest(membership.beat());
        process.after(process.mongods().latency(), () -> answered(peer, of, answer));
    }

    private void answered(PeerView peer, long of, Optional<Beat> answer) {
        if (of != round) {
            return;
        }
        if (answer.isEmpty() || !accepts(answer.get())) {
            peer.failed();
        } else {
            peer.answered(answer.get(), process.now());
            hear(answer.get());
        }
        if (of == round) {
            membership.heardOf(peer);
            Configuration config = membership.config();
            if (config != null) {
                next(peer, config.heartbeatInterval());
            }
        }
    }

    /** A request of a member. */
    private void asked(Beat request) {
        PeerView peer = peers.get(request.sender());
        if (peer == null) {
            return;
        }
        boolean newPrimary = request.state() == MemberState.PRIMARY && peer.state() != MemberState.PRIMARY;
        peer.asked(request, process.now());
        Configuration config = membership.config();
        Configuration.Member self = membership.self();
        // Who learns of a new primary asks everybody at once, so that all know it soon.
        if (newPrimary && peer.isUp() && config != null && self != null) {
            restart(config, self);
        }
    }

    /** Whether what somebody tells is of our set: another replica set id is another set, whatever its name. */
    private boolean accepts(Beat beat) {
        Configuration own = membership.config();
        Configuration theirs = beat.config();
        return own == null
                || theirs == null
                || (own.replicaSetId().equals(theirs.replicaSetId())
                        && own.setName().equals(theirs.setName()));
    }

    /** Somebody's heartbeat arrives; the answer, or none where it is refused. */
    Optional<Beat> hearRequest(Beat request) {
        Configuration theirs = request.config();
        if (theirs == null || !process.launch().setName().equals(Optional.of(theirs.setName()))) {
            return Optional.empty();
        }
        if (accepts(request)) {
            hear(request);
            asked(request);
        }
        // The other one compares the ids itself.
        return Optional.of(membership.beat());
    }

    /** What a request and an answer tell alike. */
    private void hear(Beat beat) {
        if (membership.config() != null) {
            membership.learnTerm(beat.term());
        }
        Configuration theirs = beat.config();
        if (theirs != null && wants(theirs)) {
            // It is fetched by a heartbeat of our own.
            process.after(process.mongods().latency().plus(process.mongods().latency()), () -> take(theirs));
        }
        if (beat.state() == MemberState.PRIMARY && beat.term() == membership.term()) {
            membership.election().heardPrimary();
        }
        membership.recheckOffice();
    }

    private boolean wants(Configuration offered) {
        Configuration own = membership.config();
        return own == null
                || offered.isNewerThan(own)
                // Perhaps it only could not find itself when it looked.
                || (membership.self() == null && !own.isNewerThan(offered));
    }

    private void take(Configuration offered) {
        Configuration own = membership.config();
        if (!wants(offered) || (own != null && !own.replicaSetId().equals(offered.replicaSetId()))) {
            return;
        }
        if (own == null && membership.findSelf(offered) == null) {
            // It stays empty, and looks again when somebody sends a heartbeat.
            return;
        }
        membership.install(offered);
    }

    /** The primary that this member hears, of the highest term: an old one may not know yet that it is none. */
    Optional<PeerView> primary() {
        PeerView newest = null;
        for (PeerView peer : peers.values()) {
            if (peer.isUp() && peer.state() == MemberState.PRIMARY && (newest == null || peer.term() > newest.term())) {
                newest = peer;
            }
        }
        return Optional.ofNullable(newest);
    }
}
