package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.contract.ContractCluster;
import dev.muster.kube.ApiKubernetes;
import dev.muster.kube.Kubernetes;
import dev.muster.model.Naming;
import dev.muster.model.Self;
import dev.muster.plan.Outcome;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The real API server for the contract, in a namespace of its own, with the Role of {@code examples/manifests}. The
 * StatefulSet's pods fit no node: what is tried is what the API server says, not what runs. A pod is made to be this
 * process by giving it the address of this host.
 */
final class RealCluster implements ContractCluster {
    private static final Path MANIFESTS = Path.of("..", "examples", "manifests", "with-record.yaml");
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration KUBECTL = Duration.ofSeconds(30);

    private final KubernetesClient admin = Cluster.client();
    private final String namespace =
            "muster-e2e-" + Integer.toString(ThreadLocalRandom.current().nextInt(1 << 20, 1 << 30), 36);
    private final AtomicInteger changes = new AtomicInteger();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Map<String, String> tokens = new HashMap<>();
    private final Path files;

    RealCluster(Path files) throws IOException {
        this.files = files;
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
        Cluster.kubectl(KUBECTL, "apply", "-n", namespace, "-f", edited.toString());
        await("pod mongo-0 exists", () -> podExists(0));
        address(ownAddress());
    }

    private PodResource pod(int ordinal) {
        return admin.pods().inNamespace(namespace).withName("mongo-" + ordinal);
    }

    private void address(String ip) {
        pod(0).subresource("status")
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

    @Override
    public Kubernetes sidecar() {
        return connect("mongo");
    }

    @Override
    public Kubernetes sidecarWithoutRights() {
        return connect("default");
    }

    private Kubernetes connect(String serviceAccount) {
        return connect(server(), token(serviceAccount));
    }

    private String token(String serviceAccount) {
        return tokens.computeIfAbsent(
                serviceAccount,
                account -> Cluster.kubectl(KUBECTL, "create", "token", "-n", namespace, account)
                        .output()
                        .strip());
    }

    private String server() {
        return admin.getConfiguration().getMasterUrl();
    }

    /** A sidecar whose connections to the API server go through a relay, which may fall silent. */
    Kubernetes sidecarBehind(Relay relay) {
        URI to = URI.create(server());
        return connect("https://127.0.0.1:" + relay.to(to.getHost(), to.getPort()), token("mongo"));
    }

    @Override
    public Kubernetes sidecarOfNobody() {
        return connect("https://127.0.0.1:1", "none");
    }

    @Override
    public Kubernetes sidecarOfTheSilent() {
        try {
            // The operating system takes the connections, and nobody takes them from it.
            ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            opened.add(deaf);
            return connect("http://127.0.0.1:" + deaf.getLocalPort(), "none");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
            throw new UncheckedIOException(e);
        } finally {
            System.clearProperty("kubeconfig");
        }
    }

    @Override
    public int changes() {
        return changes.get();
    }

    @Override
    public void scale(int replicas) {
        admin.apps().statefulSets().inNamespace(namespace).withName("mongo").scale(replicas);
    }

    @Override
    public void removeStatefulSet() {
        Cluster.kubectl(KUBECTL, "delete", "sts", "mongo", "-n", namespace, "--cascade=orphan");
    }

    @Override
    public void removeRecord() {
        admin.configMaps().inNamespace(namespace).withName("mongo-muster").delete();
    }

    @Override
    public boolean podExists(int ordinal) {
        return pod(ordinal).get() != null;
    }

    @Override
    public void deleteLastingly() {
        finalizers("[\"muster.dev/test\"]");
        opened.add(() -> finalizers("null"));
        pod(0).delete();
    }

    private void finalizers(String json) {
        pod(0).patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":%s}}".formatted(json));
    }

    @Override
    public void moveAway() {
        address("10.255.255.254");
    }

    @Override
    public void replacePod() {
        String before = podUid();
        pod(0).withGracePeriod(0).delete();
        await("another pod", () -> podExists(0) && !podUid().equals(before));
        try {
            address(ownAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String podUid() {
        return pod(0).get().getMetadata().getUid();
    }

    @Override
    public String podVersion() {
        return pod(0).get().getMetadata().getResourceVersion();
    }

    @Override
    public String roleLabel() {
        return pod(0).get().getMetadata().getLabels().getOrDefault("muster.dev/role", "");
    }

    @Override
    public List<String> primaryAddresses() {
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

    @Override
    public List<String> podsOfEvents(String reason) {
        return admin.v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> event.getReason().equals(reason))
                .map(event -> event.getInvolvedObject().getUid())
                .toList();
    }

    @Override
    public List<Outcome> atOnce(List<Supplier<Outcome>> writes) {
        List<Outcome> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Outcome>> futures =
                    writes.stream().map(write -> threads.submit(write::get)).toList();
            for (Future<Outcome> future : futures) {
                outcomes.add(future.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return outcomes;
    }

    @Override
    public void await(String sentence, BooleanSupplier isSo) {
        Wait.until(sentence, SOON, isSo);
    }

    @Override
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime());
    }

    @Override
    public void close() {
        for (AutoCloseable one : opened.reversed()) {
            try {
                one.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        admin.apps().statefulSets().inNamespace(namespace).withName("mongo").delete();
        admin.namespaces().withName(namespace).delete();
    }
}
