package dev.muster.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.Approval;
import dev.muster.model.HostAddress;
import dev.muster.model.Naming;
import dev.muster.model.Self;
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
    private static final Naming NAMING = new Naming("mongo", "mongo", "default", "cluster.local", 27017);
    private static final Self SELF = self(0);
    private static final Document NONE = RecordDocument.empty(NAMING);

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

    private static Self self(int ordinal) {
        return new Self(ordinal, NAMING, "rs0");
    }

    private static SetRecord formed(Approval approval) {
        return new SetRecord.Formed(ID, approval, LASTING);
    }

    private static SetRecord read(Document configMap) {
        return RecordDocument.read(configMap, SELF, "our-uid", LASTING);
    }

    @Test
    void anIntentTellsItsOwnPodFromAnother() {
        assertThat(read(RecordDocument.intended(NONE, self(0), "our-uid")))
                .isEqualTo(new SetRecord.Intended("our-uid", Set.of(0), true, LASTING));
        assertThat(read(RecordDocument.intended(NONE, self(2), "other-uid")))
                .isEqualTo(new SetRecord.Intended("other-uid", Set.of(2), false, LASTING));
    }

    /** When the first ordinal changes meanwhile, the set may be in a pod that is no longer expected. */
    @Test
    void anIntentNamesAllWhoIntended() {
        Document taken =
                RecordDocument.intended(RecordDocument.intended(NONE, self(2), "other-uid"), self(0), "our-uid");
        Document formed = RecordDocument.formed(taken, SELF, ID);

        assertThat(read(taken)).isEqualTo(new SetRecord.Intended("our-uid", Set.of(0, 2), true, LASTING));
        assertThat(taken.get("data", Document.class)).containsEntry("intended-by-ordinals", "0,2");
        assertThat(formed.get("data", Document.class)).doesNotContainKey("intended-by-ordinals");
    }

    /** An older Muster did not name them. */
    @Test
    void anIntentWithoutOrdinals() {
        Document intended = RecordDocument.intended(NONE, self(0), "our-uid");
        intended.get("data", Document.class).remove("intended-by-ordinals");

        assertThat(read(intended)).isEqualTo(new SetRecord.Intended("our-uid", true, LASTING));
    }

    /** Of two pods that do not know yet which they are, neither may take the other's intent for its own. */
    @Test
    void anIntentWithoutAHolderIsNobodys() {
        Document intended = RecordDocument.intended(NONE, self(0), "our-uid");
        intended.get("data", Document.class).remove("intended-by-pod-uid");

        assertThat(RecordDocument.read(intended, SELF, "", Duration.ZERO))
                .isEqualTo(new SetRecord.Intended("", Set.of(0), false, Duration.ZERO));
    }

    @Test
    void theIdStaysWithEveryApproval() {
        Document formed = RecordDocument.formed(RecordDocument.intended(NONE, self(0), "our-uid"), SELF, ID);
        assertThat(read(formed)).isEqualTo(formed(new Approval.None()));

        for (Approval approval : new Approval[] {
            new Approval.NewSet(ID, GIVEN_AT),
            new Approval.Seed(1, Optional.of(ID), GIVEN_AT),
            new Approval.RenameSet(2, ID, 7, "db-*.db.prod.svc.cluster.local", "66000000000000000000abcd", GIVEN_AT),
            FORCE,
            new Approval.None()
        }) {
            Document approved = RecordDocument.approved(formed, SELF, approval);
            assertThat(read(approved)).isEqualTo(formed(approval));
            assertThat(read(RecordDocument.approved(approved, SELF, new Approval.None())))
                    .isEqualTo(formed(new Approval.None()));
        }
    }

    @Test
    void aNewSetUsesTheApprovalUpAndKeepsWhatWasGivenUp() {
        Document approved =
                RecordDocument.approved(RecordDocument.formed(NONE, SELF, ID), SELF, new Approval.NewSet(ID, GIVEN_AT));
        Document intended = RecordDocument.intended(approved, self(0), "our-uid");
        Document formed = RecordDocument.formed(intended, SELF, NEXT_ID);

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

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void aRecordOfAnotherPlaceSaysNothingHere(String what, Naming elsewhere) {
        Self other = new Self(2, elsewhere, "rs0");
        Document intended = RecordDocument.intended(RecordDocument.empty(elsewhere), other, "our-uid");
        Document formed = RecordDocument.formed(intended, other, ID);
        Document approved = RecordDocument.approved(formed, other, new Approval.NewSet(ID, GIVEN_AT));
        for (Document copied : List.of(intended, formed, approved)) {
            assertThat(read(copied)).as(what).isEqualTo(new SetRecord.Absent());
        }

        Document ours = RecordDocument.intended(approved, SELF, "our-uid");
        assertThat(read(ours)).isEqualTo(new SetRecord.Intended("our-uid", Set.of(0), true, LASTING));
        assertThat(ours.get("data", Document.class)).doesNotContainKey("given-up-replica-set-ids");
        assertThat(read(RecordDocument.approved(formed, SELF, new Approval.Seed(0, Optional.empty(), GIVEN_AT))))
                .isEqualTo(new SetRecord.Absent(new Approval.Seed(0, Optional.empty(), GIVEN_AT), LASTING));
    }

    static Stream<Arguments> aRecordOfAnotherPlaceSaysNothingHere() {
        return Stream.of(
                arguments("another namespace", new Naming("mongo", "mongo", "prod", "cluster.local", 27017)),
                arguments("another StatefulSet", new Naming("db", "mongo", "default", "cluster.local", 27017)));
    }

    /** The pods and their volumes are the same. An older Muster did not name the place at all. */
    @Test
    void aRecordOfThisPlaceCountsWhateverTheService() {
        Naming renamed = new Naming("mongo", "db", "default", "cluster.local", 27017);
        Document formed = RecordDocument.formed(NONE, new Self(0, renamed, "rs0"), ID);
        assertThat(read(formed)).isEqualTo(formed(new Approval.None()));
        formed.get("data", Document.class).remove("namespace");
        formed.get("data", Document.class).remove("statefulset");
        assertThat(read(formed)).isEqualTo(formed(new Approval.None()));
    }

    /** An operator reads it by kubectl, and it is there for an older or a newer sidecar. */
    @Test
    void anApprovalIsReadable() {
        Document formed = RecordDocument.formed(NONE, SELF, ID);

        assertThat(RecordDocument.approved(formed, SELF, FORCE).get("data", Document.class))
                .containsEntry(
                        "approved-force-reconfig",
                        "replica-set-id=66000000000000000000aaaa config-version=12 election-term=7 survivor=2"
                                + " down=[2001:db8::1]:27017,mongo-1.mongo:27017 approved-at=2026-01-01T00:00:00Z");
        assertThat(RecordDocument.approved(formed, SELF, new Approval.NewSet(ID, GIVEN_AT))
                        .get("data", Document.class))
                .containsEntry(
                        "approved-new-set", "replica-set-id=66000000000000000000aaaa approved-at=2026-01-01T00:00:00Z");
        assertThat(RecordDocument.approved(formed, SELF, new Approval.Seed(1, Optional.of(ID), GIVEN_AT))
                        .get("data", Document.class))
                .containsEntry(
                        "approved-seed",
                        "ordinal=1 replica-set-id=66000000000000000000aaaa approved-at=2026-01-01T00:00:00Z");
        assertThat(RecordDocument.approved(NONE, SELF, new Approval.Seed(1, Optional.empty(), GIVEN_AT))
                        .get("data", Document.class))
                .containsEntry("phase", "not-initiated")
                .containsEntry("approved-seed", "ordinal=1 approved-at=2026-01-01T00:00:00Z");
    }

    @ParameterizedTest(name = "{0}={1}")
    @MethodSource
    void anApprovalThatCannotBeReadApprovesNothing(String key, String value) {
        Document formed = RecordDocument.formed(NONE, SELF, ID);
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
