package dev.muster.interleaving;

import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.Naming;
import dev.muster.model.SetConfig;
import dev.muster.mongo.ConfigDocuments;
import dev.muster.plan.ConfigChange;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonObjectId;
import org.bson.BsonString;
import org.bson.types.ObjectId;

/**
 * A set's configuration on one server. It is edited as the server's document, by the product's own edits.
 *
 * @param term -1 if it was forced
 */
record Config(String set, int version, int term, List<Member> members) {
    static final Naming NAMING = new Naming("mongo", "mongo", "default", "cluster.local", 27017);

    static final String SET_NAME = "rs0";

    /** An empty server has this one. */
    static final Config NONE = new Config("", 0, 0, List.of());

    Config {
        members = List.copyOf(members);
    }

    /** @param joining whether it has Muster's tag */
    record Member(int id, int ordinal, boolean vote, boolean joining) {}

    /** Of a set in which these ordinals vote. */
    static Config of(String set, int version, int term, int... voters) {
        return new Config(
                set,
                version,
                term,
                IntStream.of(voters)
                        .mapToObj(ordinal -> new Member(ordinal, ordinal, true, false))
                        .toList());
    }

    boolean names(int ordinal) {
        return members.stream().anyMatch(member -> member.ordinal() == ordinal);
    }

    boolean isVoter(int ordinal) {
        return members.stream().anyMatch(member -> member.ordinal() == ordinal && member.vote());
    }

    long voters() {
        return members.stream().filter(Member::vote).count();
    }

    /** As the server compares: terms count before versions, but where one of the two was forced, only versions do. */
    boolean isNewerThan(Config other) {
        boolean byVersion = term == -1 || other.term == -1 || term == other.term;
        return byVersion ? version > other.version : term > other.term;
    }

    /** A forced one has no term until the next change. */
    Config elected(int newTerm) {
        return term == -1 ? this : new Config(set, version, newTerm, members);
    }

    Config changed(ConfigChange change, int newTerm) {
        return edited(newTerm, document -> ConfigDocuments.apply(document, change));
    }

    /** The server makes the version leap, so that it is newer than whatever others have. */
    Config forced(List<HostAddress> down, int newest) {
        Config forced = edited(-1, document -> ConfigDocuments.withoutVotesOf(document, down));
        return new Config(set, newest + 10, -1, forced.members);
    }

    /** As an operator takes a vote: without Muster's tag. */
    Config withoutVoteOf(int ordinal, int newTerm) {
        return new Config(
                set,
                version + 1,
                newTerm,
                members.stream()
                        .map(member ->
                                member.ordinal() == ordinal ? new Member(member.id(), ordinal, false, false) : member)
                        .toList());
    }

    private Config edited(int newTerm, UnaryOperator<BsonDocument> edit) {
        SetConfig edited = ConfigDocuments.read(edit.apply(document()), true);
        return new Config(
                set,
                (int) edited.version(),
                newTerm,
                edited.members().stream()
                        .map(member -> new Member(
                                member.id(),
                                NAMING.ordinalOf(member.host()).orElseThrow(),
                                member.votes() > 0,
                                member.joining()))
                        .toList());
    }

    private BsonDocument document() {
        BsonArray list = new BsonArray();
        for (Member member : members) {
            int votes = member.vote() ? 1 : 0;
            BsonDocument document = new BsonDocument("_id", new BsonInt32(member.id()))
                    .append(
                            "host",
                            new BsonString(NAMING.address(member.ordinal()).toString()))
                    .append("votes", new BsonInt32(votes))
                    .append("priority", new BsonInt32(votes));
            if (member.joining()) {
                document.append("tags", new BsonDocument(ConfigMember.JOINING_TAG, new BsonString("true")));
            }
            list.add(document);
        }
        return new BsonDocument("_id", new BsonString(SET_NAME))
                .append("version", new BsonInt32(version))
                .append("term", new BsonInt64(term))
                .append("members", list)
                .append("settings", new BsonDocument("replicaSetId", new BsonObjectId(new ObjectId(set))));
    }

    SetConfig seen(boolean committed) {
        List<ConfigMember> seen = members.stream()
                .map(member -> new ConfigMember(
                        member.id(),
                        NAMING.address(member.ordinal()),
                        member.vote() ? 1 : 0,
                        member.vote() ? 1 : 0,
                        false,
                        false,
                        Duration.ZERO,
                        member.joining()))
                .toList();
        return new SetConfig(SET_NAME, set, version, term, seen, SetConfig.DEFAULT_HEARTBEAT_MILLIS, committed);
    }
}
