package dev.muster.e2e;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.json.JsonWriterSettings;

/** What a release looked like when its test failed. Best effort: what cannot be had is said and passed over. */
final class Evidence {
    private static final Duration EACH = Duration.ofSeconds(20);

    private final Release release;
    private final Path directory;

    Evidence(Release release, Path directory) {
        this.release = release;
        this.directory = directory;
    }

    /** Never throws: the test's own failure is what counts. */
    void keep() {
        quietly(
                "timeline",
                () -> write(
                        "timeline.txt",
                        String.join("\n", Timeline.of(release.logs().all())) + "\n"));
        quietly("status", this::statuses);
        quietly("objects", this::objects);
        quietly("events", this::events);
        quietly("logs", this::logs);
        quietly("configurations", this::configurations);
    }

    private interface Part {
        void keep() throws IOException;
    }

    private void quietly(String what, Part part) {
        try {
            Files.createDirectories(directory);
            part.keep();
        } catch (IOException | RuntimeException | AssertionError e) {
            System.out.println("evidence: no " + what + ": " + e);
        }
    }

    private void statuses() throws IOException {
        List<Integer> ordinals = pods().stream()
                .map(pod -> pod.getMetadata().getName())
                .filter(name -> name.matches(Release.NAME + "-\\d+"))
                .map(name -> Integer.parseInt(name.substring(Release.NAME.length() + 1)))
                .toList();
        for (var answer : release.status(ordinals).answers().entrySet()) {
            Document status = answer.getValue();
            write(
                    Release.podName(answer.getKey()) + ".status.json",
                    status.toJson(JsonWriterSettings.builder().indent(true).build()));
        }
    }

    private void objects() throws IOException {
        write(
                "objects.yaml",
                release.kubectl(
                                EACH,
                                "get",
                                "all,configmaps,persistentvolumeclaims,endpointslices,roles,rolebindings",
                                "--output=yaml")
                        .output());
        write(
                "pods.txt",
                release.kubectl(EACH, "get", "pods", "--output=wide", "--show-labels")
                        .output());
        write(
                "nodes.txt",
                Cluster.kubectl(EACH, "get", "nodes", "--output=wide").output());
    }

    private void events() throws IOException {
        write(
                "events.txt",
                release.kubectl(EACH, "get", "events", "--sort-by=.lastTimestamp")
                        .output());
    }

    private void logs() throws IOException {
        for (Pod pod : pods()) {
            for (ContainerStatus container : Stream.concat(
                            pod.getStatus().getInitContainerStatuses().stream(),
                            pod.getStatus().getContainerStatuses().stream())
                    .toList()) {
                String name = pod.getMetadata().getName() + "." + container.getName();
                log(pod, container, name + ".log", "--previous=false");
                if (container.getRestartCount() > 0) {
                    log(pod, container, name + ".previous.log", "--previous=true");
                }
            }
        }
        Releases.copy(release.logs().directory(), directory.resolve("followed"));
    }

    private void log(Pod pod, ContainerStatus container, String file, String previous) {
        quietly(
                file,
                () -> write(
                        file,
                        release.kubectl(EACH, "logs", pod.getMetadata().getName(), "-c", container.getName(), previous)
                                .output()));
    }

    private void configurations() throws IOException {
        write(
                "configurations.txt",
                release.configHistory().configs().stream()
                        .map(ConfigHistory.Config::toString)
                        .collect(Collectors.joining("\n")));
    }

    private List<Pod> pods() {
        return release.client().pods().inNamespace(release.namespace()).list().getItems();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }
}
