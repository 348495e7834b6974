package dev.muster.e2e;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Follows the logs of all containers of a namespace into files: a pod that is deleted takes its log along, and what it
 * said last is what a test wants to know. One file per container's life, {@code <pod>_<container>_<its id>.log}.
 */
final class PodLogs implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofMillis(300);

    private final String namespace;
    private final Path directory;
    private final Map<String, Followed> followed = new HashMap<>();
    private final ContainerEnds ends = new ContainerEnds();
    private final Thread thread;
    private volatile boolean closed;

    private record Followed(LogWatch watch, OutputStream file) {
        boolean ended() {
            return watch.onClose().toCompletableFuture().isDone();
        }

        void close() throws IOException {
            watch.close();
            file.close();
        }
    }

    PodLogs(String namespace, Path directory) {
        this.namespace = namespace;
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = Thread.ofPlatform().daemon().name("logs-" + namespace).start(this::follow);
    }

    private void follow() {
        while (!closed) {
            try {
                for (Pod pod :
                        Cluster.client().pods().inNamespace(namespace).list().getItems()) {
                    ends.look(pod);
                    containers(pod).forEach(container -> follow(pod, container));
                }
            } catch (KubernetesClientException e) {
                // The API server is busy, or the container is not there yet: it is looked at again.
            }
            Wait.sleep(BETWEEN);
        }
    }

    private static Stream<ContainerStatus> containers(Pod pod) {
        return Stream.concat(
                        pod.getStatus().getInitContainerStatuses().stream(),
                        pod.getStatus().getContainerStatuses().stream())
                .filter(container -> container.getState() != null && container.getContainerID() != null);
    }

    private void follow(Pod pod, ContainerStatus container) {
        String id = container.getContainerID().replaceFirst(".*//", "");
        Followed before = followed.get(id);
        boolean running = container.getState().getRunning() != null;
        // A stream that broke, for example because its node lost the network, is opened again.
        if (before != null && !(running && before.ended())) {
            return;
        }
        if (!running && container.getState().getTerminated() == null) {
            return;
        }
        try {
            if (before != null) {
                before.close();
            }
            Path path = directory.resolve(
                    "%s_%s_%s.log".formatted(pod.getMetadata().getName(), container.getName(), id.substring(0, 12)));
            keep(path);
            OutputStream file = Files.newOutputStream(path);
            LogWatch watch = Cluster.client()
                    .pods()
                    .inNamespace(namespace)
                    .withName(pod.getMetadata().getName())
                    .inContainer(container.getName())
                    .watchLog(file);
            followed.put(id, new Followed(watch, file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What was followed so far. A kubelet that is back after a power loss no longer has the log of that container, and
     * answers with an error that takes the log's place.
     */
    private static void keep(Path log) throws IOException {
        Path former = former(log);
        if (Files.exists(log) && (!Files.exists(former) || Files.size(former) < Files.size(log))) {
            Files.move(log, former, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Path former(Path log) {
        return log.resolveSibling(log.getFileName() + ".former");
    }

    Path directory() {
        return directory;
    }

    /** The lines of a container of all lives of a pod, those that are known by now. */
    List<String> lines(String pod, String container) {
        return lines(name -> name.startsWith(pod + "_" + container + "_"));
    }

    /** The lines of that container of all pods. */
    List<String> linesOfAll(String container) {
        return lines(name -> name.contains("_" + container + "_"));
    }

    /** What shows that a mongod crashed, of all lives of all pods; empty if none did. */
    List<String> mongodCrashes() {
        return Stream.concat(
                        ends.crashes(),
                        linesOfAll("mongod").stream().flatMap(line -> MongodCrash.inLine(line).stream()))
                .toList();
    }

    /** A line of a container's log. */
    record Line(String pod, String container, String text) {}

    /** All lines there are. */
    Stream<Line> all() {
        return files(name -> true).stream().flatMap(file -> {
            String[] parts = file.getFileName().toString().split("_", 3);
            return parts.length < 3
                    ? Stream.empty()
                    : read(file).lines().map(text -> new Line(parts[0], parts[1], text));
        });
    }

    private List<String> lines(Predicate<String> fileName) {
        return files(fileName).stream().flatMap(file -> read(file).lines()).toList();
    }

    private List<Path> files(Predicate<String> fileName) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .filter(file -> fileName.test(file.getFileName().toString()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        Path former = former(file);
        try {
            // Each stream begins with the first line, so the longer one has what the other has.
            Path longer = Files.exists(former) && Files.size(former) > Files.size(file) ? former : file;
            // A log under way may end in the middle of a character.
            return new String(Files.readAllBytes(longer), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(Duration.ofSeconds(40));
            for (Followed each : followed.values()) {
                each.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
