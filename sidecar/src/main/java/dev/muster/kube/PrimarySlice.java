package dev.muster.kube;

import java.util.List;
import java.util.Optional;
import org.bson.Document;

/** The only EndpointSlice of the primary's Service, with the address and the term of the election. Pure. */
final class PrimarySlice {
    private static final String TERM = "muster.dev/election-term";

    private static final String SET = "muster.dev/replica-set-id";

    private PrimarySlice() {}

    /**
     * The endpoint of the Service.
     *
     * @param statefulSet the owner: the slice is deleted with it
     * @param port of mongod
     */
    record Target(String name, String namespace, Document statefulSet, Document pod, int port) {
        private String ip() {
            return pod.get("status", new Document()).get("podIP", "");
        }

        private Document meta() {
            return pod.get("metadata", new Document());
        }
    }

    /** The slice with our pod in it. */
    static Document of(Target target, String replicaSetId, long term) {
        Document set = target.statefulSet().get("metadata", new Document());
        Document endpoint = new Document("addresses", List.of(target.ip()))
                .append("conditions", new Document("ready", true))
                .append(
                        "targetRef",
                        new Document("kind", "Pod")
                                .append("name", target.meta().get("name", ""))
                                .append("namespace", target.namespace())
                                .append("uid", target.meta().get("uid", "")));
        Optional.ofNullable(target.pod().get("spec", new Document()).getString("nodeName"))
                .ifPresent(node -> endpoint.append("nodeName", node));
        return new Document("apiVersion", "discovery.k8s.io/v1")
                .append("kind", "EndpointSlice")
                .append(
                        "metadata",
                        new Document("name", target.name())
                                .append("namespace", target.namespace())
                                .append(
                                        "labels",
                                        new Document("kubernetes.io/service-name", target.name())
                                                .append("endpointslice.kubernetes.io/managed-by", "muster.dev"))
                                .append(
                                        "annotations",
                                        new Document(TERM, Long.toString(term)).append(SET, replicaSetId))
                                .append(
                                        "ownerReferences",
                                        List.of(new Document("apiVersion", "apps/v1")
                                                .append("kind", "StatefulSet")
                                                .append("name", set.get("name", ""))
                                                .append("uid", set.get("uid", "")))))
                .append("addressType", target.ip().contains(":") ? "IPv6" : "IPv4")
                .append(
                        "ports",
                        List.of(new Document("name", "mongodb")
                                .append("port", target.port())
                                .append("protocol", "TCP")))
                .append("endpoints", List.of(endpoint));
    }

    /** Whether a slice was written after a later election of the same set. A new set counts from the beginning. */
    static boolean isOfNewerElection(Document slice, String replicaSetId, long term) {
        return annotation(slice, SET).equals(replicaSetId) && termOf(slice) > term;
    }

    private static String annotation(Document slice, String name) {
        return slice.get("metadata", new Document())
                .get("annotations", new Document())
                .get(name, "");
    }

    /** The election's term in a slice; -1 where it cannot be read. */
    static long termOf(Document slice) {
        String term = annotation(slice, TERM);
        return term.matches("[0-9]{1,18}") ? Long.parseLong(term) : -1;
    }

    /** The uid of the pod in a slice; empty where there is none. */
    static String podUidOf(Document slice) {
        return target(slice, "uid");
    }

    /** The name of the pod in a slice; empty where there is none. */
    static String podNameOf(Document slice) {
        return target(slice, "name");
    }

    private static String target(Document slice, String field) {
        List<Document> endpoints = endpoints(slice);
        return endpoints.isEmpty()
                ? ""
                : endpoints.getFirst().get("targetRef", new Document()).get(field, "");
    }

    /** Whether a pod is ready: its containers run, and its sidecar says that its member serves. */
    static boolean isReady(Document pod) {
        return pod.get("status", new Document()).getList("conditions", Document.class, List.of()).stream()
                .anyMatch(condition -> condition.get("type", "").equals("Ready")
                        && condition.get("status", "").equals("True"));
    }

    /** Whether two slices lead to the same pod at the same address, by the same election. */
    static boolean isSame(Document one, Document other) {
        return termOf(one) == termOf(other)
                && annotation(one, SET).equals(annotation(other, SET))
                && podUidOf(one).equals(podUidOf(other))
                && addresses(one).equals(addresses(other))
                && endpoints(one).size() == endpoints(other).size();
    }

    private static List<String> addresses(Document slice) {
        return endpoints(slice).stream()
                .flatMap(endpoint -> endpoint.getList("addresses", String.class, List.of()).stream())
                .toList();
    }

    /** The same slice without an endpoint. The term stays, so that an older primary still cannot come back. */
    static Document emptied(Document slice) {
        return new Document(slice).append("endpoints", List.of());
    }

    private static List<Document> endpoints(Document slice) {
        return slice.get("endpoints") == null ? List.of() : slice.getList("endpoints", Document.class);
    }
}
