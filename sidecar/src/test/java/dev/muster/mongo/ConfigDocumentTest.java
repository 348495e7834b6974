package dev.muster.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.SetConfig;
import dev.muster.plan.ConfigChange;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigDocumentTest {
    /** With fields that Muster does not know, at every level. */
    private static final String CONFIG = """
            {_id: "rs0", version: 4, term: {$numberLong: "2"}, writeConcernMajorityJournalDefault: true, future: 1,
             members: [
               {_id: 0, host: "a:27017", votes: 1, priority: 1.0, tags: {dc: "east"}, future: {x: 1}},
               {_id: 2, host: "b:27017", votes: 0, priority: 0.0, hidden: false, secondaryDelaySecs: {$numberLong: "0"},
                tags: {musterJoining: "true", dc: "west"}}],
             settings: {chainingAllowed: true, heartbeatIntervalMillis: 7, catchUpTimeoutMillis: -1, future: "y",
                        replicaSetId: {$oid: "66000000000000000000aaaa"}}}""";

    @Test
    void readsWhatIsDecidedBy() {
        SetConfig config = ConfigDocument.read(BsonDocument.parse(CONFIG), true);

        assertThat(config.setName()).isEqualTo("rs0");
        assertThat(config.replicaSetId()).isEqualTo("66000000000000000000aaaa");
        assertThat(config.version()).isEqualTo(4);
        assertThat(config.term()).isEqualTo(2);
        assertThat(config.heartbeatIntervalMillis()).isEqualTo(7);
        assertThat(config.committed()).isTrue();
        assertThat(config.members())
                .containsExactly(
                        new ConfigMember(0, HostAddress.parse("a:27017"), 1, 1, false, false, Duration.ZERO, false),
                        new ConfigMember(2, HostAddress.parse("b:27017"), 0, 0, false, false, Duration.ZERO, true));
        assertThat(config.freeId()).as("ids have gaps").isEqualTo(1);
    }

    @Test
    void readsHowFarAMemberStaysBehindOnPurpose() {
        BsonDocument config = BsonDocument.parse("""
                {_id: "rs0", version: 1, members: [
                  {_id: 0, host: "a:27017"},
                  {_id: 1, host: "b:27017", priority: 0, secondaryDelaySecs: {$numberLong: "3600"}}],
                 settings: {replicaSetId: {$oid: "66000000000000000000aaaa"}}}""");

        assertThat(ConfigDocument.read(config, true).members())
                .extracting(ConfigMember::delay)
                .containsExactly(Duration.ZERO, Duration.ofHours(1));
    }

    static Stream<Arguments> changes() {
        HostAddress b = HostAddress.parse("b:27017");
        return Stream.of(
                arguments(
                        new ConfigChange.Add(1, HostAddress.parse("c:27017")),
                        "{$push: 'members', value: {_id: 1, host: 'c:27017', votes: 0, priority: 0.0,"
                                + " tags: {musterJoining: 'true'}}}"),
                arguments(new ConfigChange.Promote(b), "{votes: 1, priority: 1.0, tags: {dc: 'west'}}"),
                arguments(
                        new ConfigChange.Demote(HostAddress.parse("a:27017")),
                        "{votes: 0, priority: 0.0, tags: {dc: 'east', musterJoining: 'priority=1.0'}}"),
                arguments(
                        new ConfigChange.Rename(2, b, HostAddress.parse("b.example:27017")),
                        "{host: 'b.example:27017'}"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void changesOnlyWhatIsMeantAndKeepsUnknownFields(ConfigChange change, String difference) {
        BsonDocument expected = BsonDocument.parse(CONFIG);
        expected.put("version", new BsonInt32(5));
        BsonDocument changes = BsonDocument.parse(difference);
        if (changes.containsKey("$push")) {
            expected.getArray("members").add(changes.get("value"));
        } else {
            int index = change instanceof ConfigChange.Demote ? 0 : 1;
            expected.getArray("members").get(index).asDocument().putAll(changes);
        }

        assertThat(ConfigDocument.apply(BsonDocument.parse(CONFIG), change)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "priority: 1                           | 1",
                "priority: 2.5                         | 2.5",
                "priority: 0                           | 0",
                "priority: 0, hidden: true             | 0",
                "priority: 0, secondaryDelaySecs: 3600 | 0",
            })
    void aVoteThatWasTakenIsGivenBackWithThePriorityThatItHad(String fields, double priority) {
        HostAddress host = HostAddress.parse("a:27017");
        BsonDocument before = BsonDocument.parse(
                "{version: 1, members: [{_id: 0, host: 'a:27017', votes: 1, %s}]}".formatted(fields));

        for (BsonDocument taken : List.of(
                ConfigDocument.apply(before, new ConfigChange.Demote(host)),
                ConfigDocument.withoutVotesOf(before, List.of(host)))) {
            assertThat(member(taken).getNumber("votes").intValue()).isZero();
            assertThat(member(taken).getNumber("priority").doubleValue()).isZero();

            BsonDocument given = member(ConfigDocument.apply(taken, new ConfigChange.Promote(host)));
            assertThat(given.getNumber("votes").intValue()).isEqualTo(1);
            assertThat(given.getNumber("priority").doubleValue()).isEqualTo(priority);
            assertThat(given.getDocument("tags")).isEmpty();
        }
    }

    @Test
    void aVoteThatWasTakenForLostDataComesBackBeforeTheDataAndKeepsItsMarkUntilThen() {
        HostAddress host = HostAddress.parse("a:27017");
        BsonDocument before = BsonDocument.parse(
                "{version: 1, members: [{_id: 0, host: 'a:27017', votes: 1, priority: 2.5, tags: {dc: 'east'}}]}");

        BsonDocument taken = ConfigDocument.apply(before, new ConfigChange.TakeEmptyVote(host, "p"));
        BsonDocument returned = ConfigDocument.apply(taken, new ConfigChange.ReturnVote(host, "q"));
        BsonDocument forgotten = ConfigDocument.apply(returned, new ConfigChange.ForgetEmptied(host));

        assertThat(member(taken))
                .isEqualTo(BsonDocument.parse("{_id: 0, host: 'a:27017', votes: 0, priority: 0.0,"
                        + " tags: {dc: 'east', musterJoining: 'priority=2.5', musterEmptied: 'p'}}"));
        assertThat(member(returned))
                .isEqualTo(BsonDocument.parse("{_id: 0, host: 'a:27017', votes: 1, priority: 2.5,"
                        + " tags: {dc: 'east', musterEmptied: 'q'}}"));
        assertThat(member(forgotten)).isEqualTo(member(before));
        assertThat(member(ConfigDocument.apply(taken, new ConfigChange.Promote(host))))
                .as("its clone was faster")
                .isEqualTo(member(before));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"true, 1", "priority=x, 1", "priority=-1, 0", "priority=1e9, 1000"})
    void aTagThatSomebodyElseWroteGivesAPriorityThatTheServerTakes(String tag, double priority) {
        BsonDocument config = BsonDocument.parse(
                "{version: 1, members: [{_id: 0, host: 'a:27017', votes: 0, priority: 0, tags: {musterJoining: '%s'}}]}"
                        .formatted(tag));

        BsonDocument given = ConfigDocument.apply(config, new ConfigChange.Promote(HostAddress.parse("a:27017")));

        assertThat(member(given).getNumber("priority").doubleValue()).isEqualTo(priority);
    }

    @Test
    void aForceRemovesAnArbiterWhichTheServerAllowsNoVoteToTake() {
        BsonDocument config = BsonDocument.parse("""
                {version: 1, members: [{_id: 0, host: 'a:27017'}, {_id: 1, host: 'b:27017'},
                 {_id: 2, host: 'c:27017', arbiterOnly: true}]}""");

        BsonDocument forced = ConfigDocument.withoutVotesOf(
                config, List.of(HostAddress.parse("b:27017"), HostAddress.parse("c:27017")));

        assertThat(forced.getArray("members"))
                .extracting(member -> member.asDocument().getString("host").getValue())
                .containsExactly("a:27017", "b:27017");
    }

    @ParameterizedTest(name = "{0} with data, {1} arbiters: {2}")
    @CsvSource({"1, 0, true", "2, 0, true", "1, 1, false", "2, 1, false", "3, 1, false", "4, 1, true", "3, 2, false"})
    void arbitersMakeTheImplicitDefaultWriteConcernAnotherOne(int withData, int arbiters, boolean isMajority) {
        String members = Stream.concat(
                        Stream.generate(() -> "{arbiterOnly: false}").limit(withData),
                        Stream.generate(() -> "{arbiterOnly: true}").limit(arbiters))
                .map(member -> member.replace("{", "{_id: 0, host: 'a:27017', "))
                .collect(Collectors.joining(", "));

        assertThat(ConfigDocument.hasImplicitMajority(BsonDocument.parse("{members: [%s]}".formatted(members))))
                .isEqualTo(isMajority);
    }

    @Test
    void aMemberThatWasHiddenWhileItJoinedGetsAVoteAndNoPriority() {
        BsonDocument config = BsonDocument.parse(
                "{version: 1, members: [{_id: 0, host: 'a:27017', votes: 0, priority: 0, hidden: true,"
                        + " tags: {musterJoining: 'true'}}]}");

        BsonDocument given = ConfigDocument.apply(config, new ConfigChange.Promote(HostAddress.parse("a:27017")));

        assertThat(member(given).getNumber("votes").intValue()).isEqualTo(1);
        assertThat(member(given).getNumber("priority").doubleValue()).isZero();
    }

    private static BsonDocument member(BsonDocument config) {
        return config.getArray("members").get(0).asDocument();
    }

    @Test
    void removesTheMemberAlone() {
        BsonDocument changed =
                ConfigDocument.apply(BsonDocument.parse(CONFIG), new ConfigChange.Remove(HostAddress.parse("b:27017")));

        assertThat(changed.getArray("members"))
                .containsExactly(BsonDocument.parse(CONFIG).getArray("members").get(0));
        assertThat(changed.getInt32("version").getValue()).isEqualTo(5);
    }

    @Test
    void restoresTheHeartbeatAlone() {
        BsonDocument changed = ConfigDocument.apply(BsonDocument.parse(CONFIG), new ConfigChange.RestoreHeartbeat());

        BsonDocument settings = BsonDocument.parse(CONFIG).getDocument("settings");
        settings.put("heartbeatIntervalMillis", new BsonInt32(2000));
        assertThat(changed.getDocument("settings")).isEqualTo(settings);
        assertThat(changed.getArray("members"))
                .isEqualTo(BsonDocument.parse(CONFIG).getArray("members"));
    }

    @ParameterizedTest(name = "{0} ms with {1} members, one more: {2} ms")
    @CsvSource({"3, 1, 3", "3, 2, 3", "3, 3, 13", "13, 4, 21", "2000, 3, 2000", "500, 4, 500"})
    void theHeartbeatsOfAFormingSetSlowDownWithEachMember(int before, int members, int after) {
        StringBuilder all = new StringBuilder();
        for (int id = 0; id < members; id++) {
            all.append("{_id: %d, host: 'm%d:27017'},".formatted(id, id));
        }
        BsonDocument config = BsonDocument.parse(
                "{version: 1, members: [%s], settings: {heartbeatIntervalMillis: %d}}".formatted(all, before));

        BsonDocument changed =
                ConfigDocument.apply(config, new ConfigChange.Add(members, HostAddress.parse("new:27017")));

        assertThat(changed.getDocument("settings")
                        .getNumber("heartbeatIntervalMillis")
                        .intValue())
                .isEqualTo(after);
    }

    @Test
    void doesNotTouchTheDocumentItWasGiven() {
        BsonDocument config = BsonDocument.parse(CONFIG);

        ConfigDocument.apply(config, new ConfigChange.Promote(HostAddress.parse("b:27017")));

        assertThat(config).isEqualTo(BsonDocument.parse(CONFIG));
    }

    @Test
    void aMemberThatIsNotThereIsABug() {
        assertThatThrownBy(() -> ConfigDocument.apply(
                        BsonDocument.parse(CONFIG), new ConfigChange.Promote(HostAddress.parse("x:1"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("x:1");
    }
}
