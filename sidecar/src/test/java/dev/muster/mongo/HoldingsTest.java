package dev.muster.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the counts and users of a mongod without a configuration mean. Each row was measured on MongoDB 8.2.0. */
class HoldingsTest {
    /** Of a mongod with {@code --replSet} and no configuration. */
    private static final int IN_LOCAL = 5;

    @ParameterizedTest(name = "{0}: {3}")
    @MethodSource
    void tells(String situation, String counts, List<BsonDocument> users, List<String> expected) {
        assertThat(Holdings.held(IN_LOCAL, stats(counts), users)).as(situation).isEqualTo(expected);
    }

    static Stream<Arguments> tells() {
        List<BsonDocument> nobody = List.of();
        return Stream.of(
                arguments("never used", "internalCollections: 5", nobody, List.of()),
                arguments("a standalone that holds nothing", "internalCollections: 7", nobody, List.of()),
                arguments(
                        "a collection, also an empty one",
                        "collections: 1, internalCollections: 7",
                        nobody,
                        List.of("1 collection in databases of its own")),
                arguments(
                        "a capped collection",
                        "collections: 1, capped: 1, internalCollections: 7",
                        nobody,
                        List.of("1 collection in databases of its own")),
                arguments(
                        "only a view",
                        "views: 1, internalCollections: 8",
                        nobody,
                        List.of("1 view in databases of its own")),
                arguments(
                        "only a time series collection",
                        "timeseries: 1, internalCollections: 9",
                        nobody,
                        List.of("1 time series collection in databases of its own")),
                arguments(
                        "a kind that this version counts apart",
                        "systemProfile: 1, internalCollections: 8",
                        nobody,
                        List.of("systemProfile 1 in databases of its own")),
                arguments(
                        "only a role, or a collection in admin or config",
                        "internalCollections: 8",
                        nobody,
                        List.of("1 collection in admin or config that a standalone server does not create")),
                arguments(
                        "a member whose local was dropped, and which had no database",
                        "internalCollections: 15",
                        nobody,
                        List.of("8 collections in admin or config that a standalone server does not create")),
                arguments(
                        "only a user",
                        "internalCollections: 8",
                        List.of(user("bob", "admin")),
                        List.of("user bob@admin")),
                arguments(
                        "databases and users",
                        "collections: 12, views: 2, internalCollections: 10",
                        List.of(user("bob", "admin"), user("ann", "shop")),
                        List.of("12 collections and 2 views in databases of its own", "users ann@shop bob@admin")));
    }

    @Test
    void manyUsersAreCountedAndLongOrBrokenNamesAreCut() {
        List<BsonDocument> many = IntStream.range(0, 8)
                .mapToObj(number -> user("u" + number, "admin"))
                .toList();
        List<BsonDocument> odd = List.of(user("two\nlines", "admin"), user("x".repeat(100), "admin"));

        assertThat(Holdings.held(IN_LOCAL, stats("internalCollections: 8"), many))
                .containsExactly("users u0@admin u1@admin u2@admin u3@admin u4@admin and 3 more");
        assertThat(Holdings.held(IN_LOCAL, stats("internalCollections: 8"), odd))
                .containsExactly("users two?lines@admin " + "x".repeat(60) + "…@admin");
    }

    private static BsonDocument stats(String counts) {
        BsonDocument stats = BsonDocument.parse("{collections: 0, capped: 0, clustered: 0, timeseries: 0, views: 0,"
                + " internalCollections: 0, internalViews: 0, csfle: 0, queryableEncryption: 0, systemProfile: 0}");
        stats.putAll(BsonDocument.parse("{" + counts + "}"));
        return stats;
    }

    private static BsonDocument user(String name, String database) {
        return new BsonDocument("user", new BsonString(name)).append("db", new BsonString(database));
    }
}
