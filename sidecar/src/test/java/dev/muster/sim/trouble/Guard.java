package dev.muster.sim.trouble;

import dev.muster.kube.Kubernetes;
import dev.muster.model.Approval;
import dev.muster.model.ConfigMember;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.OpTime;
import dev.muster.model.PeerMongod;
import dev.muster.model.Self;
import dev.muster.model.SetConfig;
import dev.muster.model.SetRecord;
import dev.muster.model.SetStatus;
import dev.muster.mongo.Mongod;
import dev.muster.plan.Outcome;
import dev.muster.sidecar.Wiring.Ports;
import dev.muster.sim.cluster.SimulatedKubernetes;
import dev.muster.sim.trouble.Fault.Kind;
import dev.muster.start.HeldStart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * What keeps Muster from doing harm, each with the way to take it away. Where two guards stand one behind the other,
 * as a record that is read and then written by compare-and-set, both are taken away together, or neither is missed.
 */
public enum Guard implements Sabotage {
    /** Without Kubernetes nothing else keeps an empty first ordinal from making a second set. */
    A_PEER_THAT_DOES_NOT_ANSWER_IS_NOT_EMPTY(List.of(Kind.VOLUME_LOST, Kind.CUT_OFF_FROM_PEERS, Kind.PARTITION)) {
        @Override
        public Ports of(Self self, Ports ports) {
            return peers(ports, peer -> peer instanceof PeerMongod.Unknown ? new PeerMongod.NotYetInitialized() : peer);
        }

        @Override
        public Setting in(Setting drawn) {
            return drawn.fresh().withoutKubernetes();
        }
    },

    A_PEER_IN_A_SET_IS_NOT_EMPTY(List.of(Kind.VOLUME_LOST)) {
        @Override
        public Ports of(Self self, Ports ports) {
            return peers(ports, peer -> peer instanceof PeerMongod.InSet ? new PeerMongod.NotYetInitialized() : peer);
        }

        @Override
        public Setting in(Setting drawn) {
            return drawn.fresh().withoutKubernetes();
        }
    },

    /** The record outlives every volume: as if every new set were approved. */
    A_RECORDED_SET_IS_NEVER_MADE_AGAIN(List.of(Kind.ALL_VOLUMES_LOST)) {
        @Override
        public Ports of(Self self, Ports ports) {
            Own own = new Own();
            // A primary would take it out of the record, which does not have it.
            UnaryOperator<SetRecord> approved = record -> record instanceof SetRecord.Formed formed && own.set.isEmpty()
                    ? new SetRecord.Formed(formed.replicaSetId(), new Approval.NewSet(formed.replicaSetId(), LATELY))
                    : record;
            return ports.with(own.watch(ports.local()))
                    .with(Doctored.call(
                            Kubernetes.class,
                            records(ports, List.of("record"), approved),
                            "recordIntended",
                            (real, _) ->
                                    real.get(new Object[] {ports.kubernetes().recordNow()})));
        }
    },

    /** Two pods of one name, one of them on a node that nobody hears: as if each record were one's own. */
    ONLY_WHO_RECORDED_ITS_INTENT_INITIATES(List.of(Kind.SECOND_POD, Kind.SIDECAR_FROZEN)) {
        @Override
        public Ports of(Self self, Ports ports) {
            return ports.with(records(
                    ports,
                    List.of("record", "recordNow"),
                    record -> record instanceof SetRecord.Intended intended
                            ? new SetRecord.Intended(intended.holderUid(), intended.holders(), true, intended.lasting())
                            : record));
        }
    },

    ONLY_THE_FIRST_ORDINAL_INITIATES(List.of(Kind.POD_DELETED)) {
        @Override
        public Ports of(Self self, Ports ports) {
            return facts(ports, known -> new KubernetesFacts.Known(known.replicas(), self.ordinal(), known.pods()));
        }
    },

    /** As if this volume's set were always the recorded one. */
    ANOTHER_SETS_VOLUME_IS_LEFT_ALONE(List.of(Kind.VOLUME_FOREIGN, Kind.VOLUME_LOST)) {
        @Override
        public Ports of(Self self, Ports ports) {
            Own own = new Own();
            return ports.with(own.watch(ports.local()))
                    .with(records(
                            ports,
                            List.of("record"),
                            record -> record instanceof SetRecord.Formed formed && own.set.isPresent()
                                    ? new SetRecord.Formed(
                                            own.set.get().config().replicaSetId(), formed.approval())
                                    : record));
        }
    },

