package dev.muster.e2e;

import dev.muster.examples.Readme;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Does what an example's README says, in a test's namespace. The commands run in a copy of the examples and the chart,
 * in which only what belongs to the whole cluster, or to this test's images, has another name.
 */
final class Example {
    /** The namespace that the READMEs have in their commands. */
    private static final String NAMESPACE = "shop";

    private static final String STORAGE_CLASS = "mongo-positions";
    private static final String STRICT = """
            set -euo pipefail
            trap 'echo "failed: $BASH_COMMAND"' ERR
            """;
    private static final Duration SECTION = Duration.ofMinutes(4);

    private final Release release;
    private static final String NO_RESOURCES =
            " --set muster.resources.requests=null,muster.resources.limits=null,mongod.resources.requests=null";

    private final Path directory;
    private final Readme readme;

    Example(Release release, String name) {
        this.release = release;
        directory = Path.of("target", "examples", release.namespace()).toAbsolutePath();
        copy(Path.of("../examples"), directory.resolve("examples"), this::adapted);
        copy(TestSettings.chart(), directory.resolve("charts/muster"), text -> text);
        readme = new Readme(Path.of("../examples", name, "README.md"));
    }

    /** The class that the example's StorageClass has here. */
    String storageClass() {
        return STORAGE_CLASS + "-" + release.namespace();
    }

    /** Without requests and limits, for the reason that {@link ReleaseValues#replicas} gives. */
    private String adapted(String manifest) {
        String sidecar = "muster:0.1.0";
        return manifest.replace(STORAGE_CLASS, storageClass())
                .replaceAll("(requests|limits): \\{(cpu|memory)[^}]*}.*", "")
                .replace(
                        "image: " + sidecar,
                        "image: " + TestSettings.sidecarImage().orElse(sidecar))
                .replace(
                        "image: " + ExampleImage.NAME,
                        "image: " + TestSettings.exampleImage().orElse(ExampleImage.NAME));
    }

    /** Runs all commands of a section, each of which has to succeed; returns what they printed. */
    String run(String section) {
        String script = readme.commands(section).stream()
                .filter(command -> !isDone(command))
                .map(this::inNamespace)
                .collect(Collectors.joining("\n", STRICT + "cd '" + directory + "'\n", "\n"));
        String output =
                ExternalCommand.run(SECTION, "bash", "-c", script).orThrow().output();
        System.out.printf("%s: '%s' did what its README says%n", release.label(), section);
        return output;
    }

    /** By the harness: the namespace is there and restricted, and the image is built and loaded. */
    private static boolean isDone(String command) {
        return command.startsWith("kubectl create namespace ")
                || command.startsWith("kubectl label namespace ")
                || command.startsWith("mvn ")
                || command.startsWith("docker ");
    }

    private String inNamespace(String command) {
        String adapted = command.replace("-n " + NAMESPACE, "-n " + release.namespace())
                .replace("/namespaces/" + NAMESPACE + "/", "/namespaces/" + release.namespace() + "/")
                .replace("/tmp/", directory + "/");
        if (!adapted.startsWith("helm install ")) {
            return adapted;
        }
        String ours = TestSettings.values()
                .map(file -> " -f " + file.toAbsolutePath())
                .orElse("");
        return adapted.replace(" -f ", ours + " -f ") + NO_RESOURCES;
    }

    /** A file of the copy. */
    Path file(String path) {
        return directory.resolve("examples").resolve(path);
    }

    private static void copy(Path from, Path to, UnaryOperator<String> change) {
        try (Stream<Path> files = Files.walk(from)) {
            List<Path> wanted = files.filter(Files::isRegularFile)
                    .filter(file -> !from.relativize(file).startsWith("apps"))
                    .toList();
            for (Path file : wanted) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.writeString(target, change.apply(Files.readString(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
