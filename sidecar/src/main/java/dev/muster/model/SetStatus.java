package dev.muster.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The set as the local {@code mongod} sees it, members ordered by id.
 *
 * @param term the election term
 * @param electedAt when the current primary was elected, where this member knows
 * @param initialSync present only while the local member clones
 * @param clonedFrom the member that the local member cloned from, where its server still says so
 * @param sourcePreference which members the local server may choose to clone from; only read while it clones
 */
public record SetStatus(
        MemberState myState,
        long term,
        Optional<Instant> electedAt,
        List<MemberStatus> members,
        Optional<InitialSync> initialSync,
        Optional<HostAddress> clonedFrom,
        SourcePreference sourcePreference) {
    public SetStatus {
        requireNonNull(myState, "myState is null");
        requireNonNull(electedAt, "electedAt is null");
        requireNonNull(initialSync, "initialSync is null");
        requireNonNull(clonedFrom, "clonedFrom is null");
        requireNonNull(sourcePreference, "sourcePreference is null");
        members = members.stream()
                .sorted(Comparator.comparingInt(MemberStatus::id))
                .toList();
    }

    /** The primary that this member sees and can reach. */
    public Optional<MemberStatus> primary() {
        return members.stream()
                .filter(member -> member.healthy() && member.state() == MemberState.PRIMARY)
                .findFirst();
    }

    public Optional<MemberStatus> self() {
        return members.stream().filter(MemberStatus::self).findFirst();
    }

    public Optional<MemberStatus> member(HostAddress host) {
        return members.stream().filter(member -> member.host().equals(host)).findFirst();
    }

    /** Whether the local server survives an order to clone from a member: see {@link SourcePreference#SECONDARY_ONLY}. */
    public boolean mayBeDirected() {
        return sourcePreference != SourcePreference.SECONDARY_ONLY;
    }

    /** Why the clone that runs now cannot be directed to that source; empty if it can. */
    public Optional<String> whyNotDirectedTo(HostAddress source) {
        if (initialSync.filter(sync -> sync.copiedBytes() == 0).isEmpty()) {
            return Optional.of("the clone has already begun to copy, or no clone runs");
        }
        if (initialSync.get().source().equals(Optional.of(source))) {
            return Optional.of("the server has just chosen this source by itself");
        }
        return mayBeDirected()
                ? Optional.empty()
                : Optional.of("mongod may only clone from secondaries, and can abort when it is directed");
    }

    /** How far a member is behind the primary, by optime; empty where either is not known. */
    public Optional<Duration> lag(MemberStatus member) {
        return primary()
                .flatMap(MemberStatus::opTime)
                .flatMap(ahead -> member.opTime().map(own -> own.behind(ahead)));
    }
}
