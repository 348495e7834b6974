package dev.muster.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which objects the chart brings, and the names that they have. */
class ChartObjectsTest {
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
        assertThat(ChartTemplates.render(ValueSets.AS_LITTLE_AS_POSSIBLE).names())
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
                "ServiceAccount/mongo        | serviceAccount: {create: true}       | serviceAccount: {create: false, name: mine}",
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

    @Test
    void theTestAsksEveryMember() {
        JsonNode pod =
                ChartTemplates.render("replicas: 2\nordinals: {start: 5}").document("Pod/mongo-test");
        assertThat(ChartTemplates.text(pod.at("/metadata/annotations").path(ChartTemplates.HOOK)))
                .isEqualTo("test");
        assertThat(ChartTemplates.elements(pod.at("/spec/containers"))
                        .map(container -> container.at("/args/1").asText()))
                .containsExactly("--url=http://mongo-5.mongo:8017", "--url=http://mongo-6.mongo:8017");
        // A member's labels would put it behind the Service and under the disruption budget.
        assertThat(ChartTemplates.text(pod.at("/metadata/labels/app.kubernetes.io~1name")))
                .isEqualTo("muster-test");
    }
}
