package dev.muster.sim.cluster;

import static java.util.Objects.requireNonNull;

import dev.muster.sim.cluster.KubernetesObjects.Answer;
import dev.muster.sim.cluster.KubernetesObjects.Claim;
import dev.muster.sim.cluster.KubernetesObjects.Endpoint;
import dev.muster.sim.cluster.KubernetesObjects.Event;
import dev.muster.sim.cluster.KubernetesObjects.Kind;
import dev.muster.sim.cluster.KubernetesObjects.Pod;
import dev.muster.sim.cluster.KubernetesObjects.Slice;
import dev.muster.sim.cluster.KubernetesObjects.StatefulSet;
import dev.muster.sim.cluster.KubernetesObjects.Versioned;
import dev.muster.sim.engine.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The objects that the API server keeps, as far as one StatefulSet and Muster need them. Each call is one request at
 * the moment in which the server carries it out: it takes no time, and either has its whole effect or none. How
 * requests and answers travel is {@link ApiClient}'s; what is wrong with the server is {@link #faults}'.
 */
public final class ApiServer {
    /** Enough for a test to look at; a run that says more than this to people is wrong by itself. */
    private static final int KEPT_EVENTS = 10_000;

    private final Scheduler scheduler;
    private final ApiFaults faults;
    private final List<Consumer<Kind>> watchers = new ArrayList<>();
    private final NavigableMap<Integer, Pod> pods = new TreeMap<>();
    private final NavigableMap<Integer, Claim> claims = new TreeMap<>();
    private final List<Event> events = new ArrayList<>();
    private @Nullable Versioned<StatefulSet> statefulSet;
    private @Nullable Versioned<RecordData> record;
    private @Nullable Versioned<Slice> slice;
    private long version;
    private final PodAddresses addresses;
    private int uids;
    private long requests;

    public ApiServer(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.addresses = new PodAddresses(scheduler);
        this.faults = new ApiFaults(scheduler, () -> tell(Kind.SERVER));
    }

    public Scheduler scheduler() {
        return scheduler;
    }

    /** How many requests it has received; a watch counts once. */
    public long requests() {
        return requests;
    }

    void countRequest() {
        requests++;
    }

    /** What is wrong with it now. */
    public ApiFaults faults() {
        return faults;
    }

    /** Has somebody told, at once, that something of that kind changed. It must not block. */
    public void watch(Consumer<Kind> watcher) {
        watchers.add(watcher);
    }

    /** Ends that. */
    void unwatch(Consumer<Kind> watcher) {
        watchers.remove(watcher);
    }

    private void tell(Kind kind) {
        // Who is told may end its watch.
        List.copyOf(watchers).forEach(watcher -> watcher.accept(kind));
    }

    private <T> Versioned<T> next(T content) {
        return new Versioned<>(++version, content);
    }

    /** The addresses of the pods. */
    public PodAddresses addresses() {
        return addresses;
    }

    /** A uid that nobody had before. */
    int nextUid() {
        return ++uids;
    }

    /** The StatefulSet; empty while it does not exist. */
    public Optional<Versioned<StatefulSet>> statefulSet() {
        return Optional.ofNullable(statefulSet);
    }

    void putStatefulSet(StatefulSet set) {
        statefulSet = next(set);
        tell(Kind.STATEFUL_SET);
    }

    /** Removes the StatefulSet; the primary's slice, which it owns, goes too unless it is orphaned. */
    void removeStatefulSet(boolean orphan) {
        statefulSet = null;
        if (!orphan) {
            slice = null;
        }
        tell(Kind.STATEFUL_SET);
    }

    /** The pods, by ordinal. */
    public NavigableMap<Integer, Pod> pods() {
        return Collections.unmodifiableNavigableMap(pods);
    }

    /** The pod of that ordinal's name. */
    public Optional<Pod> pod(int ordinal) {
        return Optional.ofNullable(pods.get(ordinal));
    }

    /** That very pod, while it exists. */
    public Optional<Pod> pod(Pod pod) {
        return pod(pod.ordinal()).filter(present -> present.uid().equals(pod.uid()));
    }

    void createPod(Pod pod) {
        pods.put(pod.ordinal(), pod);
        tell(Kind.PODS);
    }

    void changePod(Pod pod, UnaryOperator<Pod> change) {
        pod(pod).ifPresent(present -> {
            Pod changed = change.apply(present);
            if (!changed.equals(present)) {
                pods.put(pod.ordinal(), changed);
                tell(Kind.PODS);
            }
        });
    }

    /** Marks a pod as being deleted, if it is not yet: it exists until its containers have ended. */
    void markDeleted(Pod pod) {
        markDeleted(pod, pod.template().grace());
    }

