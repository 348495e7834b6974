package dev.muster.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.plan.Outcome;
import org.bson.Document;
import org.junit.jupiter.api.Test;

class ApiTest {
    @Test
    void anObjectIsRead() {
        assertThat(Api.read(200, "{\"spec\":{\"replicas\":3}}"))
                .isEqualTo(new Answer.Ok(new Document("spec", new Document("replicas", 3))));
    }

    @Test
    void whatFailsIsAValueWithItsReason() {
        assertThat(Api.read(404, "{\"message\":\"pods \\\"mongo-3\\\" not found\"}"))
                .isEqualTo(new Answer.NotFound());
        assertThat(Api.read(409, "{\"message\":\"the object has been modified\"}"))
                .isEqualTo(new Answer.Conflict("the object has been modified"));
        assertThat(Api.read(403, "{\"message\":\"configmaps is forbidden\"}"))
                .isEqualTo(new Answer.Failed(403, "configmaps is forbidden"));
        assertThat(Api.read(502, "<html>Bad Gateway</html>"))
                .isEqualTo(new Answer.Failed(502, "the API server answered 502 without JSON"));
        for (String noObject : new String[] {"", "[]", "null", "\"ok\"", "{\"a\":"}) {
            assertThat(Api.read(200, noObject))
                    .as(noObject)
                    .isEqualTo(new Answer.Failed(200, "the API server answered 200 without JSON"));
        }
        assertThat(Api.read(500, "{}")).isEqualTo(new Answer.Failed(500, "HTTP 500"));
    }

    /** A conflict is no failure: somebody was faster, and the next cycle decides anew. */
    @Test
    void onlyWhatFailedIsAFailedOutcome() {
        assertThat(new Answer.Ok(new Document()).asOutcome()).isEqualTo(new Outcome.Done());
        assertThat(new Answer.Conflict("faster").asOutcome()).isEqualTo(new Outcome.Stale("faster"));
        assertThat(new Answer.NotFound().asOutcome()).isInstanceOf(Outcome.Stale.class);
        assertThat(new Answer.Failed(403, "forbidden").asOutcome()).isEqualTo(new Outcome.Failed(403, "forbidden"));
    }
}
