package dev.muster.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Approval;
import dev.muster.model.LocalMongod;
import dev.muster.model.SetRecord;
import dev.muster.tell.CycleReport;
import dev.muster.tell.CycleReports;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.Test;

class StatusDocumentTest {
    private static final List<String> WITHOUT_A_SET = List.of(
            "setName",
            "self",
            "ready",
            "readyReason",
            "paused",
            "missing",
            "decision",
            "whatToDo",
            "waiting",
            "rules",
            "history",
            "at");

    @Test
    void aHealthySet() {
        Document status = StatusDocument.of(
                CycleReports.healthy(),
                Map.of(1, new OwnPart(Optional.of("mongo-0"), Optional.empty(), Optional.empty())));

        assertThat(status)
                .containsEntry("setName", "rs0")
                .containsEntry("replicaSetId", CycleReports.ID)
                .containsEntry("primary", "mongo-0")
                .containsEntry("configVersion", 7L)
                .containsEntry("configTerm", 2L)
                .containsEntry("configCommitted", true)
                .containsEntry("electionTerm", 2L)
                .containsEntry("self", "mongo-0")
                .containsEntry("ready", true)
                .containsEntry("readyReason", "PRIMARY")
                .containsEntry("paused", false)
                .containsEntry("missing", List.of())
                .containsEntry("whatToDo", "Nothing.")
                .containsEntry("at", "2026-11-20T10:15:30Z");
        assertThat(status.get("decision", Document.class))
                .containsEntry("kind", "settled")
                .containsEntry("since", "2026-11-20T10:14:15Z");
        assertThat(status.getList("members", Document.class).get(1))
                .isEqualTo(new Document("name", "mongo-1")
                        .append("ordinal", 1)
                        .append("host", "mongo-1.mongo.default.svc.cluster.local:27017")
                        .append("state", "SECONDARY")
                        .append("votes", 1)
                        .append("priority", 1.0)
                        .append("hidden", false)
                        .append("arbiter", false)
                        .append("self", false)
                        .append("healthy", true)
                        .append("lagSeconds", 0L)
                        .append("pingMillis", 1L)
                        .append("syncSource", "mongo-0")
                        .append("uptimeSeconds", 3661L)
                        .append("clonedFrom", "mongo-0"));
    }

    @Test
    void aCloneAndAMemberThatIsNoPod() {
        List<Document> members =
                StatusDocument.of(CycleReports.cloning(), Map.of()).getList("members", Document.class);

        assertThat(members.get(2))
                .containsEntry("clonedFrom", "mongo-1")
                .containsEntry("cloneProgress", 0.42)
                .doesNotContainKey("lagSeconds");
        assertThat(members.get(3))
                .containsEntry("name", null)
                .containsEntry("ordinal", null)
                .containsEntry("healthy", false)
                .doesNotContainKeys("lagSeconds", "pingMillis", "clonedFrom");
    }

    @Test
    void aMemberThatIsInNoSet() {
        for (LocalMongod local : List.of(
                new LocalMongod.Unreachable("connection refused"),
                new LocalMongod.Denied("bad auth"),
                new LocalMongod.Misconfigured("no --replSet"),
                new LocalMongod.Starting(),
                new LocalMongod.HoldsData("user bob@admin"),
                new LocalMongod.NotYetInitialized())) {
            Document status = StatusDocument.of(CycleReports.of(1, local), Map.of());

            assertThat(status.keySet()).as("%s", local).containsExactlyElementsOf(WITHOUT_A_SET);
            assertThat(status.getList("missing", Document.class))
                    .extracting(missing -> missing.getString("name"))
                    .containsExactly("mongo-0", "mongo-1", "mongo-2");
        }
    }

    @Test
    void anApprovalThatWasNotCarriedOutIsShown() {
        Approval force = new Approval.ForceReconfig(
                new Approval.Incident(CycleReports.ID, 7, 2, 1, List.of(CycleReports.NAMING.address(0))),
                CycleReports.NOW.minusSeconds(60));
        Approval newSet = new Approval.NewSet(CycleReports.ID, CycleReports.NOW.minusSeconds(3600));

        assertThat(approval(force))
                .isEqualTo(new Document("kind", "force-reconfig")
                        .append("what", force.words())
                        .append("carriedOutBy", "mongo-1")
                        .append("givenAt", "2026-11-20T10:14:30Z")
                        .append("validUntil", "2026-11-20T10:24:30Z")
                        .append("expired", false));
        assertThat(approval(newSet))
                .containsEntry("kind", "new-set")
                .containsEntry("carriedOutBy", "mongo-0")
                .containsEntry("validUntil", "2026-11-20T10:15:30Z")
                .containsEntry("expired", true);
        assertThat(StatusDocument.of(CycleReports.recorded(new SetRecord.Formed(CycleReports.ID)), Map.of()))
                .doesNotContainKey("approval");
    }

    private static Document approval(Approval approval) {
        CycleReport report = CycleReports.recorded(new SetRecord.Formed(CycleReports.ID, approval));
        return StatusDocument.of(report, Map.of()).get("approval", Document.class);
    }

    @Test
    void whyEachIsMissing() {
        CycleReport state = CycleReports.of(1, new LocalMongod.Unreachable("connection refused"));

        assertThat(StatusDocument.of(state, Map.of()).getList("missing", Document.class))
                .extracting(missing -> missing.getString("why"))
                .containsExactly("not asked yet", "its mongod does not answer: connection refused", "not asked yet");
    }

    @Test
    void aMemberWithDataAndWithoutAConfigurationSaysWhatItHolds() {
        CycleReport state = CycleReports.of(1, new LocalMongod.HoldsData("user bob@admin"));

        assertThat(StatusDocument.of(state, Map.of()).getList("missing", Document.class))
                .extracting(missing -> missing.getString("why"))
                .contains("has no replica set configuration, but has data of its own: user bob@admin");
    }

    @Test
    void aRemovedMemberTellsItsSet() {
        Document status = StatusDocument.of(CycleReports.of(1, new LocalMongod.Removed(CycleReports.ID)), Map.of());

        assertThat(status).containsEntry("replicaSetId", CycleReports.ID).doesNotContainKey("members");
    }

    @Test
    void numbersAreBareInJson() {
        assertThat(StatusDocument.toJson(StatusDocument.of(CycleReports.healthy(), Map.of())))
                .contains("\"configVersion\": 7,")
                .doesNotContain("$");
    }
}
