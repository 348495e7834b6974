package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/** One release of the chart in a namespace of its own, which admits only pods of the security level `restricted`. */
final class Release {
    static final String NAME = "mongo";
    static final String RECORD = NAME + "-muster";
    static final String SELECTOR = "app.kubernetes.io/instance=" + NAME;

    private static final int STATUS_PORT = 8017;
    private static final Duration HELM = Duration.ofMinutes(2);
    private static final Duration KUBECTL = Duration.ofSeconds(60);

    private final String label;
    private final String namespace;
    private final PodLogs logs;
    private ReleaseValues values = ReleaseValues.replicas(3);
    private @Nullable String key;

    /**
     * Makes the namespace.
     *
     * @param label the test's name, for what is printed and kept
     */
    Release(String label, String namespace, Path logs) {
        this.label = label;
        this.namespace = namespace;
        client().namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .withLabels(Map.of("pod-security.kubernetes.io/enforce", "restricted"))
                        .endMetadata()
                        .build())
                .create();
        this.logs = new PodLogs(namespace, logs);
    }

    KubernetesClient client() {
        return Cluster.client();
    }

    String label() {
        return label;
    }

    String namespace() {
        return namespace;
    }

    PodLogs logs() {
        return logs;
    }

    Release install(ReleaseValues wanted) {
        values = wanted;
        helm("install");
        return this;
    }

    Release upgrade(ReleaseValues wanted) {
        values = wanted;
        helm("upgrade");
        return this;
    }

    private void helm(String verb) {
        try {
            Path file = Files.createTempFile("muster-e2e-values-", ".yaml");
            try {
                Files.writeString(file, values.toJson());
                List<String> arguments =
                        new ArrayList<>(List.of(verb, NAME, TestSettings.chart().toString(), "--namespace", namespace));
                TestSettings.values().ifPresent(extra -> arguments.addAll(List.of("--values", extra.toString())));
                arguments.addAll(List.of("--values", file.toString()));
                Cluster.helm(HELM, arguments.toArray(String[]::new)).orThrow();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What `helm test` says. */
    ExternalCommand.Result test() {
        return Cluster.helm(HELM, "test", NAME, "--namespace", namespace, "--timeout", "90s");
    }

    void uninstall() {
        Cluster.helm(HELM, "uninstall", NAME, "--namespace", namespace, "--wait")
                .orThrow();
    }

    /** What `kubectl scale` does, and with it an autoscaler. */
    void scale(int replicas) {
        kubectl("scale", "statefulset/" + NAME, "--replicas=" + replicas).orThrow();
        values = values.with("replicas", replicas);
    }

    /** The same, without the moment that a command takes. */
    void scaleAtOnce(int replicas) {
        client().apps().statefulSets().inNamespace(namespace).withName(NAME).scale(replicas);
        values = values.with("replicas", replicas);
    }

    ReleaseValues values() {
        return values;
    }

    void awaitRollout(Duration atMost) {
        kubectl(
                        atMost.plus(KUBECTL),
                        "rollout",
                        "status",
                        "statefulset/" + NAME,
                        "--timeout=" + atMost.toSeconds() + "s")
                .orThrow();
    }

    ExternalCommand.Result kubectl(String... arguments) {
        return kubectl(KUBECTL, arguments);
    }

    ExternalCommand.Result kubectl(Duration timeout, String... arguments) {
        return Cluster.kubectl(
                timeout,
                Stream.concat(Stream.of("--namespace", namespace), Arrays.stream(arguments))
                        .toArray(String[]::new));
    }

    /** The command in the muster container of a member. */
    ExternalCommand.Result muster(int ordinal, String... arguments) {
        return kubectl(Stream.concat(
                        Stream.of("exec", podName(ordinal), "-c", "muster", "--", "muster"), Arrays.stream(arguments))
                .toArray(String[]::new));
    }

    static String podName(int ordinal) {
        return NAME + "-" + ordinal;
    }

    static String claimName(int ordinal) {
        return "data-" + podName(ordinal);
    }

    /** The ordinals of the members that there are to be. */
    List<Integer> ordinals() {
        return IntStream.range(values.firstOrdinal(), values.firstOrdinal() + values.replicas())
                .boxed()
                .toList();
    }

    /** Where applications connect to, without credentials. */
    String uri() {
        String hosts = String.join(
                ",",
                ordinals().stream()
                        .map(ordinal -> "%s.%s.%s.svc:27017".formatted(podName(ordinal), NAME, namespace))
                        .toList());
        // The driver's 10 s are for networks across the world; a node that is gone is noticed in 2 s.
        return "mongodb://" + hosts + "/?replicaSet=rs0&w=majority&retryWrites=true&connectTimeoutMS=2000";
    }

    /** What the members say, those that answer, all asked at once. */
    StatusAnswers status() {
        return status(ordinals());
    }

    StatusAnswers status(List<Integer> asked) {
        Map<Integer, Document> answers = new ConcurrentSkipListMap<>();
        List<Thread> threads = asked.stream()
                .map(ordinal -> Thread.ofVirtual()
                        .start(() -> Cluster.ask(namespace, podName(ordinal), STATUS_PORT, "/status")
                                .ifPresent(answer -> answers.put(ordinal, answer))))
                .toList();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
        return new StatusAnswers(new TreeMap<>(answers));
    }

    /** Waits until all members are there, vote, are ready, agree, and the primary's sidecar has nothing left to do. */
    StatusAnswers awaitFormed(Duration atMost) {
        StatusAnswers[] formed = new StatusAnswers[1];
        Wait.untilAsserted("a formed set in " + namespace, atMost, () -> {
            StatusAnswers now = status();
            assertThat(now.notFormed(ordinals())).as("why it is not formed").isEmpty();
            assertThat(ordinals().stream().filter(ordinal -> !podReady(ordinal)))
                    .as("pods that are not Ready")
                    .isEmpty();
            formed[0] = now;
        });
        return Objects.requireNonNull(formed[0]);
    }

    /** Waits for a sidecar's decision for that reason; returns its message. */
    String awaitReason(int ordinal, String reason, Duration atMost) {
        Wait.untilAsserted(
                podName(ordinal) + " decides for " + reason,
                atMost,
                () -> assertThat(status(List.of(ordinal)).reason(ordinal))
                        .as("the reason of " + podName(ordinal))
                        .contains(reason));
        return status(List.of(ordinal)).message(ordinal).orElse("");
    }

    int primary() {
        return Wait.untilPresent("a primary", Duration.ofSeconds(30), () -> status().primary());
    }

    Optional<Pod> pod(int ordinal) {
        return Optional.ofNullable(podResource(ordinal).get());
    }

    PodResource podResource(int ordinal) {
        return client().pods().inNamespace(namespace).withName(podName(ordinal));
    }

    boolean podReady(int ordinal) {
        return pod(ordinal).stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .flatMap(pod -> pod.getStatus().getConditions().stream())
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
    }

    String nodeOf(int ordinal) {
        return pod(ordinal).orElseThrow().getSpec().getNodeName();
    }

    /** Deletes pods at once, as `kubectl delete pod` does; returns when the old ones are gone. */
    void deletePods(List<Integer> ordinals, Duration atMost) {
        deletePods(ordinals, PodResource::delete, atMost);
    }

    private void deletePods(List<Integer> ordinals, Consumer<PodResource> delete, Duration atMost) {
        Map<Integer, String> before = new TreeMap<>();
        ordinals.forEach(ordinal ->
                before.put(ordinal, pod(ordinal).orElseThrow().getMetadata().getUid()));
        ordinals.forEach(
                ordinal -> delete.accept(client().pods().inNamespace(namespace).withName(podName(ordinal))));
        Wait.until(
                "the old pods are gone",
                atMost,
                () -> before.entrySet().stream()
                        .noneMatch(old -> pod(old.getKey())
                                .filter(pod -> pod.getMetadata().getUid().equals(old.getValue()))
                                .isPresent()));
    }

    Optional<PersistentVolumeClaim> claim(int ordinal) {
        return Optional.ofNullable(client().persistentVolumeClaims()
                .inNamespace(namespace)
                .withName(claimName(ordinal))
                .get());
    }

    /** As with `--grace-period=20`: too short for Muster to have one of them wait for another. */
    private static final long HASTY_GRACE_SECONDS = 20;

    /**
     * The volumes of these members are lost: claims and pods are deleted, others are made in their place. Several pods stop
     * at the same moment.
     */
    void loseVolumes(List<Integer> lost, List<Integer> restarted, Duration atMost) {
        Map<Integer, String> before = new TreeMap<>();
        lost.forEach(ordinal ->
                before.put(ordinal, claim(ordinal).orElseThrow().getMetadata().getUid()));
        lost.forEach(ordinal -> client().persistentVolumeClaims()
                .inNamespace(namespace)
                .withName(claimName(ordinal))
                .delete());
        List<Integer> pods =
                Stream.concat(lost.stream(), restarted.stream()).distinct().toList();
        deletePods(
                pods,
                pod -> {
                    if (pods.size() == 1) {
                        pod.delete();
                    } else {
                        pod.withGracePeriod(HASTY_GRACE_SECONDS).delete();
                    }
                },
                atMost);
        Wait.until(
                "new claims",
                atMost,
                () -> before.entrySet().stream()
                        .allMatch(old -> claim(old.getKey())
                                .filter(claim -> !claim.getMetadata().getUid().equals(old.getValue()))
                                .isPresent()));
    }

    Optional<ConfigMap> record() {
        return Optional.ofNullable(
                client().configMaps().inNamespace(namespace).withName(RECORD).get());
    }

    Map<String, String> secret(String suffix) {
        Secret secret = client().secrets()
                .inNamespace(namespace)
                .withName(NAME + suffix)
                .get();
        return new TreeMap<>(Objects.requireNonNull(secret, "there is no Secret " + NAME + suffix)
                .getData());
    }

    ForwardedMongod mongod(int ordinal) {
        String text = key;
        if (text == null) {
            String encoded = Objects.requireNonNull(secret("-keyfile").get("keyfile"), "the keyfile's Secret is empty");
            text = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8).replaceAll("\\s", "");
            key = text;
        }
        return new ForwardedMongod(namespace, podName(ordinal), text);
    }

    /** The ids of all sets that any member's volume belongs to. */
    List<String> replicaSetIds() {
        return ordinals().stream()
                .flatMap(ordinal -> {
                    try (ForwardedMongod mongod = mongod(ordinal)) {
                        return mongod.replicaSetId().stream();
                    }
                })
                .distinct()
                .toList();
    }

    void writeMarkers(int count) {
        try (ForwardedMongod mongod = mongod(primary())) {
            mongod.writeMarkers(count);
        }
    }

    /** Fails unless every member has all of them. */
    void assertMarkers(int count) {
        for (int ordinal : ordinals()) {
            try (ForwardedMongod mongod = mongod(ordinal)) {
                Wait.untilAsserted(
                        "the data of " + podName(ordinal),
                        Duration.ofSeconds(15),
                        () -> assertThat(mongod.countMarkers())
                                .as("documents of " + podName(ordinal))
                                .isEqualTo(count));
            }
        }
    }

    ConfigHistory configHistory() {
        return ConfigHistory.of(List.of(logs.linesOfAll("mongod")));
    }

    /** Fails when anything, anybody forced a configuration. */
    void assertNeverForced() {
        assertThat(configHistory().forced())
                .as("versions that only force makes")
                .isEmpty();
        assertThat(logs.linesOfAll("mongod")).as("mongods' logs").noneMatch(line -> line.contains("\"force\":true"));
    }

    /** How often a set was made: what the mongods were asked, whoever asked. */
    long initiations() {
        return logs.linesOfAll("mongod").stream()
                .filter(MongodLogLines::initiates)
                .count();
    }
}
