package dev.muster.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.Approval;
import dev.muster.model.HostAddress;
import dev.muster.model.SetRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    private static final Duration LASTING = Duration.ofSeconds(3);
    private static final Instant GIVEN_AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final Approval FORCE = new Approval.ForceReconfig(
            new Approval.Incident(
                    ID,
                    12,
                    7,
                    2,
                    List.of(HostAddress.parse("mongo-1.mongo:27017"), HostAddress.parse("[2001:db8::1]:27017"))),
            GIVEN_AT);

    private static SetRecord formed(Approval approval) {
        return new SetRecord.Formed(ID, approval, LASTING);
    }

    private static SetRecord read(Document configMap) {
        return RecordDocument.read(configMap, "rs0", "our-uid", LASTING);
    }

    @Test
    void anIntentTellsItsOwnPodFromAnother() {
        assertThat(read(RecordDocument.intended(NONE, "rs0", "our-uid", 0)))
                .isEqualTo(new SetRecord.Intended("our-uid", Set.of(0), true, LASTING));
        assertThat(read(RecordDocument.intended(NONE, "rs0", "other-uid", 2)))
                .isEqualTo(new SetRecord.Intended("other-uid", Set.of(2), false, LASTING));
    }

    /** When the first ordinal changes meanwhile, the set may be in a pod that is no longer expected. */
    @Test
    void anIntentNamesAllWhoIntended() {
        Document taken =
                RecordDocument.intended(RecordDocument.intended(NONE, "rs0", "other-uid", 2), "rs0", "our-uid", 0);
        Document formed = RecordDocument.formed(taken, "rs0", ID);

        assertThat(read(taken)).isEqualTo(new SetRecord.Intended("our-uid", Set.of(0, 2), true, LASTING));
        assertThat(taken.get("data", Document.class)).containsEntry("intended-by-ordinals", "0,2");
        assertThat(formed.get("data", Document.class)).doesNotContainKey("intended-by-ordinals");
    }

    /** An older Muster did not name them. */
    @Test
    void anIntentWithoutOrdinals() {
        Document intended = RecordDocument.intended(NONE, "rs0", "our-uid", 0);
        intended.get("data", Document.class).remove("intended-by-ordinals");

        assertThat(read(intended)).isEqualTo(new SetRecord.Intended("our-uid", true, LASTING));
    }

    /** Of two pods that do not know yet which they are, neither may take the other's intent for its own. */
    @Test
    void anIntentWithoutAHolderIsNobodys() {
        Document intended = RecordDocument.intended(NONE, "rs0", "our-uid", 0);
        intended.get("data", Document.class).remove("intended-by-pod-uid");

        assertThat(RecordDocument.read(intended, "rs0", "", Duration.ZERO))
                .isEqualTo(new SetRecord.Intended("", Set.of(0), false, Duration.ZERO));
    }

    @Test
    void theIdStaysWithEveryApproval() {
        Document formed = RecordDocument.formed(RecordDocument.intended(NONE, "rs0", "our-uid", 0), "rs0", ID);
        assertThat(read(formed)).isEqualTo(formed(new Approval.None()));

        for (Approval approval : new Approval[] {
            new Approval.NewSet(ID, GIVEN_AT),
            new Approval.Seed(1, Optional.of(ID), GIVEN_AT),
            FORCE,
            new Approval.None()
        }) {
            Document approved = RecordDocument.approved(formed, "rs0", approval);
            assertThat(read(approved)).isEqualTo(formed(approval));
            assertThat(read(RecordDocument.approved(approved, "rs0", new Approval.None())))
                    .isEqualTo(formed(new Approval.None()));
        }
    }

    @Test
    void aNewSetUsesTheApprovalUpAndKeepsWhatWasGivenUp() {
        Document approved = RecordDocument.approved(
                RecordDocument.formed(NONE, "rs0", ID), "rs0", new Approval.NewSet(ID, GIVEN_AT));
        Document intended = RecordDocument.intended(approved, "rs0", "our-uid", 0);
        Document formed = RecordDocument.formed(intended, "rs0", NEXT_ID);

        assertThat(read(intended)).isInstanceOf(SetRecord.Intended.class);
        assertThat(read(formed)).isEqualTo(new SetRecord.Formed(NEXT_ID, new Approval.None(), LASTING));
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
                arguments(
                        "{'set-name': 'rs0', 'phase': 'forming'}",
                        "'forming'; allowed: not-initiated, intended, formed"),
                arguments("{'set-name': 'rs0', 'phase': 'formed'}", "no replica-set-id"),
                arguments(
                        "{'set-name': 'rs0', 'phase': 'intended', 'intended-by-ordinals': '0,mongo-1'}",
                        "intended-by-ordinals is '0,mongo-1'; allowed: ordinals"));
    }

    /** An operator reads it by kubectl, and it is there for an older or a newer sidecar. */
    @Test
    void anApprovalIsReadable() {
        Document formed = RecordDocument.formed(NONE, "rs0", ID);

        assertThat(RecordDocument.approved(formed, "rs0", FORCE).get("data", Document.class))
                .containsEntry(
                        "approved-force-reconfig",
                        "replica-set-id=66000000000000000000aaaa config-version=12 election-term=7 survivor=2"
                                + " down=[2001:db8::1]:27017,mongo-1.mongo:27017 approved-at=2026-01-01T00:00:00Z");
        assertThat(RecordDocument.approved(formed, "rs0", new Approval.NewSet(ID, GIVEN_AT))
                        .get("data", Document.class))
                .containsEntry(
                        "approved-new-set", "replica-set-id=66000000000000000000aaaa approved-at=2026-01-01T00:00:00Z");
        assertThat(RecordDocument.approved(formed, "rs0", new Approval.Seed(1, Optional.of(ID), GIVEN_AT))
                        .get("data", Document.class))
                .containsEntry(
                        "approved-seed",
                        "ordinal=1 replica-set-id=66000000000000000000aaaa approved-at=2026-01-01T00:00:00Z");
        assertThat(RecordDocument.approved(NONE, "rs0", new Approval.Seed(1, Optional.empty(), GIVEN_AT))
                        .get("data", Document.class))
                .containsEntry("phase", "not-initiated")
                .containsEntry("approved-seed", "ordinal=1 approved-at=2026-01-01T00:00:00Z");
    }

    @ParameterizedTest(name = "{0}={1}")
    @MethodSource
    void anApprovalThatCannotBeReadApprovesNothing(String key, String value) {
        Document formed = RecordDocument.formed(NONE, "rs0", ID);
        formed.get("data", Document.class).append(key, value);

        assertThat(read(formed)).isEqualTo(formed(new Approval.None()));
    }

    static Stream<Arguments> anApprovalThatCannotBeReadApprovesNothing() {
        String incident = "replica-set-id=%s config-version=12 election-term=7 survivor=2 ".formatted(ID);
        return Stream.of(
                arguments("approved-force-reconfig", "yes please"),
                arguments("approved-force-reconfig", "replica-set-id=%s config-version=12 survivor=2".formatted(ID)),
                arguments("approved-force-reconfig", incident + "down= approved-at=2026-01-01T00:00:00Z"),
                arguments("approved-force-reconfig", incident + "down=a:b approved-at=2026-01-01T00:00:00Z"),
                arguments("approved-force-reconfig", incident + "down=a:1,,b:1 approved-at=2026-01-01T00:00:00Z"),
                arguments("approved-force-reconfig", incident + "down=a:1"),
                arguments("approved-force-reconfig", incident + "down=a:1 approved-at=2026-13-01T00:00:00Z"),
                arguments("approved-new-set", ID),
                arguments("approved-new-set", "replica-set-id=%s approved-at=20260101T00000000000Z".formatted(ID)));
    }
}
