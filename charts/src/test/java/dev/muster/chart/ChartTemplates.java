package dev.muster.chart;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What the chart makes of some values, rendered in this process by Helm's own code.
 *
 * @param documents in the order of their rendering
 */
record ChartTemplates(List<JsonNode> documents) {
    /** The release's name; all names follow from it. */
    static final String RELEASE = "mongo";

    static final String NAMESPACE = "templates";

    /** The first with native sidecars. */
    static final String OLDEST_KUBERNETES = "1.29.0";

    /** The annotation that says of an object which hook it is. */
    static final String HOOK = "templates.helm.sh/hook";

    /** A look-up of a Secret; its name is in parentheses. */
    private static final Pattern LOOKUP =
            Pattern.compile("lookup \"v1\" \"Secret\" \\.Release\\.Namespace (\\([^()]*\\))");

    private static final String ANSWER = "printf \"cluster/%s\" $1 | \\$.Files.Get | fromYaml";

    // A key that comes twice is a fault, which the API server would take.
    private static final ObjectMapper YAML =
            new ObjectMapper(new YAMLFactory()).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    /** The directory that holds the modules. */
    static Path repository() {
        // Maven runs tests in the module's directory.
        return Path.of("..");
    }

    /** The chart's directory. */
    static Path chart() {
        return repository().resolve("charts/muster");
    }

    /**
     * Renders the chart.
     *
     * @param values as in a values file; empty for the chart's own
     * @throws IllegalStateException when Helm refuses them; the message is Helm's
     */
    static ChartTemplates render(String values) {
        return render(values, OLDEST_KUBERNETES, Map.of());
    }

    /**
     * The same for another version of Kubernetes, in a namespace that holds something already.
     *
     * @param secrets the Secrets there, in YAML, by their names
     */
    static ChartTemplates render(String values, String kubeVersion, Map<String, String> secrets) {
        try {
            Path directory = Files.createTempDirectory("chart");
            try {
                return render(copy(directory, secrets), directory, values, kubeVersion);
            } finally {
                delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ChartTemplates render(Path chart, Path directory, String values, String kubeVersion)
            throws IOException {
        String manifest = new Helm(chart)
                .template()
                .withName(RELEASE)
                .withNamespace(NAMESPACE)
                .withKubeVersion(kubeVersion)
                .withValuesFile(Files.writeString(directory.resolve("values-of-the-test.yaml"), values))
                .call();
        List<JsonNode> documents = new ArrayList<>();
        try (MappingIterator<JsonNode> parsed = YAML.readerFor(JsonNode.class).readValues(manifest)) {
            parsed.forEachRemaining(documents::add);
        }
        documents.removeIf(document -> !document.isObject());
        return new ChartTemplates(List.copyOf(documents));
    }

    /** Helm asks whatever cluster there is when a template looks something up: here a file answers instead. */
    private static Path copy(Path directory, Map<String, String> secrets) throws IOException {
        Path source = chart();
        Path target = directory.resolve("muster");
        List<Path> files;
        try (Stream<Path> walk = Files.walk(source)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Path to = target.resolve(source.relativize(file).toString());
            Files.createDirectories(to.resolveSibling(""));
            String text = LOOKUP.matcher(Files.readString(file)).replaceAll(ANSWER);
            // It leaves hooks out, the pod of `helm test` among them.
            Files.writeString(to, text.replace(" helm.sh/hook:", " " + HOOK + ":"));
        }
        for (Map.Entry<String, String> secret : secrets.entrySet()) {
            Path to = target.resolve("cluster").resolve(secret.getKey());
            Files.createDirectories(to.resolveSibling(""));
            Files.writeString(to, secret.getValue());
        }
        return target;
    }

    private static void delete(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(directory)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }

    static JsonNode yaml(Path file) {
        try {
            return YAML.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Such as {@code Service/mongo-primary}; in the order of their rendering. */
    List<String> names() {
        return documents.stream().map(ChartTemplates::name).toList();
    }

    private static String name(JsonNode document) {
        return document.at("/kind").asText() + "/"
                + document.at("/metadata/name").asText();
    }

    /** The document of that kind and name. */
    JsonNode document(String name) {
        return documents.stream()
                .filter(document -> name(document).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not among " + names()));
    }

    JsonNode statefulSet() {
        return documents.stream()
                .filter(document -> document.at("/kind").asText().equals("StatefulSet"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no StatefulSet"));
    }

    /** The specifications of all pods that the chart makes: those of the set, and the one of {@code helm test}. */
    Stream<JsonNode> podSpecs() {
        return documents.stream()
                .flatMap(document -> Stream.of(document.at("/spec/template/spec"), document.at("/spec")))
                .filter(spec -> spec.has("containers"));
    }

    static Stream<JsonNode> containers(JsonNode podSpec) {
        return Stream.of("initContainers", "containers").flatMap(kind -> elements(podSpec.path(kind)));
    }

    /** A container of the set's pods. */
    JsonNode container(String name) {
        return containers(statefulSet().at("/spec/template/spec"))
                .filter(container -> container.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no container " + name));
    }

    /** The value of a variable of the sidecar. */
    Optional<String> variable(String name) {
        return elements(container("muster").path("env"))
                .filter(variable -> variable.path("name").asText().equals(name))
                .map(variable -> variable.path("value").asText())
                .findFirst();
    }

    /** Where the volumes of a container of the set's pods are mounted. */
    List<String> mounts(String container) {
        return elements(container(container).path("volumeMounts"))
                .map(mount -> mount.path("mountPath").asText())
                .toList();
    }

    /** The text of a node; null where there is no such node. */
    static @Nullable String text(JsonNode node) {
        return node.isMissingNode() ? null : node.asText();
    }

    static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    static List<String> texts(JsonNode array) {
        return elements(array).map(JsonNode::asText).toList();
    }
}
