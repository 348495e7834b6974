package dev.muster.e2e;

import java.util.List;
import org.bson.Document;

/** Values of a release; immutable. */
final class Values {
    private final Document document;

    private Values(Document document) {
        this.document = document;
    }

    /**
     * A set of so many members. An ordinary stop of mongod takes 15 s, in which it serves those who have not heard yet
     * of the next primary; where that is not what is tested, it takes a second.
     */
    static Values replicas(int replicas) {
        return new Values(new Document())
                .with("replicas", replicas)
                .with("mongod.extraArgs", List.of("--setParameter=shutdownTimeoutMillisForSignaledShutdown=1000"));
    }

    /** The server's own time for an ordinary stop. */
    Values withOrdinaryStop() {
        return with("mongod.extraArgs", List.of());
    }

    /** The same with one value more, at a path such as {@code ordinals.start}. */
    Values with(String path, Object value) {
        Document copy = Document.parse(document.toJson());
        Document at = copy;
        String[] keys = path.split("\\.", -1);
        for (int i = 0; i < keys.length - 1; i++) {
            Document inner = at.get(keys[i]) instanceof Document there ? there : new Document();
            at.put(keys[i], inner);
            at = inner;
        }
        at.put(keys[keys.length - 1], value);
        return new Values(copy);
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
