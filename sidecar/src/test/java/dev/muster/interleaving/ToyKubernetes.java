package dev.muster.interleaving;

import dev.muster.interleaving.State.Phase;
import dev.muster.interleaving.State.Read;
import dev.muster.interleaving.State.Recorded;
import dev.muster.interleaving.State.Slice;
import dev.muster.kube.Kubernetes;
import dev.muster.model.Approval;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.SetRecord;
import dev.muster.plan.Outcome;
import dev.muster.plan.Step;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The API server for one process, request for request as {@code ApiKubernetes} asks it. */
final class ToyKubernetes implements Kubernetes {
    private static final Outcome DONE = new Outcome.Done();
    private static final Outcome STALE = new Outcome.Stale("it is another one now");

    private final World world;
    private final Turn turn;
    private final Pod pod;
    private final State.Run run;
    private boolean refuses;
    private boolean refused;
    private boolean refusedForNewer;

    ToyKubernetes(World world, Turn turn, Pod pod, State.Run run) {
        this.world = world;
        this.turn = turn;
        this.pod = pod;
        this.run = run;
    }

    @Override
    public OwnPod ownPod() {
        return turn.ask(() -> {
            world.note("reads its pod");
            boolean ours = world.isCurrent(pod) || world.lacks(Guard.ONLY_THE_API_SERVERS_POD_WRITES_THE_RECORD);
            return ours ? new Staying() : new NotKnown("the API server's pod is another one");
        });
    }

    @Override
    public KubernetesFacts factsNow() {
        if (world.lacks(Guard.THE_STATEFUL_SET_IS_READ_BEFORE_A_MEMBER_LEAVES)) {
            return new KubernetesFacts.Known(run.look().replicas(), 0, new TreeMap<>());
        }
        return turn.ask(() -> {
            world.note("reads the StatefulSet");
            return new KubernetesFacts.Known(world.replicas(), 0, new TreeMap<>());
        });
    }

    @Override
    public SetRecord recordNow() {
        if (world.lacks(Guard.THE_RECORD_IS_READ_BEFORE_THE_INITIATE)) {
            return run.look().record().seenBy(run.look().uid());
        }
        return read().seenBy(run.look().uid());
    }

    private Recorded read() {
        return (Recorded) readWithVersion().what();
    }

    /** Whether that answer is what the record was. */
    static boolean isRecord(Object answer) {
        return answer instanceof Read read && read.what() instanceof Recorded;
    }

    private Read readWithVersion() {
        return turn.ask(() -> {
            world.note("reads the record");
            return new Read(world.record(), true);
        });
    }

    @Override
    public Outcome recordIntended(SetRecord seen) {
        return ownPod().unlessOurs()
                .orElseGet(() -> change(
                        now -> now.isStill(seen),
                        now -> Recorded.of(Phase.INTENDED, pod.uid()),
                        () -> world.promises().intends(run)));
    }

    @Override
    public Outcome recordFormed(SetRecord seen, String replicaSetId) {
        return ownPod().unlessOurs()
                .orElseGet(() -> change(
                        now -> now.isStill(seen) && now.mayBecomeFormed(),
                        now -> Recorded.of(Phase.FORMED, replicaSetId),
                        () -> world.promises().named(replicaSetId, "the record")));
    }

    @Override
    public Outcome useUp(Approval approval) {
        boolean carriesOut = run.step().orElseThrow() instanceof Step.ForceReconfigure;
        if (carriesOut && world.lacks(Guard.AN_APPROVAL_THAT_IS_CARRIED_OUT_IS_STILL_THERE)) {
            return turn.ask(() -> {
                world.promises().carriesOut(approval, run);
                return DONE;
            });
        }
        return change(now -> now.holds(approval), now -> now.with(new Approval.None()), () -> {
            if (carriesOut) {
                world.promises().carriesOut(approval, run);
            }
            world.takesBack(approval);
        });
    }

