package dev.muster.sim.cluster;

import static java.util.Objects.requireNonNull;

import dev.muster.kube.Kubernetes;
import dev.muster.model.Approval;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.Self;
import dev.muster.model.SetRecord;
import dev.muster.plan.Outcome;
import dev.muster.sim.cluster.KubernetesObjects.Answer;
import dev.muster.sim.cluster.KubernetesObjects.Endpoint;
import dev.muster.sim.cluster.KubernetesObjects.Event;
import dev.muster.sim.cluster.KubernetesObjects.Kind;
import dev.muster.sim.cluster.KubernetesObjects.Pod;
import dev.muster.sim.cluster.KubernetesObjects.Slice;
import dev.muster.sim.cluster.KubernetesObjects.StatefulSet;
import dev.muster.sim.cluster.KubernetesObjects.Versioned;
import dev.muster.sim.engine.Network;
import dev.muster.sim.engine.Scheduler;
import java.net.InetAddress;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The port of one sidecar's process, request for request as {@code ApiKubernetes}. It knows of its pod what a process
 * can know, its address; who it is the API server has to say.
 */
public final class SimulatedKubernetes implements Kubernetes {
    private static final String HELD = "held";
    private static final String STARTED = "started ";

    private final ApiServer server;
    private final Scheduler scheduler;
    private final ApiClient client;
    private final Self self;
    private final InetAddress address;
    private final SimulatedWatch<StatefulSet> statefulSet;
    private final SimulatedWatch<RecordData> record;
    private @Nullable Pod ownPod;
    private boolean ignoresTerms;
    private boolean trustsNames;

    /**
     * Begins to watch.
     *
     * @param address of the pod in which the process runs
     * @param place its node
     * @param onChange called, in an event, when the StatefulSet or the record is seen to have changed
     */
    public SimulatedKubernetes(
            ApiServer server, Network network, Self self, InetAddress address, int place, Runnable onChange) {
        this.server = server;
        this.scheduler = server.scheduler();
        this.client = new ApiClient(server, network, place);
        this.self = self;
        this.address = address;
        this.statefulSet =
                new SimulatedWatch<>(server, network, place, Kind.STATEFUL_SET, server::statefulSet, onChange);
        this.record = new SimulatedWatch<>(server, network, place, Kind.RECORD, server::record, onChange);
    }

    private <T> Answer<T> get(Kind kind, Supplier<Optional<T>> object) {
        return client.read(server.faults().permits(kind), kind, () -> Answer.of(object.get()));
    }

    private Answer<Pod> getPod(int ordinal) {
        return client.read(
                server.faults().permits(Kind.PODS, ordinal), Kind.PODS, () -> Answer.of(server.pod(ordinal)));
    }

    @Override
    public KubernetesFacts facts(Set<Integer> pods) {
        SimulatedWatch.Seen<StatefulSet> seen = statefulSet.seen();
        return seen.known()
                ? facts(seen.object(), pods)
                : new KubernetesFacts.Unavailable(
                        "StatefulSet %s: %s".formatted(self.naming().statefulSet(), seen.failure()));
    }

    @Override
    public KubernetesFacts factsNow() {
        return switch (readNow(Kind.STATEFUL_SET, server::statefulSet, statefulSet)) {
            case Answer.Ok<Versioned<StatefulSet>> ok ->
                facts(Optional.of(ok.body().content()), Set.of());
            case Answer.NotFound<Versioned<StatefulSet>> none -> facts(Optional.empty(), Set.of());
            case Answer<Versioned<StatefulSet>> other -> new KubernetesFacts.Unavailable(other.message());
        };
    }

    private KubernetesFacts facts(Optional<StatefulSet> set, Set<Integer> asked) {
        if (set.isEmpty()) {
            return KubernetesFacts.Unavailable.noStatefulSet(self);
        }
        NavigableMap<Integer, KubernetesFacts.Pod> pods = new TreeMap<>();
        // In an order of its own: that of a set differs from one Java process to the next.
        for (int ordinal : new TreeSet<>(asked)) {
            if (getPod(ordinal) instanceof Answer.Ok<Pod> ok) {
                pods.put(
                        ordinal,
                        new KubernetesFacts.Pod(
                                ok.body().killedAt(),
                                Optional.of(ok.body().uid())
                                        .filter(_ -> HELD.equals(ok.body().mongod()))));
            }
        }
        return new KubernetesFacts.Known(set.get().replicas(), set.get().firstOrdinal(), pods);
    }

