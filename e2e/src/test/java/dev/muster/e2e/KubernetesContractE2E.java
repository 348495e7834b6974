package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.kube.ApiKubernetes;
import dev.muster.kube.Kubernetes;
import dev.muster.kube.Kubernetes.Existence;
import dev.muster.model.Approval;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.Naming;
import dev.muster.model.Self;
import dev.muster.model.SetRecord;
import dev.muster.mongo.Outcome;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The port to Kubernetes on the real API server, with the rights of the Role in {@code examples/manifests} and no others.
 * The StatefulSet's pods fit no node: what is tried is what the API server says, not what runs. A pod is made to be this
 * process by giving it the address of this host.
 */
@Tag("e2e")
@Timeout(60)
class KubernetesContractE2E {
    private static final Path MANIFESTS = Path.of("..", "examples", "manifests", "with-record.yaml");
    private static final String ID = "66000000000000000000aaaa";
    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir
    Path files;

    private final KubernetesClient admin = Cluster.client();
    private final String namespace =
            "muster-e2e-" + Integer.toString(ThreadLocalRandom.current().nextInt(1 << 20, 1 << 30), 36);
    private final AtomicInteger changes = new AtomicInteger();
    private final List<Kubernetes> opened = new ArrayList<>();

    @BeforeEach
    void makeTheStatefulSet() throws Exception {
        admin.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        String manifests = Files.readString(MANIFESTS)
                .replace("serviceAccountName: mongo", "nodeSelector: {nowhere: here}\n      serviceAccountName: mongo");
        Path edited = Files.writeString(files.resolve("manifests.yaml"), manifests);
        Cluster.kubectl(Duration.ofSeconds(30), "apply", "-n", namespace, "-f", edited.toString());
        Wait.until("pod mongo-0 exists", SOON, () -> pod("mongo-0").get() != null);
        address(ownAddress());
    }

    @AfterEach
    void removeEverything() {
        opened.forEach(Kubernetes::close);
        admin.apps().statefulSets().inNamespace(namespace).withName("mongo").delete();
        admin.namespaces().withName(namespace).delete();
    }

    private PodResource pod(String name) {
        return admin.pods().inNamespace(namespace).withName(name);
    }

