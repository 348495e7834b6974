package dev.muster.loop;

import static java.util.Objects.requireNonNull;

import dev.muster.model.HostAddress;
import dev.muster.model.InitialSync;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.PeerMongod;
import dev.muster.model.SetStatus;
import dev.muster.model.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** How a snapshot is named and measured for those who look: one answer for the page, the table and the metrics. */
public record SetView(Snapshot snapshot) {
    public SetView {
        requireNonNull(snapshot, "snapshot is null");
    }

    /** The pod's name where the host is a stable name, else {@code host:port}. */
    public String nameOf(HostAddress host) {
        OptionalInt ordinal = snapshot.self().naming().ordinalOf(host);
        return ordinal.isPresent() ? snapshot.self().naming().podName(ordinal.getAsInt()) : host.toString();
    }

    /**
     * How far a member is behind the primary. Empty where it is not known: also for a member that is not heard, whose
     * last known optime says nothing of now, and for one that has applied nothing yet, whose optime is the epoch.
     */
    public Optional<Duration> lagOf(SetStatus status, MemberStatus member) {
        return member.healthy()
                        && member.opTime()
                                .filter(opTime -> opTime.seconds() > 0)
                                .isPresent()
                ? status.lag(member)
                : Optional.empty();
    }

    /** From whom the local member clones, or made its clone. */
    public Optional<HostAddress> cloneSource() {
        return snapshot.inSet()
                .map(LocalMongod.InSet::status)
                .flatMap(status ->
                        status.initialSync().flatMap(InitialSync::source).or(status::clonedFrom));
    }

    /** The part copied of a clone under way, 0 to 1. */
    public Optional<Double> cloneProgress() {
        return snapshot.inSet().flatMap(set -> set.status().initialSync()).flatMap(InitialSync::progress);
    }

    /** The expected ordinals that the configuration does not name; without a configuration, all of them. */
    public List<Missing> missing() {
        return snapshot.expectedOrdinals()
                .filter(ordinal -> !snapshot.membersByOrdinal().containsKey(ordinal))
                .mapToObj(ordinal -> new Missing(
                        snapshot.self().naming().podName(ordinal),
                        ordinal,
                        ordinal == snapshot.self().ordinal() ? describeLocal() : describe(snapshot.peer(ordinal))))
                .toList();
    }

    /**
     * An expected member that is not in the configuration.
     *
     * @param why what is known of it, as a sentence's end: "mongo-1: is empty"
     */
    public record Missing(String name, int ordinal, String why) {}

    private String describeLocal() {
        return switch (snapshot.local()) {
            case LocalMongod.Unreachable unreachable -> "its mongod does not answer: " + unreachable.message();
            case LocalMongod.Denied denied -> "its mongod refuses us: " + denied.message();
            case LocalMongod.Misconfigured misconfigured -> "can be no member: " + misconfigured.message();
            case LocalMongod.Starting starting -> "loads its configuration";
            case LocalMongod.NotYetInitialized empty -> "is empty";
            case LocalMongod.HoldsData data -> holdsItsOwn(data.what());
            case LocalMongod.Removed removed -> holdsDataOf(removed.replicaSetId());
            case LocalMongod.InSet set ->
                set.status().myState() == MemberState.REMOVED
                        ? holdsDataOf(set.config().replicaSetId())
                        : "is " + set.status().myState() + " under another name";
        };
    }

    private static String describe(PeerMongod peer) {
        return switch (peer) {
            case PeerMongod.NotAsked notAsked -> "was not asked yet";
            case PeerMongod.Unknown unknown -> unknown.cause().words() + " (" + unknown.message() + ")";
            case PeerMongod.Absent absent -> "has neither pod nor volume";
            case PeerMongod.NotYetInitialized empty -> "is empty";
            case PeerMongod.HoldsData data -> holdsItsOwn(data.what());
            case PeerMongod.Removed removed -> holdsDataOf(removed.replicaSetId());
            case PeerMongod.InSet member ->
                "is " + member.state() + " of " + member.replicaSetId() + " as " + member.knownAs();
        };
    }

    private static String holdsItsOwn(String what) {
        return "has no replica set configuration, but data of its own: " + what;
    }

    private static String holdsDataOf(String replicaSetId) {
        return "holds data of a set whose configuration does not name it"
                + (replicaSetId.isEmpty() ? "" : " (" + replicaSetId + ")");
    }
}
