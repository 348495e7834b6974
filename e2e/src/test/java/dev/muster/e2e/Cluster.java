package dev.muster.e2e;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bson.BsonInvalidOperationException;
import org.bson.Document;
import org.bson.json.JsonParseException;

/** The cluster that {@code KUBECONFIG} names: one client for all tests, and {@code kubectl} for what people do. */
final class Cluster {
    private static final Duration REQUEST = Duration.ofSeconds(30);

    /** A pod that does not answer by then counts as silent: its node may be gone. */
    private static final Duration ASKING = Duration.ofSeconds(3);

    private static final KubernetesClient CLIENT = client(REQUEST);
    private static final KubernetesClient ASKER = client(ASKING);

    private Cluster() {}

    private static KubernetesClient client(Duration timeout) {
        Config config = new ConfigBuilder(Config.autoConfigure(null))
                .withRequestTimeout(Math.toIntExact(timeout.toMillis()))
                .withRequestRetryBackoffLimit(1)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    static KubernetesClient client() {
        return CLIENT;
    }

    /** What a pod's HTTP port answers through the API server; nothing when it does not, or not with JSON. */
    static Optional<Document> ask(String namespace, String pod, int port, String path) {
        try {
            return Optional.ofNullable(ASKER.raw(proxy(namespace, pod, port, path)))
                    .map(Document::parse);
        } catch (KubernetesClientException | JsonParseException | BsonInvalidOperationException _) {
            return Optional.empty();
        }
    }

    /** What a pod's HTTP port answers through the API server, as it is. */
    static String text(String namespace, String pod, int port, String path) {
        return CLIENT.raw(proxy(namespace, pod, port, path));
    }

    /** Posts to a pod's HTTP port through the API server. */
    static Document post(String namespace, String pod, int port, String path, String body) {
        return Document.parse(CLIENT.raw(proxy(namespace, pod, port, path), "POST", body));
    }

    private static String proxy(String namespace, String pod, int port, String path) {
        return "/api/v1/namespaces/%s/pods/%s:%d/proxy%s".formatted(namespace, pod, port, path);
    }

    static ExternalCommand.Result kubectl(Duration timeout, String... arguments) {
        return ExternalCommand.run(timeout, command("kubectl", arguments));
    }

    static ExternalCommand.Result helm(Duration timeout, String... arguments) {
        return ExternalCommand.run(timeout, command("helm", arguments));
    }

    private static List<String> command(String program, String... arguments) {
        return Stream.concat(Stream.of(program), Arrays.stream(arguments)).toList();
    }

    static List<Node> nodes() {
        return CLIENT.nodes().list().getItems();
    }

    static boolean allNodesReady() {
        return nodes().stream().allMatch(Cluster::isReady);
    }

    static boolean isReady(Node node) {
        return node.getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
    }
}
