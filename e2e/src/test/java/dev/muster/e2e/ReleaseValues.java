package dev.muster.e2e;

import java.util.List;
import org.bson.Document;

/** Values of a release; immutable. */
final class ReleaseValues {
    private final Document document;

    private ReleaseValues(Document document) {
        this.document = document;
    }

    /**
     * A set of so many members. An ordinary stop of mongod takes 15 s, in which it serves those who have not heard yet
     * of the next primary; where that is not what is tested, it takes a second.
     *
     * <p>Without requests and limits: where a cluster runs its kubelets without cgroups for pods, as small ones for
     * tests do, a kubelet 1.34 can crash over them when a pod is made anew (kubernetes/kubernetes#137993).
     */
    static ReleaseValues replicas(int replicas) {
        return ofTheChart(replicas)
                .with("muster.resources", new Document("requests", null).append("limits", null))
                .with("mongod.resources", new Document("requests", null))
                .with("mongod.extraArgs", List.of("--setParameter=shutdownTimeoutMillisForSignaledShutdown=1000"));
    }

    /** A set of so many members, and all else as the chart has it. */
    static ReleaseValues ofTheChart(int replicas) {
        return new ReleaseValues(new Document()).with("replicas", replicas);
    }

    /** The server's own time for an ordinary stop. */
    ReleaseValues withOrdinaryStop() {
        return with("mongod.extraArgs", List.of());
    }

    /** The same with one value more, at a path such as {@code ordinals.start}. */
    ReleaseValues with(String path, Object value) {
        Document copy = Document.parse(document.toJson());
        Document at = copy;
        String[] keys = path.split("\\.", -1);
        for (int i = 0; i < keys.length - 1; i++) {
            Document inner = at.get(keys[i]) instanceof Document there ? there : new Document();
            at.put(keys[i], inner);
            at = inner;
        }
        at.put(keys[keys.length - 1], value);
        return new ReleaseValues(copy);
    }

    int replicas() {
        return document.getInteger("replicas");
    }

    int firstOrdinal() {
        return document.get("ordinals") instanceof Document ordinals ? ordinals.getInteger("start", 0) : 0;
    }

    /** JSON, which is YAML too. */
    String toJson() {
        return document.toJson();
    }
}
