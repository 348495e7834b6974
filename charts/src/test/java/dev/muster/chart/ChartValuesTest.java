package dev.muster.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The values: their schema, and what is refused. */
class ChartValuesTest {
    private static final int MOST_LINES = 250;

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
                "mongod: {startOrder: first} | startOrder",
                "setName: 'a b' | setName",
                "muster: {image: {digest: latest}} | digest",
                "muster: {maxLag: 10} | maxLag",
                "muster: {rename: sometimes} | rename",
                "muster: {promptElection: 'off'} | promptElection",
                "mongod: {extraArgs: ['--port=1']} | mongod.extraArgs: \"--port=1\" is an option that the chart sets itself",
                "mongod: {extraArgs: ['--oplogSize 2048']} | mongod.extraArgs: \"--oplogSize 2048\" is not one argument",
                "mongod: {extraArgs: ['oplogSize=2048']} | mongod.extraArgs: \"oplogSize=2048\" is not one argument",
                "seedOrdinal: first | seedOrdinal",
                "seedOrdinal: 3 | seedOrdinal: 3 is the ordinal of no member: they are 0 to 2",
                "{seedOrdinal: 4, ordinals: {start: 5}} | seedOrdinal: 4 is the ordinal of no member: they are 5 to 7",
                "podLabels: {app.kubernetes.io/name: x} | podLabels: \"app.kubernetes.io/name\" is a label that the chart sets itself",
                "fullnameOverride: mongo.prod | fullnameOverride",
                "fullnameOverride: 3mongo | the name \"3mongo\"",
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
}