    @Override
    public Existence existence(int ordinal) {
        if (statefulSet.seen().object().isEmpty()) {
            return Existence.UNKNOWN;
        }
        Existence pod = existence(getPod(ordinal));
        return pod == Existence.NEITHER
                ? existence(client.read(
                        server.faults().permits(Kind.CLAIMS, ordinal),
                        Kind.CLAIMS,
                        () -> Answer.of(server.claim(ordinal))))
                : pod;
    }

    private static <T> Existence existence(Answer<T> answer) {
        return switch (answer) {
            case Answer.Ok<T> ok -> Existence.AT_LEAST_ONE;
            case Answer.NotFound<T> none -> Existence.NEITHER;
            case Answer.Conflict<T> conflict -> Existence.UNKNOWN;
            case Answer.Failed<T> failed -> Existence.UNKNOWN;
        };
    }

    @Override
    public SetRecord record() {
        SimulatedWatch.Seen<RecordData> seen = record.seen();
        return seen.known()
                ? read(seen.object(), scheduler.elapsed().minus(seen.since()))
                : unavailable(seen.failure());
    }

    private SetRecord unavailable(String why) {
        return new SetRecord.Unavailable(
                "ConfigMap %s-muster: %s".formatted(self.naming().statefulSet(), why));
    }

    private SetRecord read(Optional<RecordData> data, Duration lasting) {
        if (data.isEmpty()) {
            return new SetRecord.Absent();
        }
        SetRecord read = data.get().read(self.setName(), ownUid(), lasting);
        return read instanceof SetRecord.Unavailable unavailable ? unavailable(unavailable.message()) : read;
    }

    @Override
    public SetRecord recordNow() {
        return read(readNow(Kind.RECORD, server::record, record));
    }

    private <T> Answer<Versioned<T>> readNow(
            Kind kind, Supplier<Optional<Versioned<T>>> object, SimulatedWatch<T> watched) {
        Answer<Versioned<T>> answer = get(kind, object);
        switch (answer) {
            case Answer.Ok<Versioned<T>> ok -> watched.learn(Optional.of(ok.body()));
            case Answer.NotFound<Versioned<T>> none -> watched.learn(Optional.empty());
            case Answer<Versioned<T>> other -> {}
        }
        return answer;
    }

    private SetRecord read(Answer<Versioned<RecordData>> answer) {
        return switch (answer) {
            case Answer.Ok<Versioned<RecordData>> ok ->
                read(Optional.of(ok.body().content()), Duration.ZERO);
            case Answer.NotFound<Versioned<RecordData>> none -> new SetRecord.Absent();
            case Answer<Versioned<RecordData>> other -> new SetRecord.Unavailable(other.message());
        };
    }

    @Override
    public Outcome recordIntended(SetRecord seen) {
        return ownPod().unlessOurs()
                .orElseGet(() -> change(
                        now -> now.isStill(seen),
                        data -> data.thenIntended(self.setName(), ownUid(), self.ordinal()),
                        RecordData.intended(self.setName(), ownUid(), self.ordinal())));
    }

    @Override
    public Outcome recordFormed(SetRecord seen, String replicaSetId) {
        return ownPod().unlessOurs()
                .orElseGet(() -> change(
                        now -> now.isStill(seen) && now.mayBecomeFormed(replicaSetId),
                        data -> data.thenFormed(self.setName(), replicaSetId),
                        RecordData.formed(self.setName(), replicaSetId)));
    }

    @Override
    public Outcome recordApproval(SetRecord seen, Approval approval) {
        return change(
                now -> now.isStill(seen),
                data -> data.with(approval),
                RecordData.notInitiated(self.setName(), approval));
    }

    @Override
    public Outcome useUp(Approval approval) {
        return change(now -> now.holds(approval), data -> data.with(new Approval.None()), null);
    }