    /** As if every peer that has left its set had left ours. */
    A_MEMBER_OF_ANOTHER_SET_IS_NOT_ADDED(List.of(Kind.VOLUME_FOREIGN, Kind.SCALED)) {
        @Override
        public Ports of(Self self, Ports ports) {
            return peers(
                    ports,
                    peer -> peer instanceof PeerMongod.InSet || peer instanceof PeerMongod.Removed
                            ? new PeerMongod.NotYetInitialized()
                            : peer);
        }
    },

    /** As if whoever is in no set were empty. */
    DATA_WITHOUT_A_SET_IS_NOT_CLONED_OVER(List.of(Kind.VOLUME_OF_A_STANDALONE, Kind.SCALED)) {
        @Override
        public Ports of(Self self, Ports ports) {
            return peers(
                    ports, peer -> peer instanceof PeerMongod.HoldsData ? new PeerMongod.NotYetInitialized() : peer);
        }

        @Override
        public Setting in(Setting drawn) {
            return drawn.fresh();
        }
    },

    /** As if every empty process had run for long, so that whoever serves under another name must be another. */
    A_MEMBER_IS_NOT_ADDED_UNDER_A_SECOND_NAME(List.of(Kind.SECOND_POD, Kind.VOLUME_LOST, Kind.NODE_LOST)) {
        @Override
        public Ports of(Self self, Ports ports) {
            return peers(
                    ports,
                    peer -> peer instanceof PeerMongod.NotYetInitialized
                            ? new PeerMongod.NotYetInitialized(Duration.ofDays(1))
                            : peer);
        }

        @Override
        public Setting in(Setting drawn) {
            return new Setting(
                    drawn.replicas(),
                    drawn.firstOrdinal(),
                    drawn.policy(),
                    drawn.kubernetes(),
                    Setting.Before.SHORT_NAMES);
        }
    },

    /** As if the watch were always right. */
    WHO_LEAVES_IS_ASKED_FOR_ONCE_MORE(List.of(Kind.SCALED, Kind.SCALED, Kind.NO_API)) {
        @Override
        public Ports of(Self self, Ports ports) {
            return ports.with(Doctored.call(
                    Kubernetes.class,
                    ports.kubernetes(),
                    "factsNow",
                    (_, _) -> ports.kubernetes().facts(Set.of())));
        }
    },

    A_SCALE_DOWN_WAITS_FOR_THOSE_THAT_STAY(List.of(Kind.SCALED, Kind.NODE_LOST, Kind.MONGOD_FROZEN)) {
        @Override
        public Ports of(Self self, Ports ports) {
            return members(
                    ports,
                    member -> new MemberStatus(
                            member.id(),
                            member.host(),
                            member.state(),
                            true,
                            member.self(),
                            member.opTime(),
                            member.syncSource(),
                            member.ping(),
                            member.uptime(),
                            member.answeredAgo()));
        }
    },

    /** As if zero replicas meant one. */
    ZERO_REPLICAS_REMOVE_NOBODY(List.of(Kind.SCALED_TO_ZERO)) {
        @Override
        public Ports of(Self self, Ports ports) {
            UnaryOperator<KubernetesFacts.Known> one = known ->
                    known.replicas() == 0 ? new KubernetesFacts.Known(1, known.firstOrdinal(), known.pods()) : known;
            return facts(ports, one);
        }
    },

    A_VOTE_IS_FOR_WHO_HAS_CLONED(List.of(Kind.VOLUME_LOST, Kind.DISK_SLOW)) {
        @Override
        public Ports of(Self self, Ports ports) {
            return members(
                    ports,
                    member -> member.state() == MemberState.STARTUP2
                            ? new MemberStatus(
                                    member.id(),
                                    member.host(),
                                    MemberState.SECONDARY,
                                    member.healthy(),
                                    member.self(),
                                    Optional.of(member.opTime().orElse(new OpTime(1, Integer.MAX_VALUE, 1))),
                                    member.syncSource(),
                                    member.ping(),
                                    member.uptime(),
                                    member.answeredAgo())
                            : member);
        }
    },

    A_VOTE_IS_FOR_WHO_HAS_CAUGHT_UP(List.of(Kind.SCALED, Kind.MONGOD_FROZEN)) {
        @Override
        public Duration maxLag(Duration real) {
            return Duration.ofDays(1);
        }
    },

