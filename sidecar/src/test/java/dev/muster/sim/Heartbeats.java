package dev.muster.sim;

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
     * Whether a server would choose whom to clone from: it waits for two answers for each other member, and does not mind
     * whose.
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
        peer.connect(target.address());
        Optional<Beat> answer = target.membership().hearRequest(membership.beat());
        process.after(process.mongods().latency(), () -> answered(peer, of, answer));
    }

    private void answered(PeerView peer, long of, Optional<Beat> answer) {
        if (of != round) {
            return;
        }
        if (answer.isEmpty() || !membership.accepts(answer.get())) {
            peer.failed();
        } else {
            peer.answered(answer.get(), process.now());
            membership.hear(answer.get());
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
    void asked(Beat request) {
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
