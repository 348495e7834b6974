package dev.muster.playground.bench;

import com.mongodb.MongoCommandException;
import dev.muster.playground.LocalMember;
import dev.muster.playground.LocalSet;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;

/** Forms a set of running, empty mongods by the driver alone, as a person or a script does. */
final class HandMadeSet {
    /** "Reconfig already in progress" and "the current configuration is not committed yet": pass by themselves. */
    private static final List<Integer> TRY_AGAIN = List.of(109, 308);

    private final LocalSet set;

    HandMadeSet(LocalSet set) {
        this.set = set;
    }

    /** As every tutorial does: one {@code replSetInitiate} that names all members. */
    void initiateNamingAll() {
        List<Document> members = set.members().stream()
                .map(member -> new Document("_id", member.ordinal()).append("host", member.host()))
                .toList();
        initiate(members);
    }

    /**
     * Initiates the first member alone; adds each further one without a vote, in order, waits until it is SECONDARY,
     * and gives it its vote before the next is added.
     */
    void formOneByOne() {
        LocalMember first = set.member(0);
        initiate(List.of(new Document("_id", 0).append("host", first.host())));
        Poll.until("mongo-0 is writable", () -> new MemberProbe(first).isWritablePrimary());
        for (LocalMember member : set.members().subList(1, set.members().size())) {
            reconfigure(members -> members.add(new Document("_id", member.ordinal())
                    .append("host", member.host())
                    .append("votes", 0)
                    .append("priority", 0)));
            Poll.until(member.name() + " is SECONDARY", () -> new MemberProbe(member).isSecondary());
            reconfigure(
                    members -> members.get(member.ordinal()).append("votes", 1).append("priority", 1));
        }
    }

    private void initiate(List<Document> members) {
        new MemberProbe(set.member(0))
                .run(new Document(
                        "replSetInitiate", new Document("_id", LocalSet.SET_NAME).append("members", members)));
    }

    @FunctionalInterface
    private interface Change {
        Object to(List<Document> members);
    }

    private void reconfigure(Change change) {
        MemberProbe primary = new MemberProbe(set.member(0));
        Poll.until("a change of the configuration", () -> {
            Document config = Poll.forValue("a committed configuration", primary::committedConfig);
            List<Document> members = new ArrayList<>(config.getList("members", Document.class));
            change.to(members);
            config.append("members", members).append("version", config.getInteger("version") + 1);
            try {
                primary.run(new Document("replSetReconfig", config));
                return true;
            } catch (MongoCommandException e) {
                if (TRY_AGAIN.contains(e.getCode())) {
                    return false;
                }
                throw e;
            }
        });
    }
}