    /** As if every member without a vote were still joining. */
    A_VOTE_THAT_A_PERSON_TOOK_IS_NOT_GIVEN_BACK(List.of(Kind.RECONFIGURED_BY_HAND)) {
        @Override
        public Ports of(Self self, Ports ports) {
            return config(
                    ports,
                    member -> new ConfigMember(
                            member.id(),
                            member.host(),
                            member.votes(),
                            member.priority(),
                            member.arbiterOnly(),
                            member.hidden(),
                            member.delay(),
                            member.votes() == 0));
        }
    },

    A_PAUSED_SIDECAR_CHANGES_NOTHING(List.of(Kind.PAUSED)) {
        @Override
        public BooleanSupplier paused(BooleanSupplier real) {
            return () -> false;
        }
    },

    WHO_GOES_FOR_GOOD_GIVES_UP_ITS_VOTE_FIRST(List.of(Kind.SCALED)) {
        @Override
        public boolean holds() {
            return false;
        }
    },

    /** The kubelet may hear of a pod's end before our watch hears why: as if the watch were always right. */
    THE_HOLD_ASKS_WHETHER_THE_POD_COMES_BACK(List.of(Kind.SCALED)) {
        @Override
        public Ports of(Self self, Ports ports) {
            return WHO_LEAVES_IS_ASKED_FOR_ONCE_MORE.of(self, ports);
        }
    },

    AN_OLDER_ELECTION_DOES_NOT_TAKE_THE_SERVICE(List.of(Kind.SIDECAR_FROZEN, Kind.ELECTION_CALLED)) {
        @Override
        public void inside(SimulatedKubernetes kubernetes) {
            kubernetes.ignoreTerms();
        }
    },

    /** As if whoever has the pod's name were the pod. */
    A_POD_IS_KNOWN_BY_ITS_ADDRESS(List.of(Kind.SECOND_POD, Kind.SIDECAR_FROZEN)) {
        @Override
        public void inside(SimulatedKubernetes kubernetes) {
            kubernetes.trustNames();
        }
    },

    /** As if a person had approved it for whatever there is. */
    NOTHING_IS_FORCED_UNLESS_APPROVED(List.of(Kind.NODE_LOST, Kind.MONGOD_FROZEN, Kind.VOLUME_LOST)) {
        @Override
        public Ports of(Self self, Ports ports) {
            Own own = new Own();
            Kubernetes approving = records(
                    ports,
                    List.of("record"),
                    record -> record instanceof SetRecord.Formed formed
                                    && own.set
                                            .filter(set -> set.status().myState() != MemberState.PRIMARY)
                                            .isPresent()
                            ? new SetRecord.Formed(
                                    formed.replicaSetId(),
                                    new Approval.ForceReconfig(incident(own.set.get(), self), LATELY))
                            : record);
            return ports.with(own.watch(ports.local()))
                    .with(Doctored.call(Kubernetes.class, approving, "useUp", (_, _) -> new Outcome.Done()));
        }
    },

    /** As if nobody's volume had been lost: mongod starts as soon as its pod does. */
    AN_EMPTIED_VOTER_DOES_NOT_START_WITH_ITS_VOTE(List.of(Kind.VOLUME_LOST, Kind.NODE_LOST, Kind.MONGOD_FROZEN)) {
        @Override
        public Ports of(Self self, Ports ports) {
            return started(ports);
        }
    },

    /** As if every member that clones had its data: its vote stays. */
    AN_EMPTIED_VOTER_LOSES_ITS_VOTE_FOR_A_MOMENT(List.of(Kind.VOLUME_LOST, Kind.NODE_LOST, Kind.DATA_LOADED)) {
        @Override
        public Ports of(Self self, Ports ports) {
            return peers(
                    started(ports),
                    peer -> peer instanceof PeerMongod.InSet member
                            ? new PeerMongod.InSet(member.replicaSetId(), member.knownAs(), member.state())
                            : peer);
        }
    },

    /** As if a person had meant whatever there is now, and not what the person saw. */
    AN_APPROVED_FORCE_IS_FOR_ONE_INCIDENT(List.of(Kind.FORCE_APPROVED)) {
        @Override
        public Ports of(Self self, Ports ports) {
            Own own = new Own();
            Kubernetes approving = records(
                    ports,
                    List.of("record"),
                    record -> record instanceof SetRecord.Formed formed
                                    && formed.approval() instanceof Approval.ForceReconfig force
                                    && own.set.isPresent()
                            ? new SetRecord.Formed(
                                    formed.replicaSetId(),
                                    new Approval.ForceReconfig(incident(own.set.get(), self), force.givenAt()),
                                    formed.lasting())
                            : record);
            return ports.with(own.watch(ports.local()))
                    .with(Doctored.call(
                            Kubernetes.class,
                            approving,
                            "useUp",
                            (real, _) -> ports.kubernetes().recordNow() instanceof SetRecord.Formed now
                                    ? real.get(new Object[] {now.approval()})
                                    : new Outcome.Stale("there is no approval")));
        }
    };

