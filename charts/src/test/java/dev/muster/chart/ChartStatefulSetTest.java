package dev.muster.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The StatefulSet: its fields, its containers, and what they are told. */
class ChartStatefulSetTest {
    /** Each field of the StatefulSet with the one value that changes it: a JSON pointer, its text with and without. */
    @ParameterizedTest(name = "{0}: {1} with {2}")
    @CsvSource(
            delimiter = '|',
            nullValues = "absent",
            value = {
                "/spec/podManagementPolicy | OrderedReady | podManagementPolicy: OrderedReady | Parallel",
                "/spec/replicas | 5 | replicas: 5 | 3",
                "/spec/ordinals/start | 7 | ordinals: {start: 7} | absent",
                "/spec/volumeClaimTemplates/0/spec/resources/requests/storage | 3Gi | storage: {size: 3Gi} | 10Gi",
                "/spec/volumeClaimTemplates/0/spec/storageClassName | fast | storage: {className: fast} | absent",
                "/spec/volumeClaimTemplates/0/spec/accessModes/0 | ReadWriteOncePod | storage: {accessModes: [ReadWriteOncePod]} | ReadWriteOnce",
                "/spec/volumeClaimTemplates/0/metadata/name | absent | storage: {enabled: false} | data",
                "/spec/persistentVolumeClaimRetentionPolicy/whenDeleted | Delete | storage: {retention: {whenDeleted: Delete}} | Retain",
                "/spec/persistentVolumeClaimRetentionPolicy/whenScaled | Delete | storage: {retention: {whenScaled: Delete}} | Retain",
                "/spec/template/spec/terminationGracePeriodSeconds | 60 | terminationGracePeriodSeconds: 60 | 300",
                "/spec/template/spec/priorityClassName | high | priorityClassName: high | absent",
                "/spec/template/spec/nodeSelector/disk | fast | nodeSelector: {disk: fast} | absent",
                "/spec/template/spec/tolerations/0/key | gpu | tolerations: [{key: gpu}] | absent",
                "/spec/template/spec/affinity/nodeAffinity/any | x | affinity: {nodeAffinity: {any: x}} | absent",
                "/spec/template/spec/imagePullSecrets/0/name | pull | imagePullSecrets: [{name: pull}] | absent",
                "/spec/template/spec/serviceAccountName | mine | serviceAccount: {name: mine} | mongo",
                "/spec/template/spec/serviceAccountName | default | {kubernetes: {enabled: false}, serviceAccount: {create: false}} | mongo",
                "/spec/template/spec/topologySpreadConstraints/1/topologyKey | absent | topologySpread: {enabled: false} | topology.kubernetes.io/zone",
                "/spec/template/spec/topologySpreadConstraints/0/whenUnsatisfiable | DoNotSchedule | topologySpread: {whenUnsatisfiable: DoNotSchedule} | ScheduleAnyway",
                "/spec/template/metadata/labels/team | a | podLabels: {team: a} | absent",
                "/spec/template/metadata/annotations/note | b | podAnnotations: {note: b} | absent",
                "/spec/template/metadata/annotations/prometheus.io~1scrape | false | podAnnotations: {prometheus.io/scrape: 'false'} | true",
                "/spec/template/metadata/annotations/prometheus.io~1port | absent | metrics: {annotations: false} | 8017",
                "/spec/template/spec/securityContext/runAsUser | 1000 | podSecurity: {runAsUser: 1000} | 999",
                "/spec/template/spec/containers/0/image | mongo:8.0 | mongod: {image: {tag: '8.0'}} | mongo:8.2",
                "/spec/template/spec/containers/0/imagePullPolicy | Always | mongod: {image: {pullPolicy: Always}} | IfNotPresent",
                "/spec/template/spec/containers/0/resources/limits/memory | 2Gi | mongod: {resources: {limits: {memory: 2Gi}}} | absent",
                "/spec/template/spec/containers/0/lifecycle/preStop/httpGet/path | absent | kubernetes: {enabled: false} | /prestop",
                "/spec/template/spec/initContainers/0/image | here/muster:1 | muster: {image: {repository: here/muster, tag: '1'}} | muster:0.1.0",
                "/spec/template/spec/initContainers/0/resources/limits/memory | 1Gi | muster: {resources: {limits: {memory: 1Gi}}} | 128Mi",
            })
    void aFieldFollowsItsValue(String pointer, @Nullable String with, String values, @Nullable String without) {
        assertThat(ChartTemplates.text(
                        ChartTemplates.render(values).statefulSet().at(pointer)))
                .isEqualTo(with);
        assertThat(ChartTemplates.text(ChartTemplates.render("").statefulSet().at(pointer)))
                .isEqualTo(without);
    }