    /** Reads the record, and writes it only if it is as expected and has not changed since. */
    private Outcome change(Predicate<SetRecord> mayBe, UnaryOperator<Recorded> edit, Runnable then) {
        Read read = readWithVersion();
        Recorded now = (Recorded) read.what();
        if (!mayBe.test(now.seenBy(run.look().uid()))) {
            return STALE;
        }
        return turn.ask(() -> {
            boolean current = read.current() || world.lacks(Guard.A_RECORD_IS_REPLACED_ONLY_AS_IT_WAS_READ);
            if (!current) {
                world.note("is refused: the record has changed");
                return STALE;
            }
            then.run();
            world.record(edit.apply(now));
            world.note(() -> "writes the record " + world.record());
            return DONE;
        });
    }

    /** Leaves the Service to a newer election without asking, as was done before. */
    void refuses(boolean whether) {
        refuses = whether;
    }

    /** Whether the last announcement of a primary was refused. */
    boolean wasRefused() {
        return refused;
    }

    /** Whether that was because of a newer election, and not as it could not be made. */
    boolean wasForNewer() {
        return refusedForNewer;
    }

    @Override
    public Publication publishPrimary(String replicaSetId, long electionTerm) {
        Outcome outcome = refuses ? STALE : publish(replicaSetId, electionTerm, slice -> Optional.of(STALE));
        refused = !(outcome instanceof Outcome.Done);
        return refuses || (refused && refusedForNewer)
                ? Publication.leftToNewer((Outcome.Stale) outcome)
                : Publication.of(outcome);
    }

    @Override
    public Outcome takeOverPrimary(String replicaSetId, long electionTerm) {
        Outcome outcome = publish(
                replicaSetId,
                electionTerm,
                slice -> slice.uid().isEmpty() || slice.uid().equals(run.look().uid())
                        ? Optional.empty()
                        : turn.ask(() -> {
                            world.note("reads the pod of the slice");
                            return world.isReady(slice.uid()) ? Optional.of(STALE) : Optional.empty();
                        }));
        refused = !(outcome instanceof Outcome.Done);
        return outcome;
    }

    private Outcome publish(String set, long term, Function<Slice, Optional<Outcome>> ofNewer) {
        Optional<Outcome> replaced = ownPod().unlessOurs();
        if (replaced.isPresent()) {
            return replaced.get();
        }
        Read read = readSlice();
        Slice now = (Slice) read.what();
        boolean newer = now.set().equals(set)
                && now.term() > term
                && !world.lacks(Guard.AN_OLDER_ELECTION_DOES_NOT_TAKE_THE_SERVICE);
        refusedForNewer = newer;
        Optional<Outcome> kept = newer ? ofNewer.apply(now) : Optional.empty();
        return kept.orElseGet(() -> replace(read, new Slice(set, term, pod.uid())));
    }

    private Read readSlice() {
        return turn.ask(() -> {
            world.note("reads the slice");
            return new Read(world.slice(), true);
        });
    }

    private Outcome replace(Read read, Slice wanted) {
        return wanted.equals(read.what())
                ? DONE
                : turn.ask(() -> {
                    if (!read.current()) {
                        world.note("is refused: the slice has changed");
                        return STALE;
                    }
                    world.note(() -> "writes the slice " + wanted);
                    world.promises().leads(world.slice(), wanted);
                    world.slice(wanted);
                    return DONE;
                });
    }

    @Override
    public Outcome withdrawPrimary() {
        refused = false;
        Read read = readSlice();
        Slice now = (Slice) read.what();
        return !now.uid().isEmpty() && now.uid().equals(run.look().uid())
                ? replace(read, new Slice(now.set(), now.term(), ""))
                : DONE;
    }

    @Override
    public Outcome tellHeld() {
        return DONE;
    }

    @Override
    public Outcome tellStarted() {
        return DONE;
    }

    @Override
    public Outcome label(String role) {
        return DONE;
    }

    @Override
    public Outcome event(boolean warning, String reason, String message) {
        return DONE;
    }

    @Override
    public KubernetesFacts facts(Set<Integer> pods) {
        throw new UnsupportedOperationException("looks are made by the world");
    }

    @Override
    public SetRecord record() {
        throw new UnsupportedOperationException("looks are made by the world");
    }

    @Override
    public Existence existence(int ordinal) {
        throw new UnsupportedOperationException("looks are made by the world");
    }

    @Override
    public Outcome recordApproval(SetRecord seen, Approval approval) {
        throw new UnsupportedOperationException("an operator approves");
    }

    @Override
    public void close() {}
}
