package dev.muster.kube;

import dev.muster.model.Approval;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.Naming;
import dev.muster.model.Self;
import dev.muster.model.SetRecord;
import dev.muster.plan.Outcome;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/** {@link Kubernetes} by the API server. */
public final class ApiKubernetes implements Kubernetes {
    /** On a pod: {@link #HELD}, or {@link #STARTED} and a time. */
    private static final String MONGOD_ANNOTATION = "muster.dev/mongod";

    /** The volume is empty, and {@code mongod} has not been started. */
    private static final String HELD = "held";

    /** {@code mongod} is about to be allowed to start. Followed by a time, so that each write changes the pod's version. */
    private static final String STARTED = "started ";

    private final Self self;
    private final Api api;
    private final Clock clock;
    private final String core;
    private final String statefulSets;
    private final String slices;
    private final WatchedObject statefulSet;
    private final WatchedObject record;

    /** This pod, once it is certain which one it is. Its uid and address never change. */
    private volatile @Nullable Document ownPod;

    private ApiKubernetes(Self self, Api api, Clock clock, Runnable onChange) {
        this.self = self;
        this.api = api;
        this.clock = clock;
        String namespace = "/namespaces/" + self.naming().namespace();
        this.core = "/api/v1" + namespace;
        this.statefulSets = "/apis/apps/v1" + namespace + "/statefulsets";
        this.slices = "/apis/discovery.k8s.io/v1" + namespace + "/endpointslices";
        this.statefulSet = new WatchedObject(api, statefulSets, self.naming().statefulSet(), onChange);
        this.record = new WatchedObject(api, core + "/configmaps", recordName(self.naming()), onChange);
    }

    /**
     * Connects with the pod's service account, or with the kubeconfig. Sends no request yet.
     *
     * @param onChange called, on another thread, when the StatefulSet or the record changed
     */
    public static ApiKubernetes connect(Self self, Clock clock, Runnable onChange) {
        return new ApiKubernetes(self, new Api(), clock, onChange);
    }

    /** The name of the ConfigMap that holds the record. */
    public static String recordName(Naming naming) {
        return RecordDocument.name(naming);
    }

    private static String primaryName(Naming naming) {
        return naming.statefulSet() + "-primary";
    }

    @Override
    public KubernetesFacts facts(Set<Integer> pods) {
        WatchedObject.Seen seen = statefulSet.seen();
        if (!seen.known()) {
            return new KubernetesFacts.Unavailable(
                    "StatefulSet %s: %s".formatted(self.naming().statefulSet(), seen.failure()));
        }
        return facts(seen.object(), pods);
    }

    @Override
    public KubernetesFacts factsNow() {
        return switch (readNow(statefulSets + "/" + self.naming().statefulSet(), statefulSet)) {
            case Answer.Ok ok -> facts(Optional.of(ok.body()), Set.of());
            case Answer.NotFound none -> facts(Optional.empty(), Set.of());
            case Answer.Conflict conflict -> new KubernetesFacts.Unavailable(conflict.message());
            case Answer.Failed failed -> new KubernetesFacts.Unavailable(failed.message());
        };
    }

    private KubernetesFacts facts(Optional<Document> object, Set<Integer> asked) {
        if (object.isEmpty()) {
            return KubernetesFacts.Unavailable.noStatefulSet(self);
        }
        Document spec = object.get().get("spec", new Document());
        NavigableMap<Integer, KubernetesFacts.Pod> pods = new TreeMap<>();
        for (int ordinal : asked) {
            if (api.get(podPath(ordinal)) instanceof Answer.Ok ok) {
                Document pod = ok.body();
                Optional<String> held = Optional.of(uidOf(pod)).filter(_ -> HELD.equals(annotation(pod)));
                pods.put(ordinal, new KubernetesFacts.Pod(deletion(pod), held));
            }
        }
        return new KubernetesFacts.Known(
                spec.get("replicas", 1), spec.get("ordinals", new Document()).get("start", 0), pods);
    }

    private String podPath(int ordinal) {
        return core + "/pods/" + self.naming().podName(ordinal);
    }

