package dev.muster.act;

import dev.muster.kube.Kubernetes;
import dev.muster.model.Credentials;
import dev.muster.model.HostAddress;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.LocalMongod;
import dev.muster.model.Ordinals;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import dev.muster.model.Wanted;
import dev.muster.mongo.Mongod;
import dev.muster.plan.ConfigChange;
import dev.muster.plan.Outcome;
import dev.muster.plan.Planner;
import dev.muster.plan.Step;
import dev.muster.secrets.RootUserSource;
import dev.muster.start.HeldStart;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/**
 * Runs one step: reads the step's precondition again, then makes one write. The {@link Mongod} does both, so that as
 * little time as possible passes between them.
 */
public final class StepRunner {
    /** For a host that is no ordinal's: no StatefulSet asks for it. */
    private static final int NO_ORDINAL = -1;

    private final Mongod local;
    private final HeldStart start;
    private final Optional<RootUserSource> rootUser;
    private final Elections elections;
    private final Kubernetes kubernetes;

    public StepRunner(
            Mongod local,
            HeldStart start,
            Optional<RootUserSource> rootUser,
            Elections elections,
            Kubernetes kubernetes) {
        this.local = local;
        this.start = start;
        this.kubernetes = kubernetes;
        this.rootUser = rootUser;
        this.elections = elections;
    }

    /** Makes the write. Takes as long as the server does, at most a few seconds. */
    public Outcome run(Step step, Snapshot snapshot) {
        return switch (step) {
            case Step.TellHeld tell -> kubernetes.tellHeld();
            case Step.StartMongod begin -> startMongod(snapshot);
            case Step.Initiate initiate ->
                unlessOthersAreWanted(snapshot).orElseGet(() -> initiate(initiate, snapshot.local()));
            case Step.Reconfigure reconfigure -> reconfigure(reconfigure, snapshot);
            case Step.ForceReconfigure force -> forceReconfigure(force, snapshot);
            case Step.RenameSet rename -> renameSet(rename, snapshot);
            case Step.RestartMongod restart -> local.restart(restart.mistakenFor());
            case Step.SyncFrom syncFrom -> local.syncFrom(syncFrom.source());
            case Step.CreateRootUser create -> withRootUser(snapshot, local::createRootUser);
            case Step.UpdateRootPassword update -> withRootUser(snapshot, local::updateRootPassword);
            case Step.HandOver target -> elections.handOver(snapshot, target.target());
            case Step.CallElection call -> elections.call(snapshot, call);
            case Step.RecordIntended intended ->
                unlessOthersAreWanted(snapshot).orElseGet(() -> kubernetes.recordIntended(snapshot.record()));
            case Step.RecordFormed formed -> kubernetes.recordFormed(snapshot.record(), formed.replicaSetId());
            case Step.WithdrawApproval withdraw -> kubernetes.useUp(withdraw.approval());
        };
    }

    /**
     * A watch may be behind, so a record that names no set is read again. And nobody may take this member for one without
     * data once {@code mongod} runs. A new set does not wait for that: none of its pods ever said that it is held.
     */
    private Outcome startMongod(Snapshot seen) {
        if (!(seen.record() instanceof SetRecord.Formed)) {
            SetRecord now = kubernetes.recordNow();
            if (now instanceof SetRecord.Unavailable unavailable) {
                return new Outcome.Failed(-1, unavailable.message());
            }
            if (now instanceof SetRecord.Formed) {
                return new Outcome.Stale("the record names a set now");
            }
        }
        boolean mayHaveSaidSo = seen.record() instanceof SetRecord.Formed
                || seen.heldPod(seen.self().ordinal()).isPresent();
        Outcome told = mayHaveSaidSo ? kubernetes.tellStarted() : new Outcome.Done();
        if (!(told instanceof Outcome.Done)) {
            return told;
        }
        try {
            start.begin();
        } catch (IOException e) {
            return new Outcome.Failed(-1, String.valueOf(e.getMessage()));
        }
        return told;
    }

    /** The record may be another pod's by now: a pod that still runs on a dead node must not initiate a second set. */
    private Outcome initiate(Step.Initiate step, LocalMongod seen) {
        return switch (kubernetes.recordNow()) {
            case SetRecord.NotKept notKept -> local.initiate(step.setName(), step.self(), seen);
            case SetRecord.Intended intended ->
                intended.byUs()
                        ? local.initiate(step.setName(), step.self(), seen)
                        : new Outcome.Stale("another pod of this name recorded that it initiates the set");
            case SetRecord.Formed formed -> new Outcome.Stale("the record names a set now");
            case SetRecord.Absent absent -> new Outcome.Stale("the record no longer exists");
            case SetRecord.Unavailable unavailable -> new Outcome.Failed(-1, unavailable.message());
        };
    }

    private Outcome reconfigure(Step.Reconfigure step, Snapshot snapshot) {
        Optional<Outcome> held = switch (step.change()) {
            case ConfigChange.Demote demote -> unlessChanged(true, demote.host(), snapshot);
            case ConfigChange.Remove remove -> unlessChanged(true, remove.host(), snapshot);
            case ConfigChange.Add add -> unlessChanged(false, add.host(), snapshot);
            case ConfigChange.Promote promote -> unlessChanged(false, promote.host(), snapshot);
            case ConfigChange.ReturnVote back -> unlessChanged(false, back.host(), snapshot);
            case ConfigChange.TakeEmptyVote take -> Optional.empty();
            case ConfigChange.ForgetEmptied forget -> Optional.empty();
            case ConfigChange.Rename rename -> Optional.empty();
            case ConfigChange.RestoreHeartbeat restore -> Optional.empty();
        };
        return held.or(() -> unlessNotMeant(snapshot))
                .or(() -> unlessOutdated(step, snapshot))
                .orElseGet(() -> local.reconfigure(step.change(), step.version(), step.term()));
    }

