package dev.muster.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * All that one cycle knows. A source that did not answer is a value here, never a gap. Decisions depend on nothing
 * else, so the same snapshot always gives the same decision.
 *
 * @param peers the peers that were asked, by ordinal; an empty first ordinal asks every pod that it can find
 * @param deadPrimary the last primary if its {@code mongod} has ended and no other primary is known
 * @param wanted resolved from {@code kubernetes} and the options
 * @param declaredSeed the ordinal from whose data the set is to be initiated, as the option says
 * @param maxLag up to this lag a SECONDARY has caught up
 * @param renaming which members get their stable names
 * @param now by this pod's clock; compared with times of the local {@code mongod}, and with that of an approval, which
 *     may be another pod's
 * @param observedIn how long the local {@code mongod} took to answer
 * @param paused whether an operator asked Muster to change nothing
 */
public record Snapshot(
        Self self,
        LocalMongod local,
        SortedMap<Integer, PeerMongod> peers,
        Optional<DeadPrimary> deadPrimary,
        KubernetesFacts kubernetes,
        Wanted wanted,
        SetRecord record,
        RootUser rootUser,
        OptionalInt declaredSeed,
        Duration maxLag,
        Renaming renaming,
        Instant now,
        Duration observedIn,
        boolean paused) {
    private static final int NOBODYS = -1;

    public Snapshot {
        requireNonNull(self, "self is null");
        requireNonNull(local, "local is null");
        requireNonNull(deadPrimary, "deadPrimary is null");
        requireNonNull(kubernetes, "kubernetes is null");
        requireNonNull(wanted, "wanted is null");
        requireNonNull(record, "record is null");
        requireNonNull(rootUser, "rootUser is null");
        requireNonNull(declaredSeed, "declaredSeed is null");
        requireNonNull(maxLag, "maxLag is null");
        requireNonNull(renaming, "renaming is null");
        requireNonNull(now, "now is null");
        requireNonNull(observedIn, "observedIn is null");
        peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
    }

    /** The same with what the local {@code mongod} says now. */
    public Snapshot with(LocalMongod now) {
        return new Snapshot(
                self,
                now,
                peers,
                deadPrimary,
                kubernetes,
                wanted,
                record,
                rootUser,
                declaredSeed,
                maxLag,
                renaming,
                this.now,
                observedIn,
                paused);
    }

    /** The lowest ordinal of the StatefulSet: the only one that may initiate an empty set. */
    public int firstOrdinal() {
        return wanted.firstOrdinal();
    }

    /**
     * The ordinal from whose data the set is to be initiated, as long as none is recorded: as the option says, or as an
     * operator approved. A recorded set is replaced only if the approval names it.
     */
    public OptionalInt seed() {
        Optional<Approval.Seed> approved = record.seed(now);
        if (record instanceof SetRecord.Formed formed) {
            return approved.filter(seed -> seed.replaces().filter(formed::isOf).isPresent()).stream()
                    .mapToInt(Approval.Seed::ordinal)
                    .findFirst();
        }
        return declaredSeed.isPresent()
                ? declaredSeed
                : approved.stream().mapToInt(Approval.Seed::ordinal).findFirst();
    }

    /** Whether this member's data is what the set is to be initiated from. */
    public boolean isSeed() {
        return seed().equals(OptionalInt.of(self.ordinal()));
    }

    /** Whether that ordinal's pod is terminating, as far as known. */
    public boolean isTerminating(int ordinal) {
        return endOf(ordinal).isPresent();
    }

    /** When that ordinal's pod is killed if it is terminating, as far as known. */
    public Optional<Instant> endOf(int ordinal) {
        return kubernetes instanceof KubernetesFacts.Known known ? known.endOf(ordinal) : Optional.empty();
    }

    /** The uid of that ordinal's pod if its {@code mongod} has not been started, as far as known. */
    public Optional<String> heldPod(int ordinal) {
        return kubernetes instanceof KubernetesFacts.Known known ? known.heldPod(ordinal) : Optional.empty();
    }

    /**
     * Whether that ordinal's volume may have data of a set. If its name leads to another member, the answer is that one's,
     * and says nothing of this one.
     */
    public boolean mayHaveData(int ordinal) {
        PeerMongod peer = peer(ordinal);
        boolean isOfAnother = peer instanceof PeerMongod.InSet member
                && self.naming().ordinalOf(member.knownAs()).stream().anyMatch(known -> known != ordinal);
        return isOfAnother || peer.mayHaveData();
    }

    /** Whether a peer that was asked is PRIMARY, of whichever set. */
    public boolean isPrimaryAmongPeers() {
        return peers.values().stream()
                .anyMatch(peer -> peer instanceof PeerMongod.InSet member && member.state() == MemberState.PRIMARY);
    }

    /** Whether the StatefulSet asks for that ordinal. */
    public boolean isExpected(int ordinal) {
        return wanted.includes(ordinal);
    }

    /** Every ordinal that the StatefulSet asks for, ascending. */
    public IntStream expectedOrdinals() {
        return wanted.ordinals();
    }

    /** Every other ordinal that could hold a set: the expected ones, and any others that were found. */
    public IntStream otherOrdinals() {
        return IntStream.concat(expectedOrdinals(), peers.keySet().stream().mapToInt(ordinal -> ordinal))
                .filter(ordinal -> ordinal != self.ordinal())
                .sorted()
                .distinct();
    }

    /** What is known about that ordinal's {@code mongod}; not for this pod's own. */
    public PeerMongod peer(int ordinal) {
        return peers.getOrDefault(ordinal, new PeerMongod.NotAsked());
    }

    /** The set as the local member sees it; empty where it is in none. */
    public Optional<LocalMongod.InSet> inSet() {
        return local instanceof LocalMongod.InSet inSet ? Optional.of(inSet) : Optional.empty();
    }

    /**
     * The members by ordinal, as far as it is known whose they are: those under their stable names, and those under other
     * names that this pod's {@code mongod} or an expected peer's says it is.
     */
    public NavigableMap<Integer, ConfigMember> membersByOrdinal() {
        NavigableMap<Integer, ConfigMember> members = membersByStableName();
        inSet().ifPresent(set -> {
            Map<HostAddress, Integer> told = toldOrdinals(set);
            set.config().members().forEach(member -> {
                Integer ordinal = told.get(member.host());
                if (ordinal != null && ordinal != NOBODYS) {
                    members.putIfAbsent(ordinal, member);
                }
            });
        });
        return members;
    }

    /**
     * The hosts that are no stable names, by the ordinal whose {@code mongod} says that the configuration knows it by that
     * host. A pod's name may still lead to its former address, where another pod answers, so two peers may say the same:
     * then it is not known whose the member is.
     */
    private Map<HostAddress, Integer> toldOrdinals(LocalMongod.InSet set) {
        Map<HostAddress, Integer> told = new HashMap<>();
        expectedOrdinals().filter(ordinal -> ordinal != self.ordinal()).forEach(ordinal -> {
            if (peer(ordinal) instanceof PeerMongod.InSet peer
                    && !peer.isOfAnotherSetThan(set.config().replicaSetId())) {
                told.merge(peer.knownAs(), ordinal, (one, other) -> NOBODYS);
            }
        });
        set.knownAs().ifPresent(host -> told.put(host, self.ordinal()));
        told.keySet().removeIf(host -> self.naming().ordinalOf(host).isPresent());
        return told;
    }

    /** The ordinal of the member with that host, as {@link #membersByOrdinal} knows it. */
    public OptionalInt ordinalOf(HostAddress host) {
        OptionalInt byName = self.naming().ordinalOf(host);
        return byName.isPresent()
                ? byName
                : membersByOrdinal().entrySet().stream()
                        .filter(entry -> entry.getValue().host().equals(host))
                        .mapToInt(Map.Entry::getKey)
                        .findFirst();
    }

    /** The members of which it is not known which pod they are, or whether they are one of this StatefulSet's. */
    public List<ConfigMember> unidentifiedMembers() {
        Collection<ConfigMember> identified = membersByOrdinal().values();
        return inSet().stream()
                .flatMap(set -> set.config().members().stream())
                .filter(member -> !identified.contains(member))
                .toList();
    }

    /** The expected ordinals that no member is known to have. */
    public IntStream ordinalsWithoutMember() {
        NavigableMap<Integer, ConfigMember> members = membersByOrdinal();
        return expectedOrdinals().filter(ordinal -> !members.containsKey(ordinal));
    }

    /**
     * The expected ordinals that are not members. One that was not asked, while the configuration has members under other
     * names, may be one of them, and is left out.
     */
    public IntStream missingOrdinals() {
        boolean allAreIdentified = unidentifiedMembers().isEmpty();
        return ordinalsWithoutMember()
                .filter(ordinal -> allAreIdentified
                        || ordinal == self.ordinal()
                        || !(peer(ordinal) instanceof PeerMongod.NotAsked));
    }

    /** The members whose host is the stable name of an ordinal, by that ordinal. */
    public NavigableMap<Integer, ConfigMember> membersByStableName() {
        NavigableMap<Integer, ConfigMember> members = new TreeMap<>();
        inSet().ifPresent(set -> set.config()
                .members()
                .forEach(member ->
                        self.naming().ordinalOf(member.host()).ifPresent(ordinal -> members.put(ordinal, member))));
        return members;
    }
}