    @Override
    public Existence existence(int ordinal) {
        Optional<Document> set = statefulSet.seen().object();
        if (set.isEmpty()) {
            return Existence.UNKNOWN;
        }
        Existence pod = existence(podPath(ordinal));
        if (pod != Existence.NEITHER) {
            return pod;
        }
        for (Document template :
                set.get().get("spec", new Document()).getList("volumeClaimTemplates", Document.class, List.of())) {
            String name = template.get("metadata", new Document()).get("name", "");
            Existence claim = existence("%s/persistentvolumeclaims/%s-%s"
                    .formatted(core, name, self.naming().podName(ordinal)));
            if (claim != Existence.NEITHER) {
                return claim;
            }
        }
        return Existence.NEITHER;
    }

    private Existence existence(String path) {
        return switch (api.get(path)) {
            case Answer.Ok ok -> Existence.AT_LEAST_ONE;
            case Answer.NotFound none -> Existence.NEITHER;
            case Answer.Conflict conflict -> Existence.UNKNOWN;
            case Answer.Failed failed -> Existence.UNKNOWN;
        };
    }

    @Override
    public SetRecord record() {
        WatchedObject.Seen seen = record.seen();
        if (!seen.known()) {
            return new SetRecord.Unavailable("ConfigMap %s: %s".formatted(recordName(self.naming()), seen.failure()));
        }
        return read(seen.object(), Duration.ofNanos(System.nanoTime() - seen.sinceNanos()));
    }

    private SetRecord read(Optional<Document> configMap, Duration lasting) {
        if (configMap.isEmpty()) {
            return new SetRecord.Absent();
        }
        SetRecord read = RecordDocument.read(configMap.get(), self, ownUid(), lasting);
        return read instanceof SetRecord.Unavailable unavailable
                ? new SetRecord.Unavailable(
                        "ConfigMap %s: %s".formatted(recordName(self.naming()), unavailable.message()))
                : read;
    }

    @Override
    public SetRecord recordNow() {
        return read(readNow(recordPath(), record));
    }

    private Answer readNow(String path, WatchedObject watched) {
        Answer answer = api.get(path);
        switch (answer) {
            case Answer.Ok ok -> watched.learn(Optional.of(ok.body()));
            case Answer.NotFound none -> watched.learn(Optional.empty());
            case Answer.Conflict conflict -> {}
            case Answer.Failed failed -> {}
        }
        return answer;
    }

    private SetRecord read(Answer answer) {
        return switch (answer) {
            case Answer.Ok ok -> read(Optional.of(ok.body()), Duration.ZERO);
            case Answer.NotFound none -> new SetRecord.Absent();
            case Answer.Conflict conflict -> new SetRecord.Unavailable(conflict.message());
            case Answer.Failed failed -> new SetRecord.Unavailable(failed.message());
        };
    }

    private String recordPath() {
        return core + "/configmaps/" + recordName(self.naming());
    }

    @Override
    public Outcome recordIntended(SetRecord seen) {
        return ownPod().unlessOurs()
                .orElseGet(() -> change(
                        now -> now.isStill(seen), configMap -> RecordDocument.intended(configMap, self, ownUid())));
    }

    @Override
    public Outcome recordFormed(SetRecord seen, String replicaSetId) {
        return ownPod().unlessOurs()
                .orElseGet(() -> change(
                        now -> now.isStill(seen) && now.mayBecomeFormed(replicaSetId),
                        configMap -> RecordDocument.formed(configMap, self, replicaSetId)));
    }

    @Override
    public Outcome recordApproval(SetRecord seen, Approval approval) {
        return change(now -> now.isStill(seen), configMap -> RecordDocument.approved(configMap, self, approval));
    }

    @Override
    public Outcome useUp(Approval approval) {
        return change(
                now -> now.holds(approval), configMap -> RecordDocument.approved(configMap, self, new Approval.None()));
    }

    /** Reads the record, and writes it only if it is as expected and has not changed since: compare-and-set. */
    private Outcome change(Predicate<SetRecord> mayBe, UnaryOperator<Document> edit) {
        Answer answer = readNow(recordPath(), record);
        SetRecord now = read(answer);
        if (now instanceof SetRecord.Unavailable unavailable) {
            return new Outcome.Failed(-1, unavailable.message());
        }
        if (!mayBe.test(now)) {
            return new Outcome.Stale("the record is now %s".formatted(now));
        }
        if (answer instanceof Answer.Ok ok) {
            return api.replace(recordPath(), edit.apply(ok.body())).asOutcome();
        }
        Document fresh = RecordDocument.empty(self.naming());
        return api.create(core + "/configmaps", edit.apply(fresh)).asOutcome();
    }