    /**
     * Until the record is known to name the set, it may be one that a process initiated after its pod had been replaced,
     * or one from another volume while a watch is behind. Such a set stays alone: the recorded one is meant, or the one
     * of the pod that took over.
     */
    private Optional<Outcome> unlessNotMeant(Snapshot snapshot) {
        return switch (snapshot.record()) {
            case SetRecord.Absent absent -> unlessAnotherIsRecorded(snapshot);
            case SetRecord.Intended intended ->
                unlessAnotherIsRecorded(snapshot).or(() -> kubernetes.ownPod().unlessOurs());
            case SetRecord.Formed formed -> Optional.empty();
            case SetRecord.NotKept notKept -> Optional.empty();
            case SetRecord.Unavailable unavailable -> Optional.empty();
        };
    }

    private Optional<Outcome> unlessAnotherIsRecorded(Snapshot snapshot) {
        Optional<String> ours = snapshot.inSet().map(set -> set.config().replicaSetId());
        return kubernetes.recordNow() instanceof SetRecord.Formed formed
                        && !ours.equals(Optional.of(formed.replicaSetId()))
                ? Optional.of(new Outcome.Stale("the record names the set %s now".formatted(formed.replicaSetId())))
                : Optional.empty();
    }

    /**
     * The members may have changed since they were observed: a cycle takes seconds where peers do not answer, and a
     * frozen process goes on later. A member that was SECONDARY may have lost its volume, and the others of a majority
     * may be down.
     */
    private Optional<Outcome> unlessOutdated(Step step, Snapshot snapshot) {
        return Planner.stillMakes(step, snapshot.with(local.observe()))
                ? Optional.empty()
                : Optional.of(new Outcome.Stale("the set has changed since it was observed"));
    }

    /** A watch may be behind: no member joins, is promoted or leaves because of an old answer. */
    private Optional<Outcome> unlessChanged(boolean leaves, HostAddress host, Snapshot snapshot) {
        int ordinal = snapshot.ordinalOf(host).orElse(NO_ORDINAL);
        return switch (wantedNow(snapshot)) {
            case Wanted.Unknown unknown -> Optional.of(new Outcome.Failed(-1, unknown.why()));
            case Wanted.Stopped stopped -> Optional.of(new Outcome.Stale("the StatefulSet is scaled to zero"));
            case Wanted.Asked asked
            when leaves ->
                asked.excludes(ordinal)
                        ? Optional.empty()
                        : Optional.of(new Outcome.Stale("the StatefulSet asks for it again"));
            case Wanted.Asked asked ->
                asked.includes(ordinal)
                        ? Optional.empty()
                        : Optional.of(new Outcome.Stale("the StatefulSet no longer asks for it"));
        };
    }

    /** A watch may be behind: only who is the first ordinal now initiates, and only beside those that are wanted now. */
    private Optional<Outcome> unlessOthersAreWanted(Snapshot snapshot) {
        return switch (wantedNow(snapshot)) {
            case Wanted.Unknown unknown -> Optional.of(new Outcome.Failed(-1, unknown.why()));
            case Wanted now ->
                now.equals(snapshot.wanted())
                        ? Optional.empty()
                        : Optional.of(new Outcome.Stale("the StatefulSet has changed since it was observed"));
        };
    }

    /** Read from the API server now; without Kubernetes the options do not change. */
    private Wanted wantedNow(Snapshot snapshot) {
        KubernetesFacts now = kubernetes.factsNow();
        return now instanceof KubernetesFacts.Off
                ? snapshot.wanted()
                : Wanted.of(now, new Ordinals(snapshot.firstOrdinal(), 0));
    }

    /**
     * Whether a forced reconfiguration could be made now, as far as the local server says without making it: done if so.
     */
    public Outcome check(Step.ForceReconfigure step) {
        return local.checkForce(step.down(), step.version());
    }

    /**
     * The approval is used up first: if the write fails after that, an operator has to decide again. So the server is
     * asked before whether it would refuse.
     */
    private Outcome forceReconfigure(Step.ForceReconfigure step, Snapshot snapshot) {
        if (!(snapshot.record() instanceof SetRecord.Formed formed)) {
            return new Outcome.Stale("the record has no approval");
        }
        Outcome possible = check(step);
        if (!(possible instanceof Outcome.Done)) {
            return possible;
        }
        Outcome used = kubernetes.useUp(formed.approval());
        // The members may have elected a primary since: then it is another incident.
        return used instanceof Outcome.Done
                ? unlessOutdated(step, snapshot).orElseGet(() -> local.forceReconfigure(step.down(), step.version()))
                : used;
    }

    /** The approval stays, as the other members need it too. It may have been withdrawn since it was seen. */
    private Outcome renameSet(Step.RenameSet step, Snapshot snapshot) {
        SetRecord now = kubernetes.recordNow();
        return now.holds(snapshot.record().approval())
                ? local.renameSet(step.renaming())
                : new Outcome.Stale("the record no longer has the approval");
    }

    private Outcome withRootUser(Snapshot snapshot, Function<Credentials, Outcome> write) {
        return unlessNotMeant(snapshot)
                .orElseGet(() -> rootUser.flatMap(RootUserSource::read)
                        .map(write)
                        .orElseGet(() -> new Outcome.Stale("the root user's files cannot be read now")));
    }
}
