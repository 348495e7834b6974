package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The chart, without a cluster. What {@code lookup} finds in one is given by the test: that it finds the Secrets of a real
 * namespace is not tested here.
 */
class ChartTemplateTest {
    private static final int MOST_LINES = 250;

    private static final String EVERYTHING = """
            ipv6: true
            clusterDomain: example.org
            ordinals: {start: 5}
            podManagementPolicy: OrderedReady
            networkPolicy: {enabled: true}
            podMonitor: {enabled: true}
            prometheusRule: {enabled: true}
            dashboard: {enabled: true}
            mongod: {extraArgs: [--oplogSize=2048]}
            """;

    private static final String AS_LITTLE_AS_POSSIBLE = """
            replicas: 1
            kubernetes: {enabled: false}
            auth: {enabled: false}
            storage: {enabled: false}
            topologySpread: {enabled: false}
            serviceAccount: {create: false}
            podDisruptionBudget: {enabled: false}
            metrics: {annotations: false}
            """;

    @Test
    void bringsTheseObjectsUnlessToldOtherwise() {
        assertThat(ChartTemplates.render("").names())
                .containsExactlyInAnyOrder(
                        "StatefulSet/mongo",
                        "Service/mongo",
                        "Service/mongo-primary",
                        "Secret/mongo-keyfile",
                        "Secret/mongo-root",
                        "ServiceAccount/mongo",
                        "Role/mongo",
                        "RoleBinding/mongo",
                        "PodDisruptionBudget/mongo",
                        "Pod/mongo-test");
        assertThat(ChartTemplates.render(AS_LITTLE_AS_POSSIBLE).names())
                .containsExactlyInAnyOrder("StatefulSet/mongo", "Service/mongo", "Pod/mongo-test");
    }

