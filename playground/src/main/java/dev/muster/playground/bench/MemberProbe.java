package dev.muster.playground.bench;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCluster;
import dev.muster.playground.LocalMember;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/** One member, asked directly for what the clock waits for: as few and as cheap questions as possible. */
record MemberProbe(LocalMember member) {
    private static final long TIMEOUT_MILLIS = 2_000;

    /** Throws {@link MongoException} as the driver does. */
    Document run(Document command) {
        MongoCluster mongo = member.mongo().withTimeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        return mongo.getDatabase("admin").runCommand(command);
    }

    /** Its {@code hello}; empty when it does not answer. */
    Optional<Document> hello() {
        try {
            return Optional.of(run(new Document("hello", 1)));
        } catch (MongoException e) {
            return Optional.empty();
        }
    }

    boolean isWritablePrimary() {
        return hello().filter(answer -> answer.getBoolean("isWritablePrimary", false))
                .isPresent();
    }

    boolean isSecondary() {
        return hello().filter(answer -> answer.getBoolean("secondary", false)).isPresent();
    }

    /** The primary's configuration, only when a majority of its voters has it. */
    Optional<Document> committedConfig() {
        try {
            Document answer = run(new Document("replSetGetConfig", 1).append("commitmentStatus", true));
            return Optional.of(answer)
                    .filter(reply -> reply.getBoolean("commitmentStatus", false))
                    .map(reply -> reply.get("config", Document.class));
        } catch (MongoException e) {
            // Not the primary yet, or no more.
            return Optional.empty();
        }
    }
}
