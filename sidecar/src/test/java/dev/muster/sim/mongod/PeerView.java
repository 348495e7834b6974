package dev.muster.sim.mongod;

import dev.muster.model.HostAddress;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.OpTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one member knows of another, from their heartbeats. */
final class PeerView {
    private final int id;
    private final HostAddress host;
    private MemberState state = MemberState.UNKNOWN;
    private boolean up;
    private Duration upSince = Duration.ZERO;
    private @Nullable Duration answeredAt;
    private Duration heard;
    private long configVersion = -2;
    private long configTerm = -1;
    private OpTime applied = Oplog.BEFORE_ALL;
    private Optional<HostAddress> syncSource = Optional.empty();
    private Optional<Instant> electedAt = Optional.empty();
    private long term;
    private int answers;
    private @Nullable MongodProcess connectedTo;

    PeerView(int id, HostAddress host, Duration now) {
        this.id = id;
        this.host = host;
        this.heard = now;
    }

    int id() {
        return id;
    }

    HostAddress host() {
        return host;
    }

    MemberState state() {
        return state;
    }

    /** The term in which it last said anything. */
    long term() {
        return term;
    }

    /** Whether the last heartbeat to it was answered. */
    boolean isUp() {
        return up;
    }

    /** Whether others may copy from it. */
    boolean isReadable() {
        return up && (state == MemberState.PRIMARY || state == MemberState.SECONDARY);
    }

    OpTime applied() {
        return applied;
    }

    /** When it last said anything, request or answer. */
    Duration heard() {
        return heard;
    }

    /** How many heartbeats to it were answered since the configuration names it. */
    int answers() {
        return answers;
    }

    /** Whether it has that configuration or a newer one. */
    boolean has(Configuration config) {
        return !Configuration.isNewer(config.version(), config.term(), configVersion, configTerm);
    }

    Optional<Instant> electedAt() {
        return electedAt;
    }

    /**
     * Who answered last: kept while it answers, as a connection is, whatever DNS says meanwhile. It ends with the process,
     * also where another one has its address by now.
     */
    @Nullable
    MongodProcess connectedTo() {
        return connectedTo;
    }

    void connect(MongodProcess answered) {
        connectedTo = answered;
    }

    void asked(Beat request, Duration now) {
        heard = now;
        take(request);
    }

    void answered(Beat answer, Duration now) {
        heard = now;
        answeredAt = now;
        answers++;
        if (!up) {
            up = true;
            upSince = now;
        }
        take(answer);
        state = answer.state();
        syncSource = answer.syncSource();
        electedAt = answer.electedAt();
    }

    private void take(Beat beat) {
        Configuration config = beat.config();
        if (config != null) {
            configVersion = config.version();
            configTerm = config.term();
        }
        applied = beat.applied();
        term = beat.term();
    }

    /** It reported its progress, upstream. */
    void progressed(OpTime upTo) {
        if (upTo.compareTo(applied) > 0) {
            applied = upTo;
        }
    }

    void failed() {
        up = false;
        state = MemberState.DOWN;
        connectedTo = null;
        syncSource = Optional.empty();
        electedAt = Optional.empty();
    }

    MemberStatus status(Duration now) {
        return new MemberStatus(
                id,
                host,
                state,
                up,
                false,
                up && applied.seconds() > 0 ? Optional.of(applied) : Optional.empty(),
                syncSource,
                Optional.of(Duration.ZERO),
                up ? Duration.ofSeconds(now.minus(upSince).toSeconds()) : Duration.ZERO,
                Optional.ofNullable(answeredAt).map(now::minus));
    }
}