    @Override
    public OwnPod ownPod() {
        Answer answer = api.get(podPath(self.ordinal()));
        return switch (answer) {
            case Answer.Ok ok ->
                isThisPod(ok.body())
                        ? deletion(ok.body()).<OwnPod>map(Leaving::new).orElseGet(Staying::new)
                        : new NotKnown("the API server's pod %s has another address".formatted(self.podName()));
            case Answer.NotFound none -> new NotKnown("there is no pod " + self.podName());
            case Answer.Conflict conflict -> new NotKnown(conflict.message());
            case Answer.Failed failed -> new NotKnown(failed.message());
        };
    }

    /**
     * Whether the pod with our name is this one. A pod on a dead node that was deleted by force may still run beside
     * the one that replaced it. Both have the same name, and only one of them has our address.
     */
    private boolean isThisPod(Document pod) {
        Document known = ownPod;
        if (known != null) {
            return uidOf(known).equals(uidOf(pod));
        }
        String ip = pod.get("status", new Document()).get("podIP", "");
        try {
            if (ip.isEmpty() || NetworkInterface.getByInetAddress(InetAddress.ofLiteral(ip)) == null) {
                return false;
            }
        } catch (SocketException | IllegalArgumentException e) {
            return false;
        }
        ownPod = pod;
        return true;
    }

    private static String uidOf(Document pod) {
        return pod.get("metadata", new Document()).get("uid", "");
    }

