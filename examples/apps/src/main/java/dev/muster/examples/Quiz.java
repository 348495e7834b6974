package dev.muster.examples;

import com.mongodb.MongoException;
import com.mongodb.ReadPreference;
import com.mongodb.bulk.BulkWriteResult;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.WriteModel;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;

/** A quiz: {@code import <file>} loads its questions into the set and ends, {@code serve} answers them on port 8080. */
public final class Quiz {
    /** A set that is just being made takes a minute at most on a busy cluster; one that is down may come back. */
    private static final Duration WRITABLE_WITHIN = Duration.ofMinutes(5);

    private static final Duration BETWEEN = Duration.ofSeconds(1);

    private static final ReplaceOptions INSERT_IF_ABSENT = new ReplaceOptions().upsert(true);

    private final MongoClient client;
    private final MongoCollection<Document> questions;

    private Quiz(MongoClient client) {
        this.client = client;
        questions = client.getDatabase("quiz").getCollection("questions");
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        String command = arguments.length > 0 ? arguments[0] : "";
        if (command.equals("import") && arguments.length == 2) {
            List<Document> file = read(Path.of(arguments[1]));
            try (MongoClient client = Database.connect()) {
                new Quiz(client).load(file);
            }
        } else if (command.equals("serve") && arguments.length == 1) {
            Quiz quiz = new Quiz(Database.connect());
            Web.serve(quiz::answer);
        } else {
            System.err.println("usage: import <file> | serve");
            System.exit(2);
        }
    }

    private static List<Document> read(Path file) throws IOException {
        return Document.parse("{\"questions\":" + Files.readString(file) + "}").getList("questions", Document.class);
    }

    /** Tries until the set takes it: before it is formed there is no primary, and a moment longer no user. */
    private void load(List<Document> file) throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            try {
                BulkWriteResult result = questions.bulkWrite(writes(file));
                System.out.printf(
                        "%d questions: %d new, %d changed, %d as they were%n",
                        file.size(),
                        result.getUpserts().size(),
                        result.getModifiedCount(),
                        result.getMatchedCount() - result.getModifiedCount());
                return;
            } catch (MongoException e) {
                if (System.nanoTime() - start > WRITABLE_WITHIN.toNanos()) {
                    throw e;
                }
                System.out.println("not writable yet: " + e.getMessage());
                Thread.sleep(BETWEEN);
            }
        }
    }

    /** Each question replaces the one of its own id: to do it again, half or whole, changes nothing. */
    private static List<WriteModel<Document>> writes(List<Document> file) {
        List<WriteModel<Document>> writes = new ArrayList<>();
        for (Document question : file) {
            writes.add(new ReplaceOneModel<>(Filters.eq("_id", question.get("_id")), question, INSERT_IF_ABSENT));
        }
        return writes;
    }

    private Web.Answer answer(HttpExchange exchange) {
        return switch (exchange.getRequestURI().getPath()) {
            case "/questions" ->
                Web.Answer.ok(questions.find().sort(Sorts.ascending("_id")).into(new ArrayList<>()));
            case "/questions/random" -> random();
            case "/healthz" -> health();
            default -> Web.Answer.error(404, "there are /questions, /questions/random and /healthz");
        };
    }

    private Web.Answer random() {
        Document question = questions.aggregate(List.of(Aggregates.sample(1))).first();
        return question == null ? Web.Answer.error(404, "there are no questions yet") : Web.Answer.ok(question);
    }

    /** What the driver knows, without asking: a probe must not wait for a database that is away. */
    private Web.Answer health() {
        return client.getClusterDescription().hasReadableServer(ReadPreference.primaryPreferred())
                ? Web.Answer.ok(new Document("database", "readable"))
                : Web.Answer.error(503, "no member of the set is known to answer");
    }
}