    /** The sidecar's variables: with a value, with another or none. */
    @ParameterizedTest(name = "{0}: {1} with {2}")
    @CsvSource(
            delimiter = '|',
            nullValues = "absent",
            value = {
                "MUSTER_KUBERNETES | off | kubernetes: {enabled: false} | on",
                "MUSTER_REPLICAS | 3 | kubernetes: {enabled: false} | absent",
                "MUSTER_SET_NAME | other | setName: other | rs0",
                "MUSTER_SERVICE | db | fullnameOverride: db | mongo",
                "MUSTER_FIRST_ORDINAL | 7 | ordinals: {start: 7} | 0",
                "MUSTER_SEED_ORDINAL | 0 | seedOrdinal: 0 | absent",
                "MUSTER_SEED_ORDINAL | 8 | {seedOrdinal: 8, ordinals: {start: 6}} | absent",
                "MUSTER_CLUSTER_DOMAIN | example.org | clusterDomain: example.org | absent",
                "MUSTER_KEYFILE | absent | auth: {enabled: false} | /secret/keyfile/keyfile",
                "MUSTER_KEYFILE | /etc/muster/keyfile | mongod: {startOrder: prepare} | /secret/keyfile/keyfile",
                "MUSTER_START_DIR | absent | mongod: {startOrder: prepare} | /etc/muster",
                "MUSTER_DATA_DIR | absent | mongod: {startOrder: prepare} | /data/db",
                "MUSTER_ROOT_USER_FILE | absent | auth: {enabled: false} | /secret/root/username",
                "MUSTER_ROOT_PASSWORD_FILE | absent | auth: {enabled: false} | /secret/root/password",
                "MUSTER_HTTP_ADDRESS | :: | ipv6: true | absent",
                "MUSTER_MAX_LAG | 30s | muster: {maxLag: 30s} | 10s",
                "MUSTER_RENAME | never | muster: {rename: never} | when-unstable",
                "MUSTER_PROMPT_ELECTION | off | muster: {promptElection: false} | on",
                "MUSTER_LOG_LEVEL | debug | muster: {logLevel: debug} | info",
                "MINE | x | muster: {extraEnv: [{name: MINE, value: x}]} | absent",
            })
    void aVariableFollowsItsValue(String name, @Nullable String with, String values, @Nullable String without) {
        assertThat(ChartTemplates.render(values).variable(name).orElse(null)).isEqualTo(with);
        assertThat(ChartTemplates.render("").variable(name).orElse(null)).isEqualTo(without);
    }

    @ParameterizedTest
    @CsvSource({"sidecar, muster", "prepare, muster", "prepare, prepare"})
    void everyVariableIsAnOption(String startOrder, String container) throws Exception {
        String reference = Files.readString(ChartTemplates.repository().resolve("docs/reference.md"));
        String values = ValueSets.EVERYTHING.replace("mongod: {", "mongod: {startOrder: " + startOrder + ", ");
        assertThat(ChartTemplates.elements(ChartTemplates.render(values)
                                .container(container)
                                .path("env"))
                        .map(variable -> variable.path("name").asText()))
                .isNotEmpty()
                .allSatisfy(variable -> assertThat(reference).contains("`" + variable + "`"));
    }

