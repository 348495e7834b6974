package dev.muster.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pods may do on their nodes, and in the Kubernetes API. */
class ChartSecurityTest {
    /** The pod security standard "restricted", and a read-only root beyond it. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.muster.chart.ValueSets#atBothEnds")
    void noContainerRunsAsRootOrWritesToItsRoot(String name, String values) {
        ChartTemplates templates = ChartTemplates.render(values);
        assertThat(templates.podSpecs()).hasSize(2).allSatisfy(spec -> {
            assertThat(spec.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(spec.at("/securityContext/runAsUser").asInt()).isEqualTo(999);
            assertThat(ChartTemplates.text(spec.at("/securityContext/seccompProfile/type")))
                    .isEqualTo("RuntimeDefault");
            assertThat(ChartTemplates.text(spec.at("/securityContext/fsGroupChangePolicy")))
                    .isEqualTo("OnRootMismatch");
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

    /** mongod runs what clients send it: it gets no token. */
    @Test
    void onlyTheSidecarHasATokenAndOnlyWhereItAsksTheApi() {
        ChartTemplates templates = ChartTemplates.render("");
        assertThat(templates.mounts("muster")).contains("/var/run/secrets/kubernetes.io/serviceaccount");
        assertThat(templates.mounts("mongod")).containsExactlyInAnyOrder("/data/db", "/tmp", "/etc/muster");
        assertThat(ChartTemplates.render("kubernetes: {enabled: false}").mounts("muster"))
                .noneMatch(path -> path.startsWith("/var/run/secrets"));
    }

    /** Of 3607 seconds, and of no other time, the API server makes a year. */
    @Test
    void theTokenExpiresAfterAnHour() {
        assertThat(ChartTemplates.render(ValueSets.EVERYTHING).documents())
                .flatExtracting(document -> document.findValuesAsText("expirationSeconds"))
                .containsExactly("3600");
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

    /** Every pod that names no account runs as {@code default}. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "serviceAccount: {create: false}",
                "serviceAccount: {create: false, name: default}",
                "serviceAccount: {name: default}",
            })
    void permissionsAreNotGivenToTheAccountOfEveryPod(String values) {
        assertThatThrownBy(() -> ChartTemplates.render(values))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(
                        "serviceAccount.name", "every pod", "serviceAccount.create: true", "kubernetes.enabled: false");
        // Without the Kubernetes API there are no permissions to give.
        assertThat(ChartTemplates.render(values + "\nkubernetes: {enabled: false}")
                        .names())
                .noneMatch(name -> name.startsWith("Role"));
    }

    @Test
    void permissionsAreGivenToTheAccountThatIsNamed() {
        ChartTemplates templates = ChartTemplates.render("serviceAccount: {create: false, name: mine}");
        assertThat(templates.document("RoleBinding/mongo").at("/subjects").findValuesAsText("name"))
                .containsExactly("mine");
        assertThat(ChartTemplates.text(templates.statefulSet().at("/spec/template/spec/serviceAccountName")))
                .isEqualTo("mine");
    }

    private static List<String> names(JsonNode rules, String resource) {
        return ChartTemplates.elements(rules)
                .filter(rule -> ChartTemplates.texts(rule.path("resources")).contains(resource))
                .flatMap(rule -> ChartTemplates.texts(rule.path("resourceNames")).stream())
                .toList();
    }
}
