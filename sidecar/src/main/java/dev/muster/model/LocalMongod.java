package dev.muster.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the {@code mongod} beside this sidecar answers. */
public sealed interface LocalMongod {
    /** The id of the set whose data it holds; empty where it holds none, or does not say. */
    default Optional<String> heldSetId() {
        return switch (this) {
            case InSet set -> Optional.of(set.config().replicaSetId());
            case Removed removed -> Optional.of(removed.replicaSetId()).filter(id -> !id.isEmpty());
            case NotYetInitialized empty -> Optional.empty();
            case HoldsData data -> Optional.empty();
            case NotStarted notStarted -> Optional.empty();
            case Unreachable unreachable -> Optional.empty();
            case Denied denied -> Optional.empty();
            case Starting starting -> Optional.empty();
            case Misconfigured misconfigured -> Optional.empty();
        };
    }

    /** Its state as a member; empty where it is not a member, or does not say. */
    default Optional<MemberState> memberState() {
        return switch (this) {
            case InSet set -> Optional.of(set.status().myState());
            case Removed removed -> Optional.of(MemberState.REMOVED);
            case NotYetInitialized empty -> Optional.empty();
            case HoldsData data -> Optional.empty();
            case NotStarted notStarted -> Optional.empty();
            case Unreachable unreachable -> Optional.empty();
            case Denied denied -> Optional.empty();
            case Starting starting -> Optional.empty();
            case Misconfigured misconfigured -> Optional.empty();
        };
    }

    /** The host under which the configuration names it; empty where it is not a member, or does not say. */
    default Optional<HostAddress> knownAs() {
        return this instanceof InSet set ? set.status().self().map(MemberStatus::host) : Optional.empty();
    }

    default boolean isPrimary() {
        return this instanceof InSet set && set.status().myState() == MemberState.PRIMARY;
    }

    /** What it is, as the end of a message: "mongo-1: empty". */
    default String words() {
        return switch (this) {
            case NotStarted notStarted -> PeerMongod.HELD_WORDS;
            case Unreachable unreachable -> "its mongod does not answer: " + unreachable.message();
            case Denied denied -> "its mongod refuses the connection: " + denied.message();
            case Misconfigured misconfigured -> "cannot be a member: " + misconfigured.message();
            case Starting starting -> "is loading its configuration";
            case NotYetInitialized empty -> "empty";
            case HoldsData data -> PeerMongod.holdsDataWords(data.what());
            case Removed removed -> PeerMongod.removedWords(removed.replicaSetId());
            case InSet set ->
                set.status().myState() == MemberState.REMOVED
                        ? PeerMongod.removedWords(set.config().replicaSetId())
                        : set.status().myState() + " under another name";
        };
    }

    /** Its volume has never been used, and its sidecar has not let it start in this pod yet. */
    record NotStarted() implements LocalMongod {}

    /** It does not answer: not started, not listening, or hung. */
    record Unreachable(String message) implements LocalMongod {
        public Unreachable {
            requireNonNull(message, "message is null");
        }
    }

    /** It answers, but refuses the connection: a wrong keyfile, or TLS. */
    record Denied(String message) implements LocalMongod {
        public Denied {
            requireNonNull(message, "message is null");
        }
    }

    /** It cannot be a member with the options that it has: no {@code --replSet}, or another set's name. */
    record Misconfigured(String message) implements LocalMongod {
        public Misconfigured {
            requireNonNull(message, "message is null");
        }
    }

    /** It has a configuration and is still loading it. */
    record Starting() implements LocalMongod {}

    /**
     * Provably empty: it answers NotYetInitialized, {@code local.system.replset} holds nothing, and it has no database
     * and no user of its own.
     */
    record NotYetInitialized() implements LocalMongod {}

    /**
     * It has no replica set configuration, but databases or users of its own: a former standalone, or a volume that was
     * restored without {@code local}. A clone must never replace its data.
     *
     * @param what it holds, as far as the server says, as part of a sentence; the same as long as the data is the same
     */
    record HoldsData(String what) implements LocalMongod {
        public HoldsData {
            requireNonNull(what, "what is null");
        }
    }

    /**
     * It has the data of a set whose configuration does not name it.
     *
     * @param replicaSetId of that set; the empty string where the server did not say
     * @param version of the configuration; 0 where the server did not say
     * @param members the hosts that the configuration names; empty where the server did not say
     */
    record Removed(String replicaSetId, long version, List<HostAddress> members) implements LocalMongod {
        public Removed {
            requireNonNull(replicaSetId, "replicaSetId is null");
            members = List.copyOf(members);
        }

        public Removed(String replicaSetId, List<HostAddress> members) {
            this(replicaSetId, 0, members);
        }

        public Removed(String replicaSetId) {
            this(replicaSetId, List.of());
        }
    }

    record InSet(SetConfig config, SetStatus status) implements LocalMongod {
        public InSet {
            requireNonNull(config, "config is null");
            requireNonNull(status, "status is null");
        }

        /** The state of a member whose heartbeats succeed; empty where they do not. */
        public Optional<MemberState> stateIfHealthy(HostAddress host) {
            return status.member(host).filter(MemberStatus::healthy).map(MemberStatus::state);
        }

        /** Whether that member's heartbeats succeed and it is in a state that serves. */
        public boolean isInService(HostAddress host) {
            return stateIfHealthy(host).filter(MemberState::isInService).isPresent();
        }

        /** How far that member stays behind on purpose. */
        public Duration delayOf(HostAddress host) {
            return config.member(host).map(ConfigMember::delay).orElse(Duration.ZERO);
        }

        /** Whether the heartbeats to that member succeed. */
        public boolean hears(ConfigMember member) {
            return stateIfHealthy(member.host()).isPresent();
        }
    }
}
