package dev.muster.plan;

import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import java.util.Optional;

/** Whether the mongod beside this sidecar answers and may be managed. */
final class LocalRules {
    private LocalRules() {}

    static Verdict answers(Snapshot snapshot) {
        return switch (snapshot.local()) {
            case LocalMongod.NotStarted notStarted ->
                throw new IllegalStateException("a mongod that has not started reached the rules after its start");
            case LocalMongod.Unreachable unreachable ->
                Verdict.forbidShortly(Reason.MONGOD_UNREACHABLE, "waits for mongod: %s", unreachable.message());
            case LocalMongod.Denied denied ->
                Verdict.forbid(
                        Reason.MONGOD_DENIED, "mongod answers, but refuses the connection: %s", denied.message());
            case LocalMongod.Starting starting ->
                Verdict.forbidShortly(Reason.MONGOD_STARTING, "waits for mongod to load its configuration");
            case LocalMongod.Misconfigured misconfigured -> Verdict.passes("it answers");
            case LocalMongod.NotYetInitialized empty -> Verdict.passes("it answers; it is empty");
            case LocalMongod.HoldsData data ->
                Verdict.passes("it answers; it has data, but no replica set configuration");
            case LocalMongod.Removed removed -> Verdict.passes("it answers; its configuration does not name it");
            case LocalMongod.InSet inSet ->
                Verdict.passes("it answers; it is " + inSet.status().myState());
        };
    }

    static Verdict canBeMember(Snapshot snapshot) {
        return snapshot.local() instanceof LocalMongod.Misconfigured misconfigured
                ? Verdict.refuse(Reason.MONGOD_MISCONFIGURED, "%s", misconfigured.message())
                : Verdict.passes(
                        "it was started as a member of " + snapshot.self().setName());
    }

    /**
     * A {@code mongod} finds itself in the configuration by connecting to each member's name. If another member's name still
     * leads to a former address of its pod, which this pod has by now, two processes are the same member, and both vote. It
     * looks again only when it loads a configuration. A primary is left alone, and so is one whose other pod is not asked
     * for: then there is no second process, and the name may lead here on purpose.
     */
    static Verdict knowsItself(Snapshot snapshot) {
        Optional<HostAddress> other = snapshot.local()
                .knownAs()
                .filter(_ -> !snapshot.local().isPrimary())
                .filter(host -> !host.equals(snapshot.self().address()))
                .filter(host ->
                        snapshot.self().naming().ordinalOf(host).stream().anyMatch(snapshot::isExpected));
        return other.isEmpty()
                ? Verdict.passes("mongod takes itself for no other pod's member")
                : Verdict.act(
                        new Step.RestartMongod(other.get()),
                        Reason.MISTAKEN_MEMBER,
                        "restarts mongod, which takes itself for %s: when it loaded the configuration, that name led to this"
                                + " pod",
                        other.get());
    }

    /** Data of another set is left alone, whatever else is true. */
    static Verdict isOurSet(Snapshot snapshot) {
        Optional<String> held = snapshot.local().heldSetId();
        if (held.isEmpty()) {
            return Verdict.passes("it holds no set");
        }
        return switch (snapshot.record()) {
            case SetRecord.Formed formed ->
                formed.replicaSetId().equals(held.get()) || RenameSetRules.isSame(snapshot, formed, held.get())
                        ? Verdict.passes("it holds the recorded set " + held.get())
                        : Verdict.refuse(
                                Reason.FOREIGN_SET,
                                "this volume holds the data of replica set id %s, but the record names %s: it is left alone",
                                held.get(),
                                formed.replicaSetId());
            case SetRecord.NotKept notKept -> Verdict.passes("no record is kept; it holds " + held.get());
            case SetRecord.Unavailable unavailable -> Verdict.passes("the record cannot be read now");
            case SetRecord.Absent absent -> Verdict.passes("there is no record yet");
            case SetRecord.Intended intended -> Verdict.passes("the record has no id yet");
        };
    }
}
