package dev.muster.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Test;

class PrimarySliceTest {
    private static final String SET = "6560a1b2c3d4e5f601020304";

    private static Document slice(String uid, String ip, long term) {
        return slice(uid, ip, SET, term);
    }

    private static Document slice(String uid, String ip, String replicaSetId, long term) {
        Document pod = new Document("metadata", new Document("name", "mongo-1").append("uid", uid))
                .append("spec", new Document("nodeName", "node-2"))
                .append("status", new Document("podIP", ip));
        Document set = new Document("metadata", new Document("name", "mongo").append("uid", "set-uid"));
        return PrimarySlice.of(
                new PrimarySlice.Target("mongo-primary", "default", set, pod, 27017), replicaSetId, term);
    }

    @Test
    void namesOnePodTheElectionAndTheService() {
        Document slice = slice("pod-uid", "10.1.2.3", 7);

        assertThat(PrimarySlice.termOf(slice)).isEqualTo(7);
        assertThat(PrimarySlice.podUidOf(slice)).isEqualTo("pod-uid");
        assertThat(PrimarySlice.podNameOf(slice)).isEqualTo("mongo-1");
        assertThat(slice.getString("addressType")).isEqualTo("IPv4");
        assertThat(slice.getList("endpoints", Document.class))
                .singleElement()
                .extracting(endpoint -> endpoint.get("addresses"))
                .isEqualTo(List.of("10.1.2.3"));
        assertThat(slice.getEmbedded(List.of("metadata", "labels"), Document.class))
                .containsEntry("kubernetes.io/service-name", "mongo-primary");
    }

    @Test
    void anIpv6PodHasASliceOfItsKind() {
        assertThat(slice("pod-uid", "fd00::17", 7).getString("addressType")).isEqualTo("IPv6");
    }

    @Test
    void isTheSameOnlyWithTheSamePodAddressAndElection() {
        Document slice = slice("a", "10.1.2.3", 7);

        assertThat(PrimarySlice.isSame(slice, slice("a", "10.1.2.3", 7))).isTrue();
        assertThat(PrimarySlice.isSame(slice, slice("b", "10.1.2.3", 7))).isFalse();
        assertThat(PrimarySlice.isSame(slice, slice("a", "10.1.2.4", 7))).isFalse();
        assertThat(PrimarySlice.isSame(slice, slice("a", "10.1.2.3", 8))).isFalse();
        assertThat(PrimarySlice.isSame(slice, PrimarySlice.emptied(slice))).isFalse();
    }

    @Test
    void anEmptiedSliceKeepsItsTerm() {
        Document emptied = PrimarySlice.emptied(slice("a", "10.1.2.3", 7));

        assertThat(PrimarySlice.termOf(emptied)).isEqualTo(7);
        assertThat(PrimarySlice.podUidOf(emptied)).isEmpty();
        assertThat(PrimarySlice.podNameOf(emptied)).isEmpty();
    }

    @Test
    void onlyAPodWithThatConditionIsReady() {
        Document ready = new Document("type", "Ready").append("status", "True");
        Document other = new Document("type", "Initialized").append("status", "True");

        assertThat(PrimarySlice.isReady(withConditions(other, ready))).isTrue();
        assertThat(PrimarySlice.isReady(withConditions(other, ready.append("status", "Unknown"))))
                .isFalse();
        assertThat(PrimarySlice.isReady(new Document())).isFalse();
    }

    private static Document withConditions(Document... conditions) {
        return new Document("status", new Document("conditions", List.of(conditions)));
    }

    @Test
    void aSliceThatAPersonMadeHasNoTerm() {
        assertThat(PrimarySlice.termOf(new Document("metadata", new Document())))
                .isEqualTo(-1);
        assertThat(PrimarySlice.podUidOf(new Document())).isEmpty();
    }

    @Test
    void aNewerElectionCountsOnlyInTheSameSet() {
        Document slice = slice("a", "10.1.2.3", 7);

        assertThat(PrimarySlice.isOfNewerElection(slice, SET, 6)).isTrue();
        assertThat(PrimarySlice.isOfNewerElection(slice, SET, 7)).isFalse();
        assertThat(PrimarySlice.isOfNewerElection(slice, "66000000000000000000ffff", 1))
                .as("a new set, approved in the place of one that was lost, begins with term 1")
                .isFalse();
        assertThat(PrimarySlice.isSame(slice, slice("a", "10.1.2.3", "66000000000000000000ffff", 7)))
                .isFalse();
    }
}
