package dev.muster.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.Approval;
import dev.muster.model.SetRecord;
import java.time.Duration;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RecordDocumentTest {
    private static final String ID = "66000000000000000000aaaa";
    private static final String NEXT_ID = "66000000000000000000bbbb";
    private static final Document NONE = RecordDocument.empty("mongo-muster", "default");

    private static SetRecord read(Document configMap) {
        return RecordDocument.read(configMap, "rs0", "our-uid", Duration.ofSeconds(3));
    }

    @Test
    void anIntentTellsItsOwnPodFromAnother() {
        assertThat(read(RecordDocument.intended(NONE, "rs0", "our-uid")))
                .isEqualTo(new SetRecord.Intended("our-uid", true, Duration.ofSeconds(3)));
        assertThat(read(RecordDocument.intended(NONE, "rs0", "other-uid")))
                .isEqualTo(new SetRecord.Intended("other-uid", false, Duration.ofSeconds(3)));
    }

    /** Of two pods that do not know yet which they are, neither may take the other's intent for its own. */
    @Test
    void anIntentWithoutAHolderIsNobodys() {
        Document intended = RecordDocument.intended(NONE, "rs0", "our-uid");
        intended.get("data", Document.class).remove("intended-by-pod-uid");

        assertThat(RecordDocument.read(intended, "rs0", "", Duration.ZERO))
                .isEqualTo(new SetRecord.Intended("", false, Duration.ZERO));
    }

    @Test
    void theIdStaysWithEveryApproval() {
        Document formed = RecordDocument.formed(RecordDocument.intended(NONE, "rs0", "our-uid"), "rs0", ID);
        assertThat(read(formed)).isEqualTo(new SetRecord.Formed(ID));

        for (Approval approval :
                new Approval[] {new Approval.NewSet(ID), new Approval.ForceReconfig(ID, 12, 2), new Approval.None()}) {
            Document approved = RecordDocument.approved(formed, approval);
            assertThat(read(approved)).isEqualTo(new SetRecord.Formed(ID, approval));
            assertThat(read(RecordDocument.approved(approved, new Approval.None())))
                    .isEqualTo(new SetRecord.Formed(ID));
        }
    }

    @Test
    void aNewSetUsesTheApprovalUpAndKeepsWhatWasGivenUp() {
        Document approved = RecordDocument.approved(RecordDocument.formed(NONE, "rs0", ID), new Approval.NewSet(ID));
        Document intended = RecordDocument.intended(approved, "rs0", "our-uid");
        Document formed = RecordDocument.formed(intended, "rs0", NEXT_ID);

        assertThat(read(intended)).isInstanceOf(SetRecord.Intended.class);
        assertThat(read(formed)).isEqualTo(new SetRecord.Formed(NEXT_ID));
        assertThat(formed.get("data", Document.class)).containsEntry("given-up-replica-set-ids", ID);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void whatCannotBeUnderstoodMayHoldAnything(String data, String why) {
        Document configMap = new Document(NONE).append("data", Document.parse(data));

        assertThat(read(configMap))
                .isInstanceOfSatisfying(
                        SetRecord.Unavailable.class,
                        unavailable -> assertThat(unavailable.message()).contains(why));
    }

    static Stream<Arguments> whatCannotBeUnderstoodMayHoldAnything() {
        return Stream.of(
                arguments("{}", "of replica set ''"),
                arguments("{'set-name': 'rs1', 'phase': 'formed', 'replica-set-id': 'x'}", "of replica set 'rs1'"),
                arguments("{'set-name': 'rs0', 'phase': 'forming'}", "'forming'; allowed: intended, formed"),
                arguments("{'set-name': 'rs0', 'phase': 'formed'}", "no replica-set-id"));
    }

    @Test
    void anApprovalThatCannotBeReadApprovesNothing() {
        Document formed = RecordDocument.formed(NONE, "rs0", ID);
        formed.get("data", Document.class).append("approved-force-reconfig", "yes please");

        assertThat(read(formed)).isEqualTo(new SetRecord.Formed(ID));
    }
}