    /** Reads the record, and writes it only if it is as it should be and stays as it was read: compare-and-set. */
    private Outcome change(Predicate<SetRecord> mayBe, UnaryOperator<RecordData> edit, @Nullable RecordData fresh) {
        Answer<Versioned<RecordData>> answer = readNow(Kind.RECORD, server::record, record);
        SetRecord now = read(answer);
        if (now instanceof SetRecord.Unavailable unavailable) {
            return new Outcome.Failed(-1, unavailable.message());
        }
        if (!mayBe.test(now)) {
            return new Outcome.Stale("the record is %s by now".formatted(now));
        }
        if (answer instanceof Answer.Ok<Versioned<RecordData>> ok) {
            RecordData changed = edit.apply(ok.body().content());
            return client.write(
                            Kind.RECORD,
                            () -> server.replaceRecord(changed, ok.body().version()))
                    .asOutcome();
        }
        RecordData made = requireNonNull(fresh, "there is no approval without a record");
        return client.write(Kind.RECORD, () -> server.createRecord(made)).asOutcome();
    }

    @Override
    public OwnPod ownPod() {
        return switch (getPod(self.ordinal())) {
            case Answer.Ok<Pod> ok ->
                isThisPod(ok.body())
                        ? ok.body().killedAt().<OwnPod>map(Leaving::new).orElseGet(Staying::new)
                        : new NotKnown("the pod %s of the API server has another address".formatted(self.podName()));
            case Answer.NotFound<Pod> none -> new NotKnown("there is no pod " + self.podName());
            case Answer<Pod> other -> new NotKnown(other.message());
        };
    }

    private boolean isThisPod(Pod pod) {
        if (ownPod != null) {
            return ownPod.isSame(pod);
        }
        boolean atOurAddress = pod.hasAddress() && pod.address().equals(address);
        if (!atOurAddress && !trustsNames) {
            return false;
        }
        ownPod = pod;
        return true;
    }

    /** Our pod's uid; empty while it is not certain. */
    private String ownUid() {
        if (ownPod == null) {
            OwnPod _ = ownPod();
        }
        return ownPod == null ? "" : ownPod.uid();
    }

    @Override
    public Outcome tellHeld() {
        return switch (getPod(self.ordinal())) {
            case Answer.Ok<Pod> ok -> {
                if (!isThisPod(ok.body())) {
                    yield notCertain();
                }
                String seen = ok.body().mongod();
                if (seen.equals(HELD)) {
                    yield new Outcome.Done();
                }
                yield annotate(Optional.of(seen), HELD);
            }
            case Answer.NotFound<Pod> none -> notCertain();
            case Answer<Pod> other -> other.asOutcome();
        };
    }

    @Override
    public Outcome tellStarted() {
        return annotate(Optional.empty(), STARTED + scheduler.elapsed());
    }

    private Outcome annotate(Optional<String> seen, String value) {
        String uid = ownUid();
        return uid.isEmpty()
                ? notCertain()
                : client.write(Kind.PODS, () -> server.annotatePod(self.ordinal(), uid, seen, value))
                        .asOutcome();
    }

    @Override
    public Outcome label(String role) {
        String uid = ownUid();
        return uid.isEmpty()
                ? notCertain()
                : client.write(Kind.PODS, () -> server.labelPod(self.ordinal(), uid, role))
                        .asOutcome();
    }

    private Outcome notCertain() {
        return new Outcome.Failed(
                -1, "cannot tell yet whether pod %s of the API server is this one".formatted(self.podName()));
    }

    @Override
    public Publication publishPrimary(String replicaSetId, long electionTerm) {
        return publish(
                replicaSetId,
                electionTerm,
                slice -> Optional.of(
                        Publication.leftToNewer(new Outcome.Stale("a primary of a newer election stands there"))));
    }

    @Override
    public Outcome takeOverPrimary(String replicaSetId, long electionTerm) {
        return publish(
                        replicaSetId,
                        electionTerm,
                        slice -> unlessAbandoned(slice).map(Publication::of))
                .outcome();
    }

