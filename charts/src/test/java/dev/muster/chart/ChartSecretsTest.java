package dev.muster.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The keyfile's Secret and the root user's. What {@code lookup} finds in a cluster is given by the test: that it finds
 * the Secrets of a real namespace is not tested here.
 */
class ChartSecretsTest {
    @Test
    void secretsThatAreMadeAreKeptAndTakenByMongod() {
        ChartTemplates templates = ChartTemplates.render("auth: {rootUsername: admin}");
        for (String name : List.of("Secret/mongo-keyfile", "Secret/mongo-root")) {
            assertThat(ChartTemplates.text(
                            templates.document(name).at("/metadata/annotations/helm.sh~1resource-policy")))
                    .isEqualTo("keep");
        }
        // mongod takes 6 to 1024 characters of base64.
        assertThat(decoded(templates, "Secret/mongo-keyfile", "keyfile")).matches("[A-Za-z0-9+/=]{6,1024}");
        assertThat(decoded(templates, "Secret/mongo-root", "username")).isEqualTo("admin");
        assertThat(decoded(templates, "Secret/mongo-root", "password")).hasSizeGreaterThanOrEqualTo(24);
    }

    /** `helm template` makes a new one at each rendering. Members with different keyfiles refuse each other. */
    @Test
    void theApiServerRefusesAnotherKeyfile() {
        ChartTemplates templates = ChartTemplates.render("");
        assertThat(templates.document("Secret/mongo-keyfile").at("/immutable").asBoolean())
                .isTrue();
        assertThat(templates.document("Secret/mongo-root").has("immutable"))
                .as("its password may be changed at any time")
                .isFalse();
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

    private static String decoded(ChartTemplates templates, String secret, String key) {
        return new String(
                Base64.getDecoder()
                        .decode(templates.document(secret).at("/data/" + key).asText()),
                StandardCharsets.UTF_8);
    }
}