    /** Each object with the one value that brings it or takes it away. */
    @ParameterizedTest(name = "{0} comes with {1} and not with {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Service/mongo-primary       | kubernetes: {enabled: true}          | kubernetes: {enabled: false}",
                "Role/mongo                  | kubernetes: {enabled: true}          | kubernetes: {enabled: false}",
                "RoleBinding/mongo           | kubernetes: {enabled: true}          | kubernetes: {enabled: false}",
                "Secret/mongo-keyfile        | auth: {enabled: true}                | auth: {enabled: false}",
                "Secret/mongo-root           | auth: {enabled: true}                | auth: {enabled: false}",
                "Secret/mongo-keyfile        | auth: {existingRootSecret: mine}     | auth: {existingKeyfileSecret: mine}",
                "Secret/mongo-root           | auth: {existingKeyfileSecret: mine}  | auth: {existingRootSecret: mine}",
                "ServiceAccount/mongo        | serviceAccount: {create: true}       | serviceAccount: {create: false}",
                "PodDisruptionBudget/mongo   | podDisruptionBudget: {enabled: true} | podDisruptionBudget: {enabled: false}",
                "NetworkPolicy/mongo         | networkPolicy: {enabled: true}       | networkPolicy: {enabled: false}",
                "PodMonitor/mongo            | podMonitor: {enabled: true}          | podMonitor: {enabled: false}",
                "PrometheusRule/mongo        | prometheusRule: {enabled: true}      | prometheusRule: {enabled: false}",
                "ConfigMap/mongo-dashboard   | dashboard: {enabled: true}           | dashboard: {enabled: false}",
                "StatefulSet/mongo-db        | nameOverride: db                     | nameOverride: mongo",
                "StatefulSet/db              | fullnameOverride: db                 | nameOverride: db",
            })
    void anObjectComesAndGoesWithItsValue(String name, String with, String without) {
        assertThat(ChartTemplates.render(with).names()).contains(name);
        assertThat(ChartTemplates.render(without).names()).doesNotContain(name);
    }

    /** Each field of the StatefulSet with the one value that changes it: a JSON pointer, and its text with and without. */
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
                "/spec/template/spec/serviceAccountName | default | serviceAccount: {create: false} | mongo",
                "/spec/template/spec/topologySpreadConstraints/1/topologyKey | absent | topologySpread: {enabled: false} | topology.kubernetes.io/zone",
                "/spec/template/spec/topologySpreadConstraints/0/whenUnsatisfiable | DoNotSchedule | topologySpread: {whenUnsatisfiable: DoNotSchedule} | ScheduleAnyway",
                "/spec/template/metadata/labels/team | a | podLabels: {team: a} | absent",
                "/spec/template/metadata/annotations/note | b | podAnnotations: {note: b} | absent",
                "/spec/template/metadata/annotations/prometheus.io~1port | absent | metrics: {annotations: false} | 8017",
                "/spec/template/spec/securityContext/runAsUser | 1000 | podSecurity: {runAsUser: 1000} | 999",
                "/spec/template/spec/containers/0/image | mongo:8.0 | mongod: {image: {tag: '8.0'}} | mongo:8.2",
                "/spec/template/spec/containers/0/imagePullPolicy | Always | mongod: {image: {pullPolicy: Always}} | IfNotPresent",
                "/spec/template/spec/containers/0/resources/limits/memory | 2Gi | mongod: {resources: {limits: {memory: 2Gi}}} | absent",
                "/spec/template/spec/containers/0/lifecycle/preStop/httpGet/path | absent | kubernetes: {enabled: false} | /prestop",
                "/spec/template/spec/initContainers/1/image | here/muster:1 | muster: {image: {repository: here/muster, tag: '1'}} | muster:0.1.0",
                "/spec/template/spec/initContainers/1/resources/limits/memory | 1Gi | muster: {resources: {limits: {memory: 1Gi}}} | 128Mi",
            })
    void aFieldFollowsItsValue(String pointer, @Nullable String with, String values, @Nullable String without) {
        assertThat(text(ChartTemplates.render(values).statefulSet().at(pointer)))
                .isEqualTo(with);
        assertThat(text(ChartTemplates.render("").statefulSet().at(pointer))).isEqualTo(without);
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
                "MUSTER_CLUSTER_DOMAIN | example.org | clusterDomain: example.org | absent",
                "MUSTER_KEYFILE | absent | auth: {enabled: false} | /etc/muster/keyfile",
                "MUSTER_ROOT_USER_FILE | absent | auth: {enabled: false} | /secret/root/username",
                "MUSTER_ROOT_PASSWORD_FILE | absent | auth: {enabled: false} | /secret/root/password",
                "MUSTER_HTTP_ADDRESS | :: | ipv6: true | absent",
                "MUSTER_MAX_LAG | 30s | muster: {maxLag: 30s} | 10s",
                "MUSTER_LOG_LEVEL | debug | muster: {logLevel: debug} | info",
                "MINE | x | muster: {extraEnv: [{name: MINE, value: x}]} | absent",
            })
    void aVariableFollowsItsValue(String name, @Nullable String with, String values, @Nullable String without) {
        assertThat(ChartTemplates.render(values).variable(name).orElse(null)).isEqualTo(with);
        assertThat(ChartTemplates.render("").variable(name).orElse(null)).isEqualTo(without);
    }

    @Test
    void aDigestBeatsTheTag() {
        String digest = "sha256:" + "0123456789abcdef".repeat(4);
        ChartTemplates templates = ChartTemplates.render(
                "muster: {image: {tag: x, digest: '%s'}}\nmongod: {image: {digest: '%s'}}".formatted(digest, digest));
        assertThat(text(templates.container("muster").path("image"))).isEqualTo("muster@" + digest);
        assertThat(text(templates.container("prepare").path("image"))).isEqualTo("muster@" + digest);
        assertThat(text(templates.container("mongod").path("image"))).isEqualTo("mongo@" + digest);
    }

    @Test
    void mongodGetsItsArgumentsAndNoEntrypoint() {
        assertThat(ChartTemplates.texts(
                        ChartTemplates.render(EVERYTHING).container("mongod").path("command")))
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
        assertThat(ChartTemplates.texts(ChartTemplates.render(AS_LITTLE_AS_POSSIBLE)
                        .container("mongod")
                        .path("command")))
                .containsExactly(
                        "mongod",
                        "--config=/etc/muster/mongod.conf",
                        "--replSet=rs0",
                        "--bind_ip_all",
                        "--port=27017",
                        "--dbpath=/data/db");
    }

    @Test
    void theKeyfileIsThereBeforeTheSidecarAndTheSidecarBeforeMongod() {
        JsonNode spec = ChartTemplates.render("").statefulSet().at("/spec/template/spec");
        assertThat(ChartTemplates.containers(spec).map(container -> text(container.path("name"))))
                .containsExactly("prepare", "muster", "mongod");
        assertThat(text(spec.at("/initContainers/0/restartPolicy"))).isNull();
        assertThat(text(spec.at("/initContainers/1/restartPolicy"))).isEqualTo("Always");
        assertThat(ChartTemplates.texts(spec.at("/initContainers/0/args")))
                .containsExactly(
                        "prepare",
                        "--from=/secret/keyfile/keyfile",
                        "--to=/etc/muster/keyfile",
                        "--mongod-config=/etc/muster/mongod.conf");
        assertThat(ChartTemplates.texts(ChartTemplates.render(AS_LITTLE_AS_POSSIBLE)
                        .container("prepare")
                        .path("args")))
                .containsExactly("prepare", "--mongod-config=/etc/muster/mongod.conf");
    }

    /** What would kill a recovery, or an initial sync that takes hours. */
    @Test
    void mongodHasNoProbeAndTheSidecarsLivenessIsNotTheDatabases() {
        ChartTemplates templates = ChartTemplates.render(EVERYTHING);
        assertThat(templates.container("mongod").fieldNames()).toIterable().noneMatch(field -> field.endsWith("Probe"));
        assertThat(text(templates.container("muster").at("/livenessProbe/httpGet/path")))
                .isEqualTo("/livez");
        assertThat(text(templates.container("muster").at("/readinessProbe/httpGet/path")))
                .isEqualTo("/readyz");
    }

    @Test
    void membersFindEachOtherBeforeTheyAreReady() {
        JsonNode service = ChartTemplates.render("").document("Service/mongo").path("spec");
        assertThat(text(service.path("clusterIP"))).isEqualTo("None");
        assertThat(service.path("publishNotReadyAddresses").asBoolean()).isTrue();
        assertThat(text(service.at("/ports/0/name"))).isEqualTo("mongodb");
        assertThat(text(service.path("ipFamilyPolicy"))).isNull();
        assertThat(text(ChartTemplates.render("ipv6: true")
                        .document("Service/mongo")
                        .at("/spec/ipFamilyPolicy")))
                .isEqualTo("PreferDualStack");
    }

    @Test
    void thePrimarysServiceSelectsNobody() {
        JsonNode service =
                ChartTemplates.render("").document("Service/mongo-primary").path("spec");
        assertThat(service.has("selector")).isFalse();
        assertThat(text(service.at("/ports/0/name"))).isEqualTo("mongodb");
    }

    static Stream<Arguments> valuesAtBothEnds() {
        return Stream.of(
                Arguments.of("the defaults", ""),
                Arguments.of("everything", EVERYTHING),
                Arguments.of("as little as possible", AS_LITTLE_AS_POSSIBLE));
    }

    /** The pod security standard "restricted", and a read-only root beyond it. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("valuesAtBothEnds")
    void noContainerRunsAsRootOrWritesToItsRoot(String name, String values) {
        ChartTemplates templates = ChartTemplates.render(values);
        assertThat(templates.podSpecs()).hasSize(2).allSatisfy(spec -> {
            assertThat(spec.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(spec.at("/securityContext/runAsUser").asInt()).isEqualTo(999);
            assertThat(text(spec.at("/securityContext/seccompProfile/type"))).isEqualTo("RuntimeDefault");
            assertThat(text(spec.at("/securityContext/fsGroupChangePolicy"))).isEqualTo("OnRootMismatch");
            assertThat(spec.path("automountServiceAccountToken").asBoolean(true))
                    .isFalse();
            assertThat(ChartTemplates.containers(spec)).isNotEmpty().allSatisfy(container -> {
                JsonNode security = container.path("securityContext");
                assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
                assertThat(security.path("allowPrivilegeEscalation").asBoolean(true))
                        .isFalse();
                assertThat(ChartTemplates.texts(security.at("/capabilities/drop")))
                        .containsExactly("ALL");
                assertThat(security.has("runAsUser")).isFalse();
            });
        });
    }

    /** A mount without its volume, or the reverse, is found by the API server only. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("valuesAtBothEnds")
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

    /** mongod runs what clients send it: it gets no token. */
    @Test
    void onlyTheSidecarHasATokenAndOnlyWhereItAsksTheApi() {
        ChartTemplates templates = ChartTemplates.render("");
        assertThat(mounts(templates, "muster")).contains("/var/run/secrets/kubernetes.io/serviceaccount");
        assertThat(mounts(templates, "mongod")).containsExactlyInAnyOrder("/data/db", "/tmp", "/etc/muster");
        assertThat(mounts(ChartTemplates.render("kubernetes: {enabled: false}"), "muster"))
                .noneMatch(path -> path.startsWith("/var/run/secrets"));
    }

    @Test
    void rightsNameTheirObjectsExceptForCreating() {
        JsonNode rules = ChartTemplates.render("ordinals: {start: 5}")
                .document("Role/mongo")
                .path("rules");
        assertThat(ChartTemplates.elements(rules)).hasSizeGreaterThan(5).allSatisfy(rule -> {
            List<String> verbs = ChartTemplates.texts(rule.path("verbs"));
            if (!rule.has("resourceNames")) {
                assertThat(verbs).containsExactly("create");
            }
            assertThat(verbs).doesNotContain("*", "delete", "deletecollection");
            assertThat(ChartTemplates.texts(rule.path("resources"))).doesNotContain("*", "secrets");
        });
        List<String> pods = names(rules, "pods");
        assertThat(pods).hasSize(50).startsWith("mongo-5").endsWith("mongo-54");
        assertThat(names(rules, "persistentvolumeclaims")).hasSize(50).startsWith("data-mongo-5");
    }

    @Test
    void secretsThatAreMadeAreKeptAndTakenByMongod() {
        ChartTemplates templates = ChartTemplates.render("auth: {rootUsername: admin}");
        for (String name : List.of("Secret/mongo-keyfile", "Secret/mongo-root")) {
            assertThat(text(templates.document(name).at("/metadata/annotations/helm.sh~1resource-policy")))
                    .isEqualTo("keep");
        }
        // mongod takes 6 to 1024 characters of base64.
        assertThat(decoded(templates, "Secret/mongo-keyfile", "keyfile")).matches("[A-Za-z0-9+/=]{6,1024}");
        assertThat(decoded(templates, "Secret/mongo-root", "username")).isEqualTo("admin");
        assertThat(decoded(templates, "Secret/mongo-root", "password")).hasSizeGreaterThanOrEqualTo(24);
    }

    @Test
    void secretsThatAreThereStayAsTheyAre() {
        ChartTemplates templates = ChartTemplates.render(
                "auth: {rootUsername: another}",
                ChartTemplates.OLDEST_KUBERNETES,
                Map.of(
                        "mongo-keyfile", "data: {keyfile: a2V5}",
                        "mongo-root", "data: {username: YWRtaW4=, password: cGFzcw==}"));
        assertThat(decoded(templates, "Secret/mongo-keyfile", "keyfile")).isEqualTo("key");
        assertThat(decoded(templates, "Secret/mongo-root", "username")).isEqualTo("admin");
        assertThat(decoded(templates, "Secret/mongo-root", "password")).isEqualTo("pass");
        assertThat(decoded(ChartTemplates.render(""), "Secret/mongo-root", "password"))
                .isNotEqualTo(decoded(ChartTemplates.render(""), "Secret/mongo-root", "password"));
    }

    @Test
    void secretsOfYoursAreMounted() {
        JsonNode volumes = ChartTemplates.render("auth: {existingKeyfileSecret: one, existingRootSecret: two}")
                .statefulSet()
                .at("/spec/template/spec/volumes");
        assertThat(ChartTemplates.elements(volumes)
                        .map(volume -> volume.at("/secret/secretName").asText())
                        .filter(name -> !name.isEmpty()))
                .containsExactly("one", "two");
    }

    @Test
    void theTestAsksEveryMember() {
        JsonNode pod =
                ChartTemplates.render("replicas: 2\nordinals: {start: 5}").document("Pod/mongo-test");
        assertThat(text(pod.at("/metadata/annotations").path(ChartTemplates.HOOK)))
                .isEqualTo("test");
        assertThat(ChartTemplates.elements(pod.at("/spec/containers"))
                        .map(container -> container.at("/args/1").asText()))
                .containsExactly("--url=http://mongo-5.mongo:8017", "--url=http://mongo-6.mongo:8017");
        // A member's labels would put it behind the Service and under the disruption budget.
        assertThat(text(pod.at("/metadata/labels/app.kubernetes.io~1name"))).isEqualTo("muster-test");
    }

    @Test
    void aPolicyAdmitsTheMembersAndTheTestBesideTheOnesNamed() {
        JsonNode ingress = ChartTemplates.render(
                        "networkPolicy: {enabled: true, clients: [{podSelector: {}}], metrics: []}")
                .document("NetworkPolicy/mongo")
                .at("/spec/ingress");
        assertThat(ingress.at("/0/ports/0/port").asInt()).isEqualTo(27017);
        assertThat(ingress.at("/0/from")).hasSize(2);
        assertThat(ingress.at("/1/ports/0/port").asInt()).isEqualTo(8017);
        assertThat(ChartTemplates.elements(ingress.at("/1/from"))
                        .map(from -> from.at("/podSelector/matchLabels/app.kubernetes.io~1name")
                                .asText()))
                .containsExactly("muster", "muster-test");
    }

    @Test
    void alertsAndDashboardAreTheFilesOfTheChart() {
        ChartTemplates templates = ChartTemplates.render("""
                prometheusRule: {enabled: true, runbookUrl: 'https://example.org/books/'}
                dashboard: {enabled: true}
                """);
        JsonNode file = ChartTemplates.yaml(ChartTemplates.chart().resolve("files/alerts.yaml"));
        JsonNode groups = templates.document("PrometheusRule/mongo").at("/spec/groups");
        assertThat(groups).hasSameSizeAs(file.path("groups"));
        assertThat(groups.findValuesAsText("runbook_url"))
                .isNotEmpty()
                .allMatch(url -> url.startsWith("https://example.org/books/"));
        assertThat(groups.findValuesAsText("expr")).isEqualTo(file.findValuesAsText("expr"));
        JsonNode dashboard = templates.document("ConfigMap/mongo-dashboard");
        assertThat(text(dashboard.at("/metadata/labels/grafana_dashboard"))).isEqualTo("1");
        assertThat(dashboard.at("/data/muster.json").asText()).startsWith("{").endsWith("}");
    }

    /** Every level of the values: the key, or its type, is named by the refusal. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "replica: 3 | replica",
                "muster: {image: {name: x}} | name",
                "auth: {password: x} | password",
                "storage: {retention: {when: Retain}} | when",
                "mongod: {resources: {limit: {}}} | limit",
                "replicas: three | replicas",
                "replicas: 51 | replicas",
                "replicas: 0 | replicas",
                "ipv6: 'yes' | ipv6",
                "podManagementPolicy: parallel | podManagementPolicy",
                "setName: 'a b' | setName",
                "muster: {image: {digest: latest}} | digest",
                "muster: {maxLag: 10} | maxLag",
                "mongod: {extraArgs: ['--port=1']} | extraArgs",
                "podAnnotations: {a: 1} | podAnnotations",
                "podSecurity: {runAsUser: 0} | runAsUser",
                "terminationGracePeriodSeconds: 5 | terminationGracePeriodSeconds",
            })
    void aWrongValueIsRefusedByName(String values, String key) {
        assertThatThrownBy(() -> ChartTemplates.render(values))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(key);
    }

    /** Tried on a cluster: the second pod never becomes ready, and the third is never made. */
    @Test
    void onePodAfterTheOtherNeedsTheKubernetesApi() {
        assertThatThrownBy(
                        () -> ChartTemplates.render("podManagementPolicy: OrderedReady\nkubernetes: {enabled: false}"))
                .hasMessageContaining("OrderedReady needs kubernetes.enabled");
    }

    @Test
    void aKubernetesWithoutNativeSidecarsIsRefused() {
        assertThatThrownBy(() -> ChartTemplates.render("", "1.28.9", Map.of()))
                .hasMessageContaining("kubeVersion: >=1.29.0");
        assertThat(ChartTemplates.render("", "1.34.4-gke.100", Map.of()).names())
                .contains("StatefulSet/mongo");
    }

    @Test
    void theSchemaKnowsEveryKeyAndNoOther() {
        Path chart = ChartTemplates.chart();
        assertClosed(
                "",
                ChartTemplates.yaml(chart.resolve("values.schema.json")),
                ChartTemplates.yaml(chart.resolve("values.yaml")));
    }

    private static void assertClosed(String path, JsonNode schema, JsonNode values) {
        if (!schema.has("properties")) {
            return;
        }
        assertThat(schema.path("additionalProperties").asBoolean(true)).as(path).isFalse();
        // Helm gives `global` to a chart that is part of another; resources are as Kubernetes has them.
        if (path.isEmpty() || (values.isObject() && !path.endsWith("/resources"))) {
            assertThat(schema.path("properties").fieldNames())
                    .toIterable()
                    .as(path)
                    .filteredOn(key -> !key.equals("global"))
                    .containsExactlyInAnyOrderElementsOf(values::fieldNames);
        }
        schema.path("properties")
                .properties()
                .forEach(property -> assertClosed(
                        path + "/" + property.getKey(), property.getValue(), values.path(property.getKey())));
    }

    /** A value whose comment is missing, or a document that has grown beyond what anybody reads. */
    @Test
    void valuesAreCommentedAndShort() throws Exception {
        List<String> lines = Files.readAllLines(ChartTemplates.chart().resolve("values.yaml"));
        assertThat(lines).hasSizeLessThan(MOST_LINES);
        assertThat(lines).anyMatch(line -> line.startsWith("# "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"prepare", "muster"})
    void everyVariableIsAnOption(String container) throws Exception {
        String readme = Files.readString(ChartTemplates.chart().resolve("../../README.md"));
        assertThat(ChartTemplates.elements(ChartTemplates.render(EVERYTHING)
                                .container(container)
                                .path("env"))
                        .map(variable -> variable.path("name").asText()))
                .isNotEmpty()
                .allSatisfy(variable -> assertThat(readme).contains("`" + variable + "`"));
    }

    private static List<String> names(JsonNode rules, String resource) {
        return ChartTemplates.elements(rules)
                .filter(rule -> ChartTemplates.texts(rule.path("resources")).contains(resource))
                .flatMap(rule -> ChartTemplates.texts(rule.path("resourceNames")).stream())
                .toList();
    }

    private static List<String> mounts(ChartTemplates templates, String container) {
        return ChartTemplates.elements(templates.container(container).path("volumeMounts"))
                .map(mount -> mount.path("mountPath").asText())
                .toList();
    }

    private static String decoded(ChartTemplates templates, String secret, String key) {
        return new String(
                Base64.getDecoder()
                        .decode(templates.document(secret).at("/data/" + key).asText()),
                StandardCharsets.UTF_8);
    }

    private static @Nullable String text(JsonNode node) {
        return node.isMissingNode() ? null : node.asText();
    }
}