    private Optional<Outcome> unlessAbandoned(Slice slice) {
        String uid = slice.endpoint().map(Endpoint::podUid).orElse("");
        if (uid.isEmpty() || uid.equals(ownUid())) {
            return Optional.empty();
        }
        Answer<Pod> answer = client.read(
                server.faults().permits(Kind.PODS),
                Kind.PODS,
                () -> Answer.of(server.pods().values().stream()
                        .filter(pod -> pod.uid().equals(uid))
                        .findFirst()));
        return switch (answer) {
            case Answer.NotFound<Pod> none -> Optional.empty();
            case Answer.Ok<Pod> ok ->
                ok.body().ready()
                        ? Optional.of(new Outcome.Stale("a primary of a newer election stands there, and is ready"))
                        : Optional.empty();
            case Answer<Pod> other -> Optional.of(other.asOutcome());
        };
    }

    private Publication publish(
            String replicaSetId, long electionTerm, Function<Slice, Optional<Publication>> ofNewer) {
        Optional<Outcome> replaced = ownPod().unlessOurs();
        if (replaced.isPresent()) {
            return Publication.of(replaced.get());
        }
        Optional<StatefulSet> set = statefulSet.seen().object();
        Pod pod = ownPod;
        if (set.isEmpty() || pod == null) {
            return Publication.of(new Outcome.Failed(-1, "the StatefulSet or this pod cannot be read"));
        }
        Slice wanted = new Slice(replicaSetId, electionTerm, Optional.of(new Endpoint(pod.uid(), pod.address())));
        return switch (get(Kind.SLICE, server::slice)) {
            case Answer.NotFound<Versioned<Slice>> none ->
                Publication.of(client.write(Kind.SLICE, () -> server.createSlice(wanted))
                        .asOutcome());
            case Answer.Ok<Versioned<Slice>> ok -> {
                Slice present = ok.body().content();
                boolean isNewer =
                        present.replicaSetId().equals(replicaSetId) && present.term() > electionTerm && !ignoresTerms;
                Optional<Publication> kept = isNewer ? ofNewer.apply(present) : Optional.empty();
                if (kept.isPresent()) {
                    yield kept.get();
                }
                yield Publication.of(present.equals(wanted) ? new Outcome.Done() : replaceSlice(wanted, ok.body()));
            }
            case Answer<Versioned<Slice>> other -> Publication.of(other.asOutcome());
        };
    }

    private Outcome replaceSlice(Slice wanted, Versioned<Slice> seen) {
        return client.write(Kind.SLICE, () -> server.replaceSlice(wanted, seen.version()))
                .asOutcome();
    }

    @Override
    public Outcome withdrawPrimary() {
        return switch (get(Kind.SLICE, server::slice)) {
            case Answer.Ok<Versioned<Slice>> ok -> {
                String uid = ownUid();
                Slice present = ok.body().content();
                boolean ours = !uid.isEmpty()
                        && present.endpoint()
                                .filter(endpoint -> endpoint.podUid().equals(uid))
                                .isPresent();
                yield ours
                        ? replaceSlice(new Slice(present.replicaSetId(), present.term(), Optional.empty()), ok.body())
                        : new Outcome.Done();
            }
            case Answer.NotFound<Versioned<Slice>> none -> new Outcome.Done();
            case Answer<Versioned<Slice>> other -> other.asOutcome();
        };
    }

    @Override
    public Outcome event(boolean warning, String reason, String message) {
        Event event = new Event(scheduler.now(), self.ordinal(), ownUid(), warning, reason, message);
        return client.write(Kind.EVENTS, () -> server.addEvent(event)).asOutcome();
    }

    /** Takes a guard away: an older election takes the primary's Service from a newer one. */
    public void ignoreTerms() {
        ignoresTerms = true;
    }

    /** Takes a guard away: a pod of our name is ours, whatever its address. */
    public void trustNames() {
        trustsNames = true;
    }

    /** The process stands still, as after SIGSTOP: its views grow old. Its fibers are the caller's to freeze. */
    public void freeze() {
        statefulSet.freeze();
        record.freeze();
    }

    /** It goes on. */
    public void thaw() {
        statefulSet.thaw();
        record.thaw();
    }

    /** Ends the watches; no event of theirs happens any more. */
    @Override
    public void close() {
        statefulSet.close();
        record.close();
    }
}