    /** When a pod that is being deleted is killed. The API server has added the grace period. */
    private static Optional<Instant> deletion(Document pod) {
        String at = pod.get("metadata", new Document()).get("deletionTimestamp", "");
        return at.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(at));
    }

    /** Our pod's uid; empty while it is not certain. */
    private String ownUid() {
        if (ownPod == null) {
            OwnPod _ = ownPod();
        }
        Document known = ownPod;
        return known == null ? "" : uidOf(known);
    }

    private static String annotation(Document pod) {
        return pod.get("metadata", new Document())
                .get("annotations", new Document())
                .get(MONGOD_ANNOTATION, "");
    }

    @Override
    public Outcome tellHeld() {
        return switch (api.get(podPath(self.ordinal()))) {
            case Answer.Ok ok -> {
                if (!isThisPod(ok.body())) {
                    yield notCertain();
                }
                if (annotation(ok.body()).equals(HELD)) {
                    yield new Outcome.Done();
                }
                // With the version, so that a request that arrives late is refused once mongod is allowed to start.
                Document metadata = ok.body().get("metadata", new Document());
                yield annotate(HELD, new Document("resourceVersion", metadata.get("resourceVersion", "")));
            }
            case Answer.NotFound none -> notCertain();
            case Answer.Conflict conflict -> conflict.asOutcome();
            case Answer.Failed failed -> failed.asOutcome();
        };
    }

    @Override
    public Outcome tellStarted() {
        return annotate(STARTED + clock.instant(), new Document());
    }

    private Outcome annotate(String value, Document precondition) {
        return changeOwnPod(new Document(precondition).append("annotations", new Document(MONGOD_ANNOTATION, value)));
    }

    @Override
    public Outcome label(String role) {
        return changeOwnPod(new Document("labels", new Document("muster.dev/role", role)));
    }

    /** Merges this into the pod's metadata. With the uid the API server refuses it for another pod with our name. */
    private Outcome changeOwnPod(Document metadata) {
        String uid = ownUid();
        return uid.isEmpty()
                ? notCertain()
                : api.merge(
                                podPath(self.ordinal()),
                                new Document("metadata", new Document(metadata).append("uid", uid)))
                        .asOutcome();
    }

    private Outcome notCertain() {
        return new Outcome.Failed(
                -1, "it is not known yet whether the API server's pod %s is this one".formatted(self.podName()));
    }

    @Override
    public Publication publishPrimary(String replicaSetId, long electionTerm) {
        return publish(
                replicaSetId,
                electionTerm,
                slice -> Optional.of(Publication.leftToNewer(new Outcome.Stale(
                        "the slice is of the newer election of term %d".formatted(PrimarySlice.termOf(slice))))));
    }

    @Override
    public Outcome takeOverPrimary(String replicaSetId, long electionTerm) {
        return publish(
                        replicaSetId,
                        electionTerm,
                        slice -> unlessAbandoned(slice).map(Publication::of))
                .outcome();
    }

    /**
     * Why a slice of a newer election stays as it is; empty if its pod is gone or is not ready. The uid decides: a pod
     * that replaced it has the same name.
     */
    private Optional<Outcome> unlessAbandoned(Document slice) {
        String uid = PrimarySlice.podUidOf(slice);
        if (uid.isEmpty() || uid.equals(ownUid())) {
            return Optional.empty();
        }
        String name = PrimarySlice.podNameOf(slice);
        return switch (api.get(core + "/pods/" + name)) {
            case Answer.NotFound none -> Optional.empty();
            case Answer.Ok ok ->
                uidOf(ok.body()).equals(uid) && PrimarySlice.isReady(ok.body())
                        ? Optional.of(new Outcome.Stale(
                                "the slice is of the newer election of term %d, and its pod %s is ready"
                                        .formatted(PrimarySlice.termOf(slice), name)))
                        : Optional.empty();
            case Answer.Conflict conflict -> Optional.of(conflict.asOutcome());
            case Answer.Failed failed -> Optional.of(failed.asOutcome());
        };
    }

    /** @param ofNewer why a slice of a newer election is left as it is; empty if it is not */
    private Publication publish(
            String replicaSetId, long electionTerm, Function<Document, Optional<Publication>> ofNewer) {
        Optional<Outcome> replaced = ownPod().unlessOurs();
        if (replaced.isPresent()) {
            return Publication.of(replaced.get());
        }
        Optional<Document> set = statefulSet.seen().object();
        Document pod = ownPod;
        if (set.isEmpty() || pod == null) {
            return Publication.of(new Outcome.Failed(-1, "the StatefulSet or this pod cannot be read"));
        }
        String name = primaryName(self.naming());
        Document wanted = PrimarySlice.of(
                new PrimarySlice.Target(
                        name,
                        self.naming().namespace(),
                        set.get(),
                        pod,
                        self.naming().port()),
                replicaSetId,
                electionTerm);
        return switch (api.get(slices + "/" + name)) {
            case Answer.NotFound none ->
                Publication.of(api.create(slices, wanted).asOutcome());
            case Answer.Ok ok -> {
                Optional<Publication> kept = PrimarySlice.isOfNewerElection(ok.body(), replicaSetId, electionTerm)
                        ? ofNewer.apply(ok.body())
                        : Optional.empty();
                if (kept.isPresent()) {
                    yield kept.get();
                }
                if (PrimarySlice.isSame(ok.body(), wanted)) {
                    yield Publication.of(new Outcome.Done());
                }
                yield Publication.of(api.replace(slices + "/" + name, withVersion(wanted, ok.body()))
                        .asOutcome());
            }
            case Answer.Conflict conflict -> Publication.of(conflict.asOutcome());
            case Answer.Failed failed -> Publication.of(failed.asOutcome());
        };
    }

    private static Document withVersion(Document wanted, Document present) {
        Document metadata = new Document(wanted.get("metadata", new Document()));
        metadata.append(
                "resourceVersion", present.get("metadata", new Document()).get("resourceVersion", ""));
        return new Document(wanted).append("metadata", metadata);
    }

    @Override
    public Outcome withdrawPrimary() {
        String path = slices + "/" + primaryName(self.naming());
        return switch (api.get(path)) {
            case Answer.Ok ok ->
                !ownUid().isEmpty() && PrimarySlice.podUidOf(ok.body()).equals(ownUid())
                        ? api.replace(path, PrimarySlice.emptied(ok.body())).asOutcome()
                        : new Outcome.Done();
            case Answer.NotFound none -> new Outcome.Done();
            case Answer.Conflict conflict -> conflict.asOutcome();
            case Answer.Failed failed -> failed.asOutcome();
        };
    }

    @Override
    public Outcome event(boolean warning, String reason, String message) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        Document event = new Document("apiVersion", "v1")
                .append("kind", "Event")
                .append(
                        "metadata",
                        new Document("generateName", self.podName() + ".")
                                .append("namespace", self.naming().namespace()))
                .append(
                        "involvedObject",
                        new Document("apiVersion", "v1")
                                .append("kind", "Pod")
                                .append("name", self.podName())
                                .append("namespace", self.naming().namespace())
                                .append("uid", ownUid()))
                .append("type", warning ? "Warning" : "Normal")
                .append("reason", reason)
                .append("message", message)
                .append("source", new Document("component", "muster"))
                .append("firstTimestamp", now)
                .append("lastTimestamp", now)
                .append("count", 1);
        return api.create(core + "/events", event).asOutcome();
    }

    @Override
    public void close() {
        statefulSet.close();
        record.close();
        api.close();
    }
}