    @Test
    void aDigestBeatsTheTag() {
        String digest = "sha256:" + "0123456789abcdef".repeat(4);
        ChartTemplates templates = ChartTemplates.render(
                "muster: {image: {tag: x, digest: '%s'}}\nmongod: {startOrder: prepare, image: {digest: '%s'}}"
                        .formatted(digest, digest));
        assertThat(ChartTemplates.text(templates.container("muster").path("image")))
                .isEqualTo("muster@" + digest);
        assertThat(ChartTemplates.text(templates.container("prepare").path("image")))
                .isEqualTo("muster@" + digest);
        assertThat(ChartTemplates.text(templates.container("mongod").path("image")))
                .isEqualTo("mongo@" + digest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sidecar", "prepare"})
    void mongodGetsItsArgumentsAndNoEntrypoint(String startOrder) {
        String everything = ValueSets.EVERYTHING.replace("mongod: {", "mongod: {startOrder: " + startOrder + ", ");
        assertThat(mongod(startOrder, everything))
                .containsExactly(
                        "mongod",
                        "--config=/etc/muster/mongod.conf",
                        "--replSet=rs0",
                        "--bind_ip_all",
                        "--ipv6",
                        "--port=27017",
                        "--dbpath=/data/db",
                        "--keyFile=/etc/muster/keyfile",
                        "--oplogSize=2048");
        assertThat(mongod(startOrder, ValueSets.AS_LITTLE_AS_POSSIBLE + "mongod: {startOrder: " + startOrder + "}"))
                .containsExactly(
                        "mongod",
                        "--config=/etc/muster/mongod.conf",
                        "--replSet=rs0",
                        "--bind_ip_all",
                        "--port=27017",
                        "--dbpath=/data/db");
    }

    /** What the container runs when it has waited for its sidecar, or at once. */
    private static List<String> mongod(String startOrder, String values) {
        List<String> command = ChartTemplates.texts(
                ChartTemplates.render(values).container("mongod").path("command"));
        if (startOrder.equals("prepare")) {
            return command;
        }
        assertThat(command).startsWith("/bin/sh", "-c");
        assertThat(command.get(2)).endsWith("\nexec \"$@\"\n");
        assertThat(command.get(3)).as("the shell's own name").isEqualTo("wait-for-start");
        return command.subList(4, command.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Parallel", "OrderedReady"})
    void theSidecarIsThereBeforeMongodAndWritesItsFiles(String policy) {
        ChartTemplates templates = ChartTemplates.render("podManagementPolicy: " + policy);
        JsonNode spec = templates.statefulSet().at("/spec/template/spec");
        assertThat(ChartTemplates.containers(spec).map(container -> ChartTemplates.text(container.path("name"))))
                .containsExactly("muster", "mongod");
        assertThat(ChartTemplates.text(spec.at("/initContainers/0/restartPolicy")))
                .isEqualTo("Always");
        assertThat(mount(templates, "muster", "/etc/muster").has("readOnly")).isFalse();
        assertThat(mount(templates, "mongod", "/etc/muster").path("readOnly").asBoolean())
                .isTrue();
        assertThat(mount(templates, "muster", "/data/db").path("readOnly").asBoolean())
                .as("the sidecar only looks at the data")
                .isTrue();
        assertThat(templates.mounts("muster")).contains("/secret/keyfile");
        assertThat(ChartTemplates.render("auth: {enabled: false}").mounts("muster"))
                .contains("/etc/muster")
                .doesNotContain("/secret/keyfile");
    }

    private static JsonNode mount(ChartTemplates templates, String container, String path) {
        return ChartTemplates.elements(templates.container(container).path("volumeMounts"))
                .filter(mount -> mount.path("mountPath").asText().equals(path))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void withPrepareTheFilesAreThereBeforeTheSidecarAndTheSidecarBeforeMongod() {
        ChartTemplates templates = ChartTemplates.render(ValueSets.PREPARE);
        JsonNode spec = templates.statefulSet().at("/spec/template/spec");
        assertThat(ChartTemplates.containers(spec).map(container -> ChartTemplates.text(container.path("name"))))
                .containsExactly("prepare", "muster", "mongod");
        assertThat(ChartTemplates.text(spec.at("/initContainers/0/restartPolicy")))
                .isNull();
        assertThat(ChartTemplates.text(spec.at("/initContainers/1/restartPolicy")))
                .isEqualTo("Always");
        assertThat(ChartTemplates.texts(spec.at("/initContainers/0/args")))
                .containsExactly(
                        "prepare",
                        "--from=/secret/keyfile/keyfile",
                        "--to=/etc/muster/keyfile",
                        "--mongod-config=/etc/muster/mongod.conf");
        assertThat(mount(templates, "muster", "/etc/muster").path("readOnly").asBoolean())
                .isTrue();
        assertThat(templates.mounts("muster")).doesNotContain("/data/db", "/secret/keyfile");
        assertThat(ChartTemplates.texts(ChartTemplates.render(ValueSets.AS_LITTLE_AS_POSSIBLE + ValueSets.PREPARE)
                        .container("prepare")
                        .path("args")))
                .containsExactly("prepare", "--mongod-config=/etc/muster/mongod.conf");
    }

    /** What would kill a recovery, or an initial sync that takes hours. */
    @Test
    void mongodHasNoProbeAndTheSidecarsLivenessIsNotTheDatabases() {
        ChartTemplates templates = ChartTemplates.render(ValueSets.EVERYTHING);
        assertThat(templates.container("mongod").fieldNames()).toIterable().noneMatch(field -> field.endsWith("Probe"));
        assertThat(ChartTemplates.text(templates.container("muster").at("/livenessProbe/httpGet/path")))
                .isEqualTo("/livez");
        assertThat(ChartTemplates.text(templates.container("muster").at("/readinessProbe/httpGet/path")))
                .isEqualTo("/readyz");
    }

    /** A mount without its volume, or the reverse, is found by the API server only. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.muster.chart.ValueSets#atBothEnds")
    void everyMountHasItsVolumeAndEveryVolumeItsMount(String name, String values) {
        JsonNode statefulSet = ChartTemplates.render(values).statefulSet();
        JsonNode spec = statefulSet.at("/spec/template/spec");
        List<String> volumes = new ArrayList<>();
        ChartTemplates.elements(spec.path("volumes"))
                .forEach(volume -> volumes.add(volume.path("name").asText()));
        ChartTemplates.elements(statefulSet.at("/spec/volumeClaimTemplates"))
                .forEach(claim -> volumes.add(claim.at("/metadata/name").asText()));
        assertThat(ChartTemplates.containers(spec)
                        .flatMap(container -> ChartTemplates.elements(container.path("volumeMounts")))
                        .map(mount -> mount.path("name").asText())
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(volumes);
    }
}
