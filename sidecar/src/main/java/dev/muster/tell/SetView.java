package dev.muster.tell;

import static java.util.Objects.requireNonNull;

import dev.muster.model.Approval;
import dev.muster.model.HostAddress;
import dev.muster.model.InitialSync;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberStatus;
import dev.muster.model.SetStatus;
import dev.muster.model.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Names and numbers of a snapshot, the same for the status page, the table and the metrics. */
public record SetView(Snapshot snapshot) {
    public SetView {
        requireNonNull(snapshot, "snapshot is null");
    }

    /** The pod's name where it is known, otherwise {@code host:port}. */
    public String nameOf(HostAddress host) {
        return nameOf(host, snapshot.ordinalOf(host));
    }

    /**
     * The pod's name where the host is a stable name, otherwise {@code host:port}: the same in every pod, and at any time.
     */
    public String labelOf(HostAddress host) {
        return nameOf(host, snapshot.self().naming().ordinalOf(host));
    }

    private String nameOf(HostAddress host, OptionalInt ordinal) {
        return ordinal.isPresent() ? snapshot.self().naming().podName(ordinal.getAsInt()) : host.toString();
    }

    /**
     * How far a member is behind the primary. Empty where it is not known: also for a member that is not healthy, whose
     * last known optime is old, and for one that has applied nothing yet, whose optime is the epoch.
     */
    public Optional<Duration> lagOf(SetStatus status, MemberStatus member) {
        return member.healthy()
                        && member.opTime()
                                .filter(opTime -> opTime.seconds() > 0)
                                .isPresent()
                ? status.lag(member)
                : Optional.empty();
    }

    /** The member that the local member clones from, or cloned from. */
    public Optional<HostAddress> cloneSource() {
        return snapshot.inSet()
                .map(LocalMongod.InSet::status)
                .flatMap(status ->
                        status.initialSync().flatMap(InitialSync::source).or(status::clonedFrom));
    }

    /** The part of a running clone that is copied, 0 to 1. */
    public Optional<Double> cloneProgress() {
        return snapshot.inSet().flatMap(set -> set.status().initialSync()).flatMap(InitialSync::progress);
    }

    /** The approval in the record that has not been carried out; empty also where the record cannot be read. */
    public Optional<PendingApproval> approval() {
        return snapshot.record().approval() instanceof Approval.Given given
                ? Optional.of(new PendingApproval(
                        given.kind(),
                        given.words(),
                        snapshot.self().naming().podName(given.carriedOutBy(snapshot.firstOrdinal())),
                        given.givenAt(),
                        given.givenAt().plus(given.validFor()),
                        snapshot.record().isExpired(snapshot.now())))
                : Optional.empty();
    }

    /**
     * An approval that has not been carried out.
     *
     * @param kind in the words of the command line: such as {@code new-set}
     * @param what as a noun in a sentence
     * @param carriedOutBy the pod whose sidecar does it
     * @param givenAt by the clock of the pod in which it was given
     * @param expired whether it is too old to be carried out
     */
    public record PendingApproval(
            String kind, String what, String carriedOutBy, Instant givenAt, Instant validUntil, boolean expired) {}

    /** The expected ordinals that are not members, as far as known; without a configuration, all of them. */
    public List<Missing> missing() {
        return snapshot.missingOrdinals()
                .mapToObj(ordinal -> new Missing(
                        snapshot.self().naming().podName(ordinal),
                        ordinal,
                        ordinal == snapshot.self().ordinal()
                                ? snapshot.local().words()
                                : snapshot.peer(ordinal).words()))
                .toList();
    }

    /**
     * An expected member that is not in the configuration.
     *
     * @param why what is known about it, as the end of a message: "mongo-1: empty"
     */
    public record Missing(String name, int ordinal, String why) {}
}
