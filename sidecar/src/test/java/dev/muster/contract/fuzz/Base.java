package dev.muster.contract.fuzz;

import dev.muster.contract.ContractMembers;
import dev.muster.contract.Fleet;
import java.util.Arrays;
import java.util.List;
import org.bson.BsonDocument;

/** What a set is before the operations. All three mongods run; those that are no members have been, or are empty. */
enum Base {
    /** There is no set. */
    EMPTY(Stage.EMPTY),
    ALONE(Stage.DATA, voter(0)),
    PAIR(Stage.DATA, voter(0), voter(1)),
    THREE(Stage.DATA, voter(0), voter(1), voter(2)),
    /** With a hidden voter and a delayed member without a vote. */
    PASSIVE(Stage.DATA, voter(0), hidden(1), delayed(2)),
    /** Only its users are changed. */
    USERS(Stage.USERS, voter(0), voter(1)),
    /** The implicit default write concern is 1. */
    ARBITER(Stage.ARBITER, voter(0), voter(1), arbiter(2)),
    /** An operator has set a default write concern. */
    ARBITER_AND_DEFAULT(Stage.ARBITER_AND_DEFAULT, voter(0), voter(1), arbiter(2));

    /** What no reconfiguration makes of a set: it has to be another one, of empty members. */
    enum Stage {
        EMPTY,
        DATA,
        USERS,
        ARBITER,
        ARBITER_AND_DEFAULT;

        /** Whether each base begins with empty members. */
        boolean isMadeEachTime() {
            return this == EMPTY || this == USERS;
        }

        List<Base> bases() {
            return Arrays.stream(Base.values())
                    .filter(base -> base.stage == this)
                    .toList();
        }
    }

    private final Stage stage;
    /** JSON. */
    private final String members;

    Base(Stage stage, String... members) {
        this.stage = stage;
        this.members = String.join(", ", members);
    }

    Stage stage() {
        return stage;
    }

    /** Its configuration, as the first version. Heartbeats are frequent, so that a configuration is soon known. */
    BsonDocument config() {
        return BsonDocument.parse("{_id: '%s', version: 1, members: [%s], settings: {heartbeatIntervalMillis: 100}}"
                .formatted(ContractMembers.SET_NAME, members));
    }

    /** A host that no name server knows. */
    static String absent(int number) {
        return "absent-%d.contract.example:27017".formatted(number);
    }

    private static String voter(int member) {
        return member(member, "");
    }

    private static String hidden(int member) {
        return member(member, ", priority: 0, hidden: true");
    }

    private static String delayed(int member) {
        return member(member, ", priority: 0, hidden: true, votes: 0, secondaryDelaySecs: 60");
    }

    private static String arbiter(int member) {
        return member(member, ", arbiterOnly: true");
    }

    private static String member(int member, String more) {
        return "{_id: %d, host: '%s'%s}".formatted(member, Fleet.host(member), more);
    }
}