    void markDeleted(Pod pod, Duration grace) {
        // The API server keeps whole seconds.
        Instant killedAt = scheduler.now().plus(grace).truncatedTo(ChronoUnit.SECONDS);
        changePod(pod, present -> present.isTerminating() ? present : present.deleted(killedAt));
    }

    void removePod(Pod pod) {
        if (pod(pod).isPresent()) {
            pods.remove(pod.ordinal());
            releaseClaim(pod.ordinal());
            tell(Kind.PODS);
        }
    }

    /** The claims, by ordinal. */
    public NavigableMap<Integer, Claim> claims() {
        return Collections.unmodifiableNavigableMap(claims);
    }

    /** The claim of that ordinal's pod. */
    public Optional<Claim> claim(int ordinal) {
        return Optional.ofNullable(claims.get(ordinal));
    }

    void putClaim(Claim claim) {
        claims.put(claim.ordinal(), claim);
        tell(Kind.CLAIMS);
    }

    /** Removes a claim that is being deleted, once no pod uses it. */
    void releaseClaim(int ordinal) {
        Claim claim = claims.get(ordinal);
        if (claim != null && claim.terminating() && !pods.containsKey(ordinal)) {
            claims.remove(ordinal);
            tell(Kind.CLAIMS);
        }
    }

    Answer<Pod> labelPod(int ordinal, String uid, String role) {
        Pod present = pods.get(ordinal);
        if (present == null) {
            return new Answer.NotFound<>();
        }
        if (!present.uid().equals(uid)) {
            return new Answer.Failed<>(
                    422, "Pod is invalid: metadata.uid: Invalid value: \"%s\": field is immutable".formatted(uid));
        }
        changePod(present, pod -> pod.labelled(role));
        return new Answer.Ok<>(present);
    }

    /** Changes the annotation if it still is what was seen, as a change with the pod's version does. */
    Answer<Pod> annotatePod(int ordinal, String uid, Optional<String> seen, String value) {
        Pod present = pods.get(ordinal);
        if (present == null) {
            return new Answer.NotFound<>();
        }
        if (!present.uid().equals(uid)
                || seen.filter(before -> !before.equals(present.mongod())).isPresent()) {
            return new Answer.Conflict<>("the pod has changed");
        }
        changePod(present, pod -> pod.annotated(value));
        return new Answer.Ok<>(present);
    }

    /** The record's ConfigMap; empty while it does not exist. */
    public Optional<Versioned<RecordData>> record() {
        return Optional.ofNullable(record);
    }

    Answer<RecordData> createRecord(RecordData data) {
        if (record != null) {
            return new Answer.Conflict<>("configmaps already exists");
        }
        putRecord(data);
        return new Answer.Ok<>(data);
    }

    Answer<RecordData> replaceRecord(RecordData data, long seen) {
        Versioned<RecordData> present = record;
        if (present == null) {
            return new Answer.NotFound<>();
        }
        if (present.version() != seen) {
            return new Answer.Conflict<>("the object has been modified");
        }
        if (!present.content().equals(data)) {
            putRecord(data);
        }
        return new Answer.Ok<>(data);
    }

    void putRecord(RecordData data) {
        record = next(data);
        tell(Kind.RECORD);
    }

    void removeRecord() {
        record = null;
        tell(Kind.RECORD);
    }

    /** The EndpointSlice of the primary's Service; empty while it does not exist. */
    public Optional<Versioned<Slice>> slice() {
        return Optional.ofNullable(slice);
    }

    /** Who stands behind the primary's Service. */
    public Optional<Endpoint> primaryEndpoint() {
        return slice().flatMap(present -> present.content().endpoint());
    }

    Answer<Slice> createSlice(Slice wanted) {
        if (slice != null) {
            return new Answer.Conflict<>("endpointslices already exists");
        }
        slice = next(wanted);
        tell(Kind.SLICE);
        return new Answer.Ok<>(wanted);
    }

    Answer<Slice> replaceSlice(Slice wanted, long seen) {
        Versioned<Slice> present = slice;
        if (present == null) {
            return new Answer.NotFound<>();
        }
        if (present.version() != seen) {
            return new Answer.Conflict<>("the object has been modified");
        }
        if (!present.content().equals(wanted)) {
            slice = next(wanted);
            tell(Kind.SLICE);
        }
        return new Answer.Ok<>(wanted);
    }

    /** The Events, oldest first. */
    public List<Event> events() {
        return Collections.unmodifiableList(events);
    }

    Answer<Event> addEvent(Event event) {
        requireNonNull(event, "event is null");
        if (events.size() < KEPT_EVENTS) {
            events.add(event);
        }
        return new Answer.Ok<>(event);
    }
}
