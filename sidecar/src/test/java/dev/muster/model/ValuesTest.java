package dev.muster.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the small values compute. */
class ValuesTest {
    @ParameterizedTest(name = "{0}:{1} before {2}:{3}")
    @CsvSource({"a, 2, b, 1", "a, 1, a, 2"})
    void addressesAreOrderedByHostThenPort(String host, int port, String nextHost, int nextPort) {
        HostAddress address = new HostAddress(host, port);
        HostAddress next = new HostAddress(nextHost, nextPort);

        assertThat(address).isLessThan(next);
        assertThat(next).isGreaterThan(address);
        assertThat(address).isEqualByComparingTo(new HostAddress(host, port));
    }

    @Test
    void everyPortOfSixteenBitsIsOne() {
        assertThat(HostAddress.parse("a:1").port()).isEqualTo(1);
        assertThat(HostAddress.parse("a:65535").port()).isEqualTo(65535);
    }

    /** What an empty mongod says at a former address of mongo-1 must not count as what mongo-1 says. */
    @ParameterizedTest(name = "at the address of {0} answers {1}: {2}")
    @CsvSource({
        "mongo-1.mongo.default.svc.cluster.local, mongo-1, ''",
        "mongo-1.mongo.default.svc.cluster.local, mongo-1.mongo.default.svc.cluster.local, ''",
        "mongo-1.mongo.default.svc.cluster.local, mongo-2, mongo-2",
        "mongo-1.mongo.default.svc.cluster.local, mongo-10.mongo.default.svc.cluster.local, mongo-10",
        "mongo-1.mongo.default.svc.cluster.local, node-2, ''",
        "mongo-1.mongo.default.svc.cluster.local, mongo-prod-2, ''",
        "mongo-1.mongo.default.svc.cluster.local, mongo, ''",
        "mongo-1.mongo.default.svc.cluster.local, '', ''",
        "10.0.0.1, mongo-2, ''",
    })
    void anotherPodIsKnownByTheNameOfItsHost(String lookedFor, String hostname, String other) {
        assertThat(PeerMongod.anotherPod(new HostAddress(lookedFor, 27017), hostname))
                .isEqualTo(other.isEmpty() ? Optional.empty() : Optional.of(other));
    }

    @ParameterizedTest(name = "{0} of {1} bytes are {2}")
    @CsvSource({"0, 8, 0", "2, 8, 0.25", "8, 8, 1", "9, 8, 1"})
    void aClonesProgressIsAPartOfTheWhole(long copied, long total, double part) {
        assertThat(clone(copied, OptionalLong.of(total)).progress()).contains(part);
    }

    @Test
    void aCloneWhoseSizeIsNotKnownHasNoProgress() {
        assertThat(clone(1, OptionalLong.empty()).progress()).isEmpty();
        assertThat(clone(1, OptionalLong.of(0)).progress()).isEmpty();
    }

    @ParameterizedTest(name = "{0} failed attempts, from {1}: {2}")
    @CsvSource({"1, '', false", "2, '', true", "1, a:1, true", "1, b:1, false"})
    void anOrderedSourceIsTakenUpWhenItIsThereOrTheAttemptWasGivenUpForIt(int failed, String from, boolean taken) {
        InitialSync before = attempt(1, "");

        assertThat(attempt(failed, from).hasTakenUp(new HostAddress("a", 1), before))
                .isEqualTo(taken);
    }

    private static InitialSync attempt(int failed, String from) {
        return new InitialSync(
                from.isEmpty() ? Optional.empty() : Optional.of(HostAddress.parse(from)),
                failed,
                0,
                OptionalLong.empty(),
                Optional.empty(),
                Duration.ZERO);
    }

    private static InitialSync clone(long copied, OptionalLong total) {
        return new InitialSync(Optional.empty(), 0, copied, total, Optional.empty(), Duration.ZERO);
    }

    @ParameterizedTest
    @EnumSource(MemberState.class)
    void everyStateIsFoundByItsNumber(MemberState state) {
        assertThat(MemberState.ofCode(state.code())).isEqualTo(state);
    }

    @ParameterizedTest(name = "the server''s {0} is {1}")
    @CsvSource({"1, PRIMARY", "2, SECONDARY", "10, REMOVED", "4, UNKNOWN", "-1, UNKNOWN"})
    void statesHaveTheServersNumbers(int code, MemberState state) {
        assertThat(MemberState.ofCode(code)).isEqualTo(state);
    }

    @ParameterizedTest(name = "{0},{1},{2} before {3},{4},{5}")
    @CsvSource({"1, 9, 9, 2, 1, 1", "1, 1, 9, 1, 2, 1", "1, 1, 1, 1, 1, 2"})
    void aLaterTermIsNewerWhateverItsClock(long t1, long s1, long i1, long t2, long s2, long i2) {
        OpTime older = new OpTime(t1, s1, i1);
        OpTime newer = new OpTime(t2, s2, i2);

        assertThat(older).isLessThan(newer);
        assertThat(newer).isGreaterThan(older);
    }

    @Test
    void aPasswordIsNeverPrinted() {
        assertThat(new Credentials("root", "secret")).hasToString("Credentials[user=root]");
    }

    @ParameterizedTest(name = "place {0}: one secondary before it {1}, a choice of them {2}")
    @CsvSource({"0, false, false", "1, false, false", "2, true, false", "3, false, true", "4, false, true"})
    void fromTheFourthMemberOnThereIsAChoiceOfSecondaries(int place, boolean one, boolean several) {
        assertThat(CloneOrder.hasOneSecondaryBefore(place)).isEqualTo(one);
        assertThat(CloneOrder.hasChoiceOfSecondaries(place)).isEqualTo(several);
    }

    @Test
    void aRemovedMemberMayNotKnowItsSet() {
        assertThat(new LocalMongod.Removed("").heldSetId()).isEmpty();
        assertThat(new LocalMongod.Removed("a").heldSetId()).contains("a");
    }

    @Test
    void anApprovalIsSaidAsANoun() {
        assertThat(new Approval.None().words()).isEqualTo("nothing");
        assertThat(new Approval.NewSet("a", Instant.EPOCH).words()).isEqualTo("a new set to replace a");
        List<HostAddress> down = List.of(HostAddress.parse("c"), HostAddress.parse("b"));
        assertThat(new Approval.ForceReconfig(new Approval.Incident("a", 7, 3, 1, down), Instant.EPOCH).words())
                .isEqualTo(
                        "a forced reconfiguration of a, configuration version 7, election term 3, without b:27017, c:27017");
    }

    @Test
    void nobodyIsLessThanNothingBehind() {
        assertThat(new OpTime(1, 7, 0).behind(new OpTime(1, 10, 0))).isEqualTo(Duration.ofSeconds(3));
        assertThat(new OpTime(1, 10, 0).behind(new OpTime(1, 7, 0))).isZero();
    }

    @ParameterizedTest(name = "of ids {0} the first free one is {1}")
    @CsvSource({"'', 0", "'0', 1", "'1 2', 0", "'0 2', 1", "'2 0 1', 3"})
    void theLowestFreeIdIsTaken(String ids, int free) {
        List<ConfigMember> members = ids.isEmpty()
                ? List.of()
                : IntStream.of(List.of(ids.split(" ")).stream()
                                .mapToInt(Integer::parseInt)
                                .toArray())
                        .mapToObj(id -> new ConfigMember(
                                id, new HostAddress("m" + id, 1), 1, 1, false, false, Duration.ZERO, false))
                        .toList();

        assertThat(new SetConfig("rs0", "id", 1, 1, members, 2000, true).freeId())
                .isEqualTo(free);
    }
}