    /** Every simulated run begins then, and takes some minutes. */
    private static final Instant LATELY = Instant.parse("2026-01-01T00:00:00Z");

    // List.of never changes.
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Kind> provokedBy;

    /** The set as a sidecar last saw it, for a lie that depends on it. */
    private static final class Own {
        private Optional<LocalMongod.InSet> set = Optional.empty();

        Mongod watch(Mongod local) {
            return Doctored.answer(Mongod.class, local, List.of("observe"), seen -> {
                set = seen instanceof LocalMongod.InSet member ? Optional.of(member) : Optional.empty();
                return seen;
            });
        }
    }

    private static Approval.Incident incident(LocalMongod.InSet set, Self self) {
        return new Approval.Incident(
                set.config().replicaSetId(),
                set.config().version(),
                set.status().term(),
                self.ordinal(),
                set.config().members().stream()
                        .filter(member -> member.votes() > 0 && !set.hears(member))
                        .map(ConfigMember::host)
                        .toList());
    }

    Guard(List<Kind> provokedBy) {
        this.provokedBy = provokedBy;
    }

    @Override
    public List<Kind> provokedBy() {
        return provokedBy;
    }

    /**
     * What keeps a set from harm is shown on one that Muster makes: before it is adopted, lies mostly keep it from
     * that.
     */
    @Override
    public Setting in(Setting drawn) {
        return drawn.fresh();
    }

    /** Nothing holds a mongod back. */
    private static Ports started(Ports ports) {
        HeldStart real = ports.start();
        return ports.with(new HeldStart() {
            @Override
            public boolean isHeld() {
                if (real.isHeld()) {
                    begin();
                }
                return false;
            }

            @Override
            public void begin() {
                try {
                    real.begin();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }

    /** Whatever is learned of a peer passes through this. */
    private static Ports peers(Ports ports, UnaryOperator<PeerMongod> lie) {
        return ports.with((address, addresses) -> Doctored.answer(
                Mongod.class,
                ports.connector().peer(address, addresses),
                List.of("observeAsPeer"),
                peer -> lie.apply((PeerMongod) peer)));
    }

    /** What the StatefulSet asks for passes through this, also when it is read anew. */
    private static Ports facts(Ports ports, UnaryOperator<KubernetesFacts.Known> lie) {
        return ports.with(Doctored.answer(
                Kubernetes.class,
                ports.kubernetes(),
                List.of("facts", "factsNow"),
                facts -> facts instanceof KubernetesFacts.Known known ? lie.apply(known) : facts));
    }

    /** What these methods tell of the record passes through this. */
    private static Kubernetes records(Ports ports, List<String> methods, UnaryOperator<SetRecord> lie) {
        return Doctored.answer(Kubernetes.class, ports.kubernetes(), methods, record -> lie.apply((SetRecord) record));
    }

    /** How the members are passes through this. */
    private static Ports members(Ports ports, UnaryOperator<MemberStatus> lie) {
        return member(ports, set -> new LocalMongod.InSet(set.config(), with(set.status(), lie)));
    }

    private static SetStatus with(SetStatus status, UnaryOperator<MemberStatus> lie) {
        return new SetStatus(
                status.myState(),
                status.term(),
                status.electedAt(),
                status.members().stream().map(lie).toList(),
                status.initialSync(),
                status.clonedFrom(),
                status.sourcePreference());
    }

    /** The configuration's members pass through this. */
    private static Ports config(Ports ports, UnaryOperator<ConfigMember> lie) {
        return member(ports, set -> new LocalMongod.InSet(with(set.config(), lie), set.status()));
    }

    private static Ports member(Ports ports, UnaryOperator<LocalMongod.InSet> lie) {
        return ports.with(Doctored.answer(
                Mongod.class,
                ports.local(),
                List.of("observe"),
                seen -> seen instanceof LocalMongod.InSet set ? lie.apply(set) : seen));
    }

    private static SetConfig with(SetConfig config, UnaryOperator<ConfigMember> lie) {
        return new SetConfig(
                config.setName(),
                config.replicaSetId(),
                config.version(),
                config.term(),
                config.members().stream().map(lie).toList(),
                config.heartbeatIntervalMillis(),
                config.committed());
    }
}