    private void finalizers(String json) {
        pod("mongo-0")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":%s}}".formatted(json));
    }

    private void address(String ip) {
        pod("mongo-0")
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"status\":{\"podIP\":\"%s\",\"podIPs\":[{\"ip\":\"%s\"}]}}".formatted(ip, ip));
    }

    private static String ownAddress() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst()
                .orElseThrow()
                .getHostAddress();
    }

    /** As the service account of the manifests, whose Role is all that it may do. */
    private Kubernetes asSidecar() {
        return connect("mongo");
    }

    private Kubernetes connect(String serviceAccount) {
        String token = Cluster.kubectl(Duration.ofSeconds(20), "create", "token", "-n", namespace, serviceAccount)
                .output()
                .strip();
        return connect(admin.getConfiguration().getMasterUrl(), token);
    }

    private Kubernetes connect(String server, String token) {
        try {
            Path kubeconfig =
                    Files.writeString(files.resolve("kubeconfig-" + opened.size()), """
                    apiVersion: v1
                    kind: Config
                    current-context: test
                    contexts: [{name: test, context: {cluster: test, user: test}}]
                    clusters: [{name: test, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
                    users: [{name: test, user: {token: "%s"}}]
                    """.formatted(server, token));
            System.setProperty("kubeconfig", kubeconfig.toString());
            Self self = new Self(0, new Naming("mongo", "mongo", namespace, "cluster.local", 27017), "rs0");
            Kubernetes kubernetes = ApiKubernetes.connect(self, Clock.systemUTC(), changes::incrementAndGet);
            opened.add(kubernetes);
            // The first request reads the kubeconfig.
            assertThat(kubernetes.recordNow()).isNotNull();
            return kubernetes;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } finally {
            System.clearProperty("kubeconfig");
        }
    }

    private static <T> void soon(Supplier<T> actual, T expected) {
        Wait.untilAsserted(
                "soon " + expected, SOON, () -> assertThat(actual.get()).isEqualTo(expected));
    }

    private static KubernetesFacts.Known known(KubernetesFacts facts) {
        assertThat(facts).isInstanceOf(KubernetesFacts.Known.class);
        return (KubernetesFacts.Known) facts;
    }

    @Test
    @DisplayName("what the StatefulSet asks for is followed by a watch, and pods are looked at when asked")
    void factsAreFollowed() {
        Kubernetes kubernetes = asSidecar();
        Wait.until("known", SOON, () -> kubernetes.facts(Set.of()) instanceof KubernetesFacts.Known);
        assertThat(known(kubernetes.facts(Set.of(0, 7))).pods().keySet()).containsExactly(0);
        int before = changes.get();

        admin.apps().statefulSets().inNamespace(namespace).withName("mongo").scale(5);

        Wait.until("five", SOON, () -> known(kubernetes.facts(Set.of())).replicas() == 5);
        assertThat(changes.get()).isGreaterThan(before);
        assertThat(known(kubernetes.factsNow()).replicas()).isEqualTo(5);
        assertThat(known(kubernetes.factsNow()).firstOrdinal()).isZero();
    }

    @Test
    @DisplayName("a StatefulSet that does not exist says nothing of who is expected")
    void noStatefulSet() {
        Kubernetes kubernetes = asSidecar();
        Wait.until("known", SOON, () -> kubernetes.facts(Set.of()) instanceof KubernetesFacts.Known);

        Cluster.kubectl(Duration.ofSeconds(30), "delete", "sts", "mongo", "-n", namespace, "--cascade=orphan");

        soon(() -> kubernetes.facts(Set.of()), new KubernetesFacts.Unavailable("there is no StatefulSet mongo"));
        assertThat(kubernetes.factsNow()).isEqualTo(new KubernetesFacts.Unavailable("there is no StatefulSet mongo"));
    }

    @Test
    @DisplayName("only an ordinal without pod and without claim is gone")
    void existence() {
        Kubernetes kubernetes = asSidecar();
        soon(() -> kubernetes.existence(1), Existence.AT_LEAST_ONE);
        assertThat(kubernetes.existence(4)).isEqualTo(Existence.NEITHER);

        admin.apps().statefulSets().inNamespace(namespace).withName("mongo").scale(1);
        Wait.until("pod mongo-1 is gone", SOON, () -> pod("mongo-1").get() == null);

        assertThat(kubernetes.existence(1)).as("its claim is kept").isEqualTo(Existence.AT_LEAST_ONE);
        assertThat(kubernetes.existence(9))
                .as("a right that the Role does not give")
                .isEqualTo(Existence.UNKNOWN);
    }

    @Test
    @DisplayName("the record goes from absent to intended to formed, each once")
    void theRecordsLife() {
        Kubernetes kubernetes = asSidecar();
        soon(kubernetes::record, new SetRecord.Absent());
        assertThat(kubernetes.recordNow()).isEqualTo(new SetRecord.Absent());

        assertThat(kubernetes.recordIntended(new SetRecord.Absent())).isEqualTo(new Outcome.Done());
        assertThat(kubernetes.recordIntended(new SetRecord.Absent())).isInstanceOf(Outcome.Stale.class);
        assertThat(kubernetes.recordNow()).isEqualTo(new SetRecord.Intended(true, Duration.ZERO));
        Wait.until(
                "the watch shows it",
                SOON,
                () -> kubernetes.record() instanceof SetRecord.Intended seen && seen.byUs());

        assertThat(kubernetes.recordFormed(ID)).isEqualTo(new Outcome.Done());
        assertThat(kubernetes.recordFormed(ID)).isInstanceOf(Outcome.Stale.class);
        soon(kubernetes::record, new SetRecord.Formed(ID));
        assertThat(kubernetes.recordIntended(new SetRecord.Formed(ID)))
                .as("CAS on what was seen")
                .isNotNull();
    }

    @Test
    @DisplayName("S5: of many that write their intent at once, one succeeds")
    void oneIntent() throws Exception {
        List<Kubernetes> sidecars = List.of(asSidecar(), asSidecar(), asSidecar(), asSidecar());
        sidecars.forEach(sidecar -> soon(sidecar::record, new SetRecord.Absent()));
        List<Outcome> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Outcome>> futures = sidecars.stream()
                    .map(sidecar -> threads.submit(() -> sidecar.recordIntended(new SetRecord.Absent())))
                    .toList();
            for (Future<Outcome> future : futures) {
                outcomes.add(future.get());
            }
        }

        assertThat(outcomes).filteredOn(Outcome.Done.class::isInstance).hasSize(1);
        assertThat(outcomes).filteredOn(Outcome.Stale.class::isInstance).hasSize(3);
    }

    @Test
    @DisplayName("S5: who only has the name of the pod cannot write an intent, nor take over one")
    void anotherPodOfThisName() {
        address("10.255.255.254");
        Kubernetes kubernetes = asSidecar();

        assertThat(kubernetes.recordIntended(new SetRecord.Absent())).isInstanceOf(Outcome.Failed.class);
        assertThat(kubernetes.ownPod()).isInstanceOf(Kubernetes.NotKnown.class);
        assertThat(kubernetes.label("primary")).isInstanceOf(Outcome.Failed.class);
        assertThat(kubernetes.recordNow()).isEqualTo(new SetRecord.Absent());
    }

    @Test
    @DisplayName("an approval is for the recorded set, and can be used up once")
    void approvals() {
        Kubernetes kubernetes = asSidecar();
        assertThat(kubernetes.recordFormed(ID)).isEqualTo(new Outcome.Done());
        Approval approval = new Approval.ForceReconfig(ID, 7, 2);

        assertThat(kubernetes.recordApproval("66000000000000000000ffff", approval))
                .isInstanceOf(Outcome.Stale.class);
        assertThat(kubernetes.useUp(approval)).as("nobody approved it yet").isInstanceOf(Outcome.Stale.class);
        assertThat(kubernetes.recordApproval(ID, approval)).isEqualTo(new Outcome.Done());
        assertThat(kubernetes.recordNow()).isEqualTo(new SetRecord.Formed(ID, approval));
        assertThat(kubernetes.useUp(new Approval.ForceReconfig(ID, 8, 2))).isInstanceOf(Outcome.Stale.class);
        assertThat(kubernetes.useUp(approval)).isEqualTo(new Outcome.Done());
        assertThat(kubernetes.useUp(approval)).isInstanceOf(Outcome.Stale.class);
        assertThat(kubernetes.recordNow()).isEqualTo(new SetRecord.Formed(ID));
    }

    @Test
    @DisplayName("a pod that is being deleted is told from one that stays")
    void ownPod() {
        Kubernetes kubernetes = asSidecar();
        assertThat(kubernetes.ownPod()).isEqualTo(new Kubernetes.Staying());
        finalizers("[\"muster.dev/test\"]");
        try {
            pod("mongo-0").delete();

            assertThat(kubernetes.ownPod()).isInstanceOf(Kubernetes.Leaving.class);
            Wait.until("known", SOON, () -> kubernetes.facts(Set.of(0)) instanceof KubernetesFacts.Known);
            assertThat(known(kubernetes.facts(Set.of(0))).isTerminating(0)).isTrue();
            assertThat(known(kubernetes.facts(Set.of(0, 1))).isTerminating(1)).isFalse();
        } finally {
            finalizers("null");
        }
    }

    @Test
    @DisplayName("the role stands on the pod, and an Event tells people")
    void labelAndEvent() {
        Kubernetes kubernetes = asSidecar();

        assertThat(kubernetes.label("primary")).isEqualTo(new Outcome.Done());
        assertThat(pod("mongo-0").get().getMetadata().getLabels()).containsEntry("muster.dev/role", "primary");
        assertThat(kubernetes.event(true, "PeersUnknown", "waits for mongo-1")).isEqualTo(new Outcome.Done());
        assertThat(admin.v1().events().inNamespace(namespace).list().getItems())
                .filteredOn(event -> event.getReason().equals("PeersUnknown"))
                .singleElement()
                .satisfies(
                        event -> assertThat(event.getInvolvedObject().getName()).isEqualTo("mongo-0"));
    }

    @Test
    @DisplayName("S43: an older election never takes the primary's Service from a newer one")
    void theTermDecides() {
        Kubernetes kubernetes = asSidecar();
        Wait.until("known", SOON, () -> kubernetes.facts(Set.of()) instanceof KubernetesFacts.Known);

        assertThat(kubernetes.publishPrimary(5)).isEqualTo(new Outcome.Done());
        assertThat(addresses()).hasSize(1);
        assertThat(kubernetes.publishPrimary(4)).isInstanceOf(Outcome.Stale.class);
        assertThat(kubernetes.withdrawPrimary()).isEqualTo(new Outcome.Done());
        assertThat(addresses()).isEmpty();
        assertThat(kubernetes.publishPrimary(4)).isInstanceOf(Outcome.Stale.class);
        assertThat(addresses()).isEmpty();
        assertThat(kubernetes.publishPrimary(6)).isEqualTo(new Outcome.Done());
        assertThat(addresses()).hasSize(1);
    }

    private List<String> addresses() {
        EndpointSlice slice = admin.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .withName("mongo-primary")
                .get();
        return slice.getEndpoints() == null
                ? List.of()
                : slice.getEndpoints().stream()
                        .flatMap(endpoint -> endpoint.getAddresses().stream())
                        .toList();
    }

    @Test
    @DisplayName("rights that are missing are values with their reason")
    void withoutRights() {
        Kubernetes kubernetes = connect("default");

        Wait.untilAsserted("forbidden", SOON, () -> {
            assertThat(kubernetes.facts(Set.of()))
                    .isInstanceOfSatisfying(
                            KubernetesFacts.Unavailable.class,
                            away -> assertThat(away.message()).contains("forbidden"));
            assertThat(kubernetes.record())
                    .isInstanceOfSatisfying(
                            SetRecord.Unavailable.class,
                            away -> assertThat(away.message()).contains("forbidden"));
        });
        assertThat(kubernetes.recordFormed(ID)).isInstanceOf(Outcome.Failed.class);
        assertThat(kubernetes.existence(0)).isEqualTo(Existence.UNKNOWN);
        assertThat(kubernetes.publishPrimary(1)).isInstanceOf(Outcome.Failed.class);
    }

    @Test
    @DisplayName("an API server that is away is a value with its reason, within the limit")
    void away() {
        Kubernetes kubernetes = connect("https://127.0.0.1:1", "none");

        Wait.untilAsserted(
                "away",
                SOON,
                () -> assertThat(kubernetes.facts(Set.of()))
                        .isInstanceOfSatisfying(
                                KubernetesFacts.Unavailable.class,
                                away -> assertThat(away.message()).contains("https://127.0.0.1:1 does not answer")));
        assertThat(kubernetes.record()).isInstanceOf(SetRecord.Unavailable.class);
        assertThat(kubernetes.recordNow()).isInstanceOf(SetRecord.Unavailable.class);
        assertThat(kubernetes.ownPod()).isInstanceOf(Kubernetes.NotKnown.class);
        assertThat(kubernetes.recordIntended(new SetRecord.Absent())).isInstanceOf(Outcome.Failed.class);
    }
}
