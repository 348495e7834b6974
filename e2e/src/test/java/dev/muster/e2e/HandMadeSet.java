package dev.muster.e2e;

import com.mongodb.MongoException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.bson.Document;

/** A set with no sidecar, made as Muster makes one: one member at a time, each with short heartbeats, by a warm client. */
final class HandMadeSet implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofMillis(10);

    /** As Muster's, while a set of three forms: with the server's default it takes seconds longer. */
    private static final int HEARTBEAT_MILLIS = 3;

    private final String namespace;
    private final int members;
    private final ForwardedMongod first;

    private HandMadeSet(String namespace, int members, ForwardedMongod first) {
        this.namespace = namespace;
        this.members = members;
        this.first = first;
    }

    /** Creates the StatefulSet, and waits until the first pod runs. */
    static HandMadeSet start(String namespace, int members) {
        try (InputStream manifests = HandMadeSet.class.getResourceAsStream("by-hand.yaml")) {
            Cluster.client()
                    .load(Objects.requireNonNull(manifests, "by-hand.yaml"))
                    .inNamespace(namespace)
                    .create();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var pod = Cluster.client().pods().inNamespace(namespace).withName(Release.podName(0));
        Wait.until(
                "the first pod runs",
                BootstrapE2E.FORMS,
                () -> Optional.ofNullable(pod.get())
                        .filter(seen -> seen.getStatus().getPhase().equals("Running"))
                        .isPresent());
        return new HandMadeSet(namespace, members, ForwardedMongod.withoutKey(namespace, Release.podName(0), BETWEEN));
    }

    void formOneByOne(Duration atMost) {
        insist(
                "initiated",
                atMost,
                new Document(
                        "replSetInitiate",
                        new Document("_id", "rs0")
                                .append("members", List.of(new Document("_id", 0).append("host", host(0))))
                                .append("settings", new Document("heartbeatIntervalMillis", HEARTBEAT_MILLIS))));
        Wait.until(
                "a primary",
                atMost,
                BETWEEN,
                () -> first.admin(new Document("hello", 1)).getBoolean("isWritablePrimary", false));
        for (int ordinal = 1; ordinal < members; ordinal++) {
            int added = ordinal;
            reconfigure(
                    atMost,
                    configured -> configured.add(new Document("_id", added)
                            .append("host", host(added))
                            .append("votes", 0)
                            .append("priority", 0)));
            Wait.until(host(added) + " is SECONDARY", atMost, BETWEEN, () -> isSecondary(added));
            reconfigure(
                    atMost,
                    configured -> configured.get(added).append("votes", 1).append("priority", 1));
        }
    }

    private boolean isSecondary(int id) {
        return first.admin(new Document("replSetGetStatus", 1)).getList("members", Document.class).stream()
                .anyMatch(member -> member.getInteger("_id") == id && "SECONDARY".equals(member.getString("stateStr")));
    }

    private void reconfigure(Duration atMost, Consumer<List<Document>> change) {
        Document config = first.admin(new Document("replSetGetConfig", 1)).get("config", Document.class);
        List<Document> configured = new ArrayList<>(config.getList("members", Document.class));
        change.accept(configured);
        config.append("members", configured).append("version", config.getInteger("version") + 1);
        insist("reconfigured", atMost, new Document("replSetReconfig", config));
    }

    /** A member that is added may not answer yet, and neither may the first. */
    private void insist(String sentence, Duration atMost, Document command) {
        Wait.until(sentence, atMost, BETWEEN, () -> {
            try {
                first.admin(command);
                return true;
            } catch (MongoException e) {
                return false;
            }
        });
    }

    private String host(int ordinal) {
        return "%s.%s.%s.svc.cluster.local:27017".formatted(Release.podName(ordinal), Release.NAME, namespace);
    }

    /** Deletes the StatefulSet; its pods end by themselves. */
    void delete() {
        Cluster.client()
                .apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName(Release.NAME)
                .delete();
    }

    @Override
    public void close() {
        first.close();
    }
}
