package dev.muster.observe;

import dev.muster.dns.Names;
import dev.muster.model.ConfigMember;
import dev.muster.model.DeadPrimary;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberStatus;
import dev.muster.model.Self;
import dev.muster.model.SetConfig;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.PortWatch;
import dev.muster.mongo.PortWatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Remembers who the primary is, and watches its port. Only a member that could follow it does so, and the primary's own
 * sidecar. One thread only.
 */
final class PrimaryWatch implements AutoCloseable {
    /** A dead primary is forgotten then: MongoDB's own election timeout has passed. */
    private static final Duration REMEMBERED = Duration.ofSeconds(15);

    private final Self self;
    private final Mongod local;
    private final Names names;
    private final PortWatcher watcher;
    private @Nullable Followed followed;

    PrimaryWatch(Self self, Mongod local, Names names, PortWatcher watcher) {
        this.self = self;
        this.local = local;
        this.names = names;
        this.watcher = watcher;
    }

    /** The connection to the own {@code mongod} tells already, and stays open. */
    private record OwnPort(Mongod local) implements PortWatch {
        @Override
        public boolean hasEnded() {
            return local.hasEnded();
        }

        @Override
        public void close() {}
    }

    /** A primary, as long as it is not known that there is another one. */
    private static final class Followed {
        final HostAddress host;
        final long term;
        final Instant since;
        final PortWatch port;
        SetConfig config;

        @Nullable
        Instant seenEnded;

        Followed(HostAddress host, long term, SetConfig config, Instant since, PortWatch port) {
            this.host = host;
            this.term = term;
            this.config = config;
            this.since = since;
            this.port = port;
        }
    }

    /**
     * Whether the {@code mongod} beside this sidecar was the primary when it was seen last, and has just ended. Asking it
     * would take a second.
     */
    boolean hasOwnJustEnded() {
        return followed != null && isOwn(followed.host) && followed.seenEnded == null && followed.port.hasEnded();
    }

    /**
     * The last primary if its {@code mongod} has ended.
     *
     * @param local what this member says now
     */
    Optional<DeadPrimary> look(LocalMongod local, Instant now) {
        if (local instanceof LocalMongod.InSet set) {
            follow(set, now);
        }
        Followed last = followed;
        if (last == null) {
            return Optional.empty();
        }
        if (!last.port.hasEnded()) {
            last.seenEnded = null;
            return Optional.empty();
        }
        Instant ended = last.seenEnded == null ? now : last.seenEnded;
        last.seenEnded = ended;
        Duration ago = Duration.between(ended, now);
        if (ago.compareTo(REMEMBERED) > 0) {
            close();
            return Optional.empty();
        }
        return Optional.of(
                new DeadPrimary(last.host, last.config, last.term, Duration.between(last.since, ended), ago));
    }

    private void follow(LocalMongod.InSet set, Instant now) {
        Optional<HostAddress> primary = set.status().primary().map(MemberStatus::host);
        if (primary.isEmpty()) {
            return;
        }
        HostAddress host = primary.get();
        long term = set.status().term();
        if (followed != null && followed.host.equals(host) && followed.term == term) {
            followed.config = set.config();
            return;
        }
        close();
        if (set.isPrimary() || mayFollow(set)) {
            watch(host).ifPresent(port -> followed = new Followed(host, term, set.config(), now, port));
        }
    }

    private static boolean mayFollow(LocalMongod.InSet set) {
        return set.status()
                .self()
                .flatMap(own -> set.config().member(own.host()))
                .filter(ConfigMember::isElectable)
                .isPresent();
    }

    private Optional<PortWatch> watch(HostAddress primary) {
        if (isOwn(primary)) {
            return Optional.of(new OwnPort(local));
        }
        // A name of its own may be known to the members alone.
        OptionalInt ordinal = self.naming().ordinalOf(primary);
        if (ordinal.isEmpty()) {
            return Optional.empty();
        }
        HostAddress address = self.naming().address(ordinal.getAsInt());
        Names.Answer answer = names.lookUp(self.naming().serviceName(), Set.of(address.host()))
                .get(address.host());
        return answer instanceof Names.Addresses found
                ? Optional.of(watcher.watch(address, found.addresses()))
                : Optional.empty();
    }

    private boolean isOwn(HostAddress host) {
        return self.naming().ordinalOf(host).equals(OptionalInt.of(self.ordinal()));
    }

    @Override
    public void close() {
        if (followed != null) {
            followed.port.close();
            followed = null;
        }
    }
}
