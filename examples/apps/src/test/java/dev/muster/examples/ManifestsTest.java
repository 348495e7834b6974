package dev.muster.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests and the READMEs of the examples, without a cluster. */
class ManifestsTest {
    // Maven runs tests in the module's directory.
    private static final Path REPOSITORY = Path.of("../..");
    private static final Path EXAMPLES = REPOSITORY.resolve("examples");
    private static final List<String> NAMES = List.of("manifests", "quiz", "tracking", "from-standalone");
    private static final String SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final Pattern FILE = Pattern.compile("(?<![\\w./-])(?:examples|charts)/[\\w./-]+");
    private static final Pattern NAMED = Pattern.compile("`((?:\\.\\./)?[\\w./-]+\\.(?:yaml|json))`");

    /** Of all manifests; the chart's values are none. */
    static Stream<Path> manifests() {
        return NAMES.stream()
                .flatMap(name -> files(EXAMPLES.resolve(name)))
                .filter(file -> file.toString().endsWith(".yaml") && !file.endsWith("database.yaml"));
    }

    static Stream<Path> databases() {
        return Stream.of("with-record.yaml", "dns-only.yaml").map(EXAMPLES.resolve("manifests")::resolve);
    }

    private static Stream<Path> files(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    @DisplayName("every pod is of the security level restricted, and asks for what it needs")
    void restricted(Path file) {
        for (PodTemplateSpec template : templates(file)) {
            var pod = template.getSpec();
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream()))
                    .isNotEmpty()
                    .allSatisfy(container -> {
                        SecurityContext context = container.getSecurityContext();
                        assertThat(context.getAllowPrivilegeEscalation()).isFalse();
                        assertThat(context.getReadOnlyRootFilesystem()).isTrue();
                        assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
                        assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
                    });
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    @DisplayName("a pod gets no token by itself, and one that it asks for expires after an hour")
    void tokens(Path file) {
        for (PodTemplateSpec template : templates(file)) {
            var pod = template.getSpec();
            assertThat(pod.getAutomountServiceAccountToken()).isFalse();
            // Of 3607 seconds, which Kubernetes writes by itself, the API server makes a year.
            assertThat(pod.getVolumes())
                    .filteredOn(volume -> volume.getProjected() != null)
                    .flatExtracting(volume -> volume.getProjected().getSources())
                    .extracting(VolumeProjection::getServiceAccountToken)
                    .filteredOn(Objects::nonNull)
                    .allSatisfy(
                            token -> assertThat(token.getExpirationSeconds()).isEqualTo(3600));
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    @DisplayName("a database's sidecar is native, speaks for the pod's readiness, and keeps to the names around it")
    void database(Path file) {
        StatefulSet set = only(file, StatefulSet.class);
        var pod = set.getSpec().getTemplate().getSpec();
        Container muster = container(pod.getInitContainers(), "muster");
        assertThat(muster.getRestartPolicy()).isEqualTo("Always");
        assertThat(muster.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/readyz");
        assertThat(pod.getEnableServiceLinks()).isFalse();

        Container mongod = container(pod.getContainers(), "mongod");
        assertThat(mongod.getCommand()).contains("mongod", "--replSet=rs0", "--bind_ip_all");
        assertThat(mongod.getLivenessProbe()).isNull();

        assertThat(objects(file))
                .filteredOn(object -> object instanceof io.fabric8.kubernetes.api.model.Service service
                        && "None".equals(service.getSpec().getClusterIP()))
                .singleElement()
                .satisfies(object -> {
                    var service = (io.fabric8.kubernetes.api.model.Service) object;
                    assertThat(service.getMetadata().getName())
                            .isEqualTo(set.getSpec().getServiceName());
                    assertThat(service.getSpec().getPublishNotReadyAddresses()).isTrue();
                    // mongodb+srv asks for this name.
                    assertThat(service.getSpec().getPorts().getFirst().getName())
                            .isEqualTo("mongodb");
                });
    }

    @Test
    @DisplayName("by DNS alone: no token, no rights, no hook, and as many members as there are pods")
    void dnsOnly() {
        Path file = EXAMPLES.resolve("manifests/dns-only.yaml");
        StatefulSet set = only(file, StatefulSet.class);
        var pod = set.getSpec().getTemplate().getSpec();
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(container(pod.getContainers(), "mongod").getLifecycle()).isNull();
        assertThat(container(pod.getInitContainers(), "muster").getArgs())
                .contains("--kubernetes=off", "--replicas=" + set.getSpec().getReplicas());
        assertThat(objects(file)).noneMatch(Role.class::isInstance);
    }

    @Test
    @DisplayName("with the record: only the sidecar has a token, where Muster looks for it")
    void onlyTheSidecarHasAToken() {
        var pod = only(EXAMPLES.resolve("manifests/with-record.yaml"), StatefulSet.class)
                .getSpec()
                .getTemplate()
                .getSpec();
        assertThat(Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
                        .filter(container -> container.getVolumeMounts().stream()
                                .anyMatch(mount -> mount.getMountPath().equals(SERVICE_ACCOUNT))))
                .extracting(Container::getName)
                .containsExactly("muster");
    }

    @Test
    @DisplayName("with the record: mongod waits for its sidecar with the chart's lines, which the chart's tests run")
    void startOrder() throws IOException {
        var pod = only(EXAMPLES.resolve("manifests/with-record.yaml"), StatefulSet.class)
                .getSpec()
                .getTemplate()
                .getSpec();
        assertThat(container(pod.getContainers(), "mongod").getCommand())
                .startsWith(
                        "/bin/sh",
                        "-c",
                        Files.readString(REPOSITORY.resolve("charts/muster/files/wait-for-start.sh")),
                        "wait-for-start",
                        "mongod");
        Container muster = container(pod.getInitContainers(), "muster");
        assertThat(muster.getEnv()).anySatisfy(variable -> {
            assertThat(variable.getName()).isEqualTo("MUSTER_START_DIR");
            assertThat(variable.getValue()).isEqualTo("/etc/muster");
        });
        assertThat(muster.getVolumeMounts())
                .filteredOn(mount -> mount.getMountPath().equals("/data/db"))
                .singleElement()
                .satisfies(mount -> assertThat(mount.getReadOnly()).isTrue());
    }

    @Test
    @DisplayName("with the record: the rights are by name, but for what cannot be, and reach for five members")
    void role() {
        Path file = EXAMPLES.resolve("manifests/with-record.yaml");
        List<PolicyRule> rules = only(file, Role.class).getRules();
        assertThat(rules)
                .filteredOn(rule -> rule.getResourceNames().isEmpty())
                .allSatisfy(rule -> assertThat(rule.getVerbs()).containsExactly("create"));
        assertThat(namesOf(rules, "pods"))
                .isEqualTo(IntStream.range(0, 5)
                        .mapToObj(ordinal -> "mongo-" + ordinal)
                        .toList());
        assertThat(namesOf(rules, "persistentvolumeclaims"))
                .isEqualTo(IntStream.range(0, 5)
                        .mapToObj(ordinal -> "data-mongo-" + ordinal)
                        .toList());
        var hook = container(
                        only(file, StatefulSet.class)
                                .getSpec()
                                .getTemplate()
                                .getSpec()
                                .getContainers(),
                        "mongod")
                .getLifecycle()
                .getPreStop()
                .getHttpGet();
        assertThat(hook.getPath()).isEqualTo("/prestop");
        assertThat(hook.getPort().getIntVal()).isEqualTo(8017);
    }

    @ParameterizedTest
    @ValueSource(strings = {"manifests", "quiz", "tracking", "from-standalone"})
    @DisplayName("a README's commands name files that are there, and its table all files of its directory")
    void readme(String name) throws IOException {
        Path directory = EXAMPLES.resolve(name);
        assertThat(new Readme(directory.resolve("README.md"))
                        .allCommands()
                        .flatMap(command -> FILE.matcher(command).results().map(MatchResult::group)))
                .isNotEmpty()
                .allSatisfy(path -> assertThat(REPOSITORY.resolve(path)).exists());
        List<String> named = NAMED.matcher(Files.readString(directory.resolve("README.md")))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(files(directory)
                        .map(file -> file.getFileName().toString())
                        .filter(file -> !file.equals("README.md")))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(named).contains(file));
    }

    @Test
    @DisplayName("an image of Muster in the examples is this version's")
    void version() throws IOException {
        String expected = "image: muster:" + chartVersion();
        for (Path file : databases().toList()) {
            assertThat(Files.readString(file)
                            .lines()
                            .filter(line -> line.strip().startsWith("image: muster:")))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line.strip()).isEqualTo(expected));
        }
    }

    private static String chartVersion() throws IOException {
        return Files.readString(REPOSITORY.resolve("charts/muster/Chart.yaml"))
                .lines()
                .filter(line -> line.startsWith("appVersion: "))
                .findFirst()
                .orElseThrow()
                .substring("appVersion: ".length())
                .replace("\"", "");
    }

    private static List<HasMetadata> objects(Path file) {
        try {
            Object read = new KubernetesSerialization().unmarshal(Files.readString(file));
            return switch (read) {
                case io.fabric8.kubernetes.api.model.KubernetesList list -> list.getItems();
                case List<?> list -> list.stream().map(HasMetadata.class::cast).toList();
                default -> List.of((HasMetadata) read);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<PodTemplateSpec> templates(Path file) {
        return objects(file).stream()
                .flatMap(object -> template(object).stream())
                .toList();
    }

    private static Optional<PodTemplateSpec> template(HasMetadata object) {
        return switch (object) {
            case StatefulSet set -> Optional.of(set.getSpec().getTemplate());
            case Deployment deployment -> Optional.of(deployment.getSpec().getTemplate());
            case Job job -> Optional.of(job.getSpec().getTemplate());
            default -> Optional.empty();
        };
    }

    private static <T extends HasMetadata> T only(Path file, Class<T> type) {
        List<T> found =
                objects(file).stream().filter(type::isInstance).map(type::cast).toList();
        assertThat(found).as(type.getSimpleName() + " in " + file).hasSize(1);
        return found.getFirst();
    }

    private static Container container(List<Container> containers, String name) {
        return containers.stream()
                .filter(container -> container.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> namesOf(List<PolicyRule> rules, String resource) {
        return rules.stream()
                .filter(rule -> rule.getResources().contains(resource))
                .findFirst()
                .orElseThrow()
                .getResourceNames();
    }
}
