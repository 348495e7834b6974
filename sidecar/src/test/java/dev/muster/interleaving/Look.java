package dev.muster.interleaving;

import dev.muster.interleaving.State.Phase;
import dev.muster.interleaving.State.Recorded;
import dev.muster.interleaving.State.Role;
import dev.muster.interleaving.State.Server;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.OpTime;
import dev.muster.model.Ordinals;
import dev.muster.model.PeerMongod;
import dev.muster.model.Renaming;
import dev.muster.model.RootUser;
import dev.muster.model.Self;
import dev.muster.model.SetStatus;
import dev.muster.model.Snapshot;
import dev.muster.model.SourcePreference;
import dev.muster.model.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that a sidecar sees in one look, in few values, so that looks can be compared: a {@link Snapshot} before it is one.
 *
 * @param uid of its pod; empty while it is not certain
 * @param user whether its set has a root user
 * @param committed whether a majority of the voters has its configuration
 * @param others the servers of the other ordinals, by ordinal, the own one being no matter
 */
record Look(
        Pod pod,
        String uid,
        Recorded record,
        int replicas,
        boolean user,
        Server own,
        boolean committed,
        List<Other> others) {
    static final int ORDINALS = 3;

    /** When the first approval is given. */
    static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    Look {
        others = List.copyOf(others);
    }

    /**
     * The server that answers to a name.
     *
     * @param set which it holds; empty where it holds none
     * @param named whether its configuration names it
     */
    record Other(boolean reachable, String set, boolean named, Role role) {
        static final Other SILENT = new Other(false, "", false, Role.EMPTY);

        static Other of(Server server, int ordinal) {
            return new Other(true, server.config().set(), server.config().names(ordinal), server.role());
        }
    }

    /** The same without the other servers. */
    Look alone() {
        return new Look(pod, uid, record, replicas, user, own, committed, Collections.nCopies(ORDINALS, Other.SILENT));
    }

    Snapshot snapshot() {
        KubernetesFacts facts = new KubernetesFacts.Known(replicas, 0, new TreeMap<>());
        // An approval is valid for an hour at most.
        Instant now = BEGIN.plus(record.expired() ? Duration.ofHours(2) : Duration.ofMinutes(1));
        return new Snapshot(
                new Self(pod.number(), Config.NAMING, Config.SET_NAME),
                local(now),
                peers(),
                Optional.empty(),
                facts,
                Wanted.of(facts, new Ordinals(0, 0)),
                record.seenBy(uid),
                own.role() != Role.PRIMARY ? RootUser.UNKNOWN : user ? RootUser.AS_THE_FILES_SAY : RootUser.MISSING,
                OptionalInt.empty(),
                Duration.ofSeconds(10),
                Renaming.WHEN_UNSTABLE,
                now,
                Duration.ofMillis(1),
                false);
    }

    private LocalMongod local(Instant now) {
        if (own.isEmpty()) {
            return new LocalMongod.NotYetInitialized();
        }
        if (!own.config().names(pod.number())) {
            return new LocalMongod.Removed(own.config().set());
        }
        List<MemberStatus> members = new ArrayList<>();
        for (Config.Member member : own.config().members()) {
            boolean self = member.ordinal() == pod.number();
            MemberState state = self ? state(own.role()) : heard(others.get(member.ordinal()));
            boolean hasData = state == MemberState.PRIMARY || state == MemberState.SECONDARY;
            members.add(new MemberStatus(
                    member.id(),
                    Config.NAMING.address(member.ordinal()),
                    state,
                    state != MemberState.DOWN,
                    self,
                    hasData ? Optional.of(new OpTime(1, 1, 1)) : Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Duration.ofHours(1),
                    Optional.empty()));
        }
        return new LocalMongod.InSet(
                own.config().seen(committed),
                new SetStatus(
                        state(own.role()),
                        own.term(),
                        Optional.of(now),
                        members,
                        Optional.empty(),
                        Optional.empty(),
                        SourcePreference.SECONDARY_PREFERRED));
    }

    /** By heartbeat: a member of another set counts as down, and one that has no configuration yet answers. */
    private MemberState heard(Other other) {
        if (!other.reachable()
                || !(other.set().isEmpty() || other.set().equals(own.config().set()))) {
            return MemberState.DOWN;
        }
        return other.set().isEmpty() || other.named() ? state(other.role()) : MemberState.REMOVED;
    }

    private static MemberState state(Role role) {
        return switch (role) {
            case EMPTY -> MemberState.STARTUP;
            case CLONING -> MemberState.STARTUP2;
            case SECONDARY -> MemberState.SECONDARY;
            case PRIMARY -> MemberState.PRIMARY;
        };
    }

    /** As the reader asks: an empty first ordinal everybody, another empty one if a set is recorded, a primary strangers. */
    private SortedMap<Integer, PeerMongod> peers() {
        SortedMap<Integer, PeerMongod> peers = new TreeMap<>();
        for (int ordinal = 0; ordinal < ORDINALS; ordinal++) {
            Other other = others.get(ordinal);
            boolean asks = own.isEmpty()
                    ? pod.number() == 0 ? ordinal < replicas || other.reachable() : record.phase() == Phase.FORMED
                    : own.role() == Role.PRIMARY
                            && ordinal < replicas
                            && !own.config().names(ordinal);
            if (asks && ordinal != pod.number()) {
                peers.put(ordinal, answer(ordinal, other));
            }
        }
        return peers;
    }

    private static PeerMongod answer(int ordinal, Other other) {
        if (!other.reachable()) {
            return new PeerMongod.Unknown(PeerMongod.Cause.UNREACHABLE, "no answer", Duration.ofHours(1));
        }
        if (other.set().isEmpty()) {
            return new PeerMongod.NotYetInitialized(Duration.ofHours(1));
        }
        return other.named()
                ? new PeerMongod.InSet(other.set(), Config.NAMING.address(ordinal), state(other.role()))
                : new PeerMongod.Removed(other.set(), Duration.ofHours(1));
    }
}
