package dev.muster.judge.clients;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.ReadConcern;
import com.mongodb.ReadConcernLevel;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.spi.dns.InetAddressResolver;
import dev.muster.judge.History;
import dev.muster.judge.Operation;
import dev.muster.judge.Operation.Concern;
import dev.muster.judge.Operation.Result;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.bson.conversions.Bson;

/** One application with its connections. */
final class DriverClient {
    /** A server that is frozen or cut off answers no more and closes nothing. */
    private static final int ANSWER_SECONDS = 10;

    private static final int SELECTION_SECONDS = 5;
    private static final String FIELD = "values";

    private final int number;
    private final MongoClient client;
    private final MongoCollection<Document> collection;
    private final Random random;
    private final Values values;
    private final History history;
    private final Acknowledgements acknowledgements;
    private volatile boolean stopping;
    private volatile Optional<RuntimeException> failure = Optional.empty();

    DriverClient(
            int number,
            String connectionString,
            InetAddressResolver names,
            String database,
            long seed,
            Values values,
            History history,
            Acknowledgements acknowledgements) {
        this.number = number;
        this.client = MongoClients.create(MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(connectionString))
                .inetAddressResolver(names)
                .applyToSocketSettings(socket -> socket.connectTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                        .readTimeout(ANSWER_SECONDS, TimeUnit.SECONDS))
                .applyToClusterSettings(cluster -> cluster.serverSelectionTimeout(SELECTION_SECONDS, TimeUnit.SECONDS))
                .build());
        this.collection = client.getDatabase(database).getCollection("judged").withWriteConcern(WriteConcern.MAJORITY);
        this.random = new Random(seed);
        this.values = values;
        this.history = history;
        this.acknowledgements = acknowledgements;
    }

    int number() {
        return number;
    }

    /** Writes and reads until told to stop. */
    void run() {
        while (!stopping) {
            try {
                ask();
                Thread.sleep(random.nextLong(DriverClients.longestPause().toMillis()));
            } catch (MongoException e) {
                // A read without an answer says nothing; for a write the history has it already.
            } catch (RuntimeException e) {
                failure = Optional.of(e);
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** What ended it; a history without this client would say less than it seems to. */
    Optional<RuntimeException> failure() {
        return failure;
    }

    /** Ends after the operation under way. */
    void stop() {
        stopping = true;
    }

    void close() {
        client.close();
    }

    private void ask() {
        // Sometimes the list before: what was acknowledged must also stay when nothing is appended any more.
        long list = Math.max(0, values.currentList() - (random.nextInt(10) == 0 ? 1 : 0));
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3, 4 -> append();
            case 5 -> put();
            case 6, 7 -> readList(Values.listName(list), Concern.LINEARIZABLE);
            case 8 -> readList(Values.listName(list), Concern.MAJORITY);
            default -> readRegister();
        }
    }

    private void append() {
        String list = Values.listName(values.currentList());
        long value = values.next();
        Duration invoked = acknowledgements.elapsed();
        Result result = write(list, Updates.push(FIELD, value));
        history.add(new Operation.Append(number, list, value, invoked, acknowledgements.elapsed(), result));
    }

    private void put() {
        long value = values.next();
        Duration invoked = acknowledgements.elapsed();
        Result result = write(Values.REGISTER, Updates.set(FIELD, List.of(value)));
        history.add(new Operation.Put(number, Values.REGISTER, value, invoked, acknowledgements.elapsed(), result));
    }

    /** Never "refused": the driver may have tried twice, and says of the second time only why it failed. */
    private Result write(String key, Bson update) {
        try {
            collection.updateOne(Filters.eq("_id", key), update, new UpdateOptions().upsert(true));
            acknowledgements.add();
            return Result.ACKNOWLEDGED;
        } catch (MongoException e) {
            return Result.UNKNOWN;
        }
    }

    void readList(String list, Concern concern) {
        Duration invoked = acknowledgements.elapsed();
        List<Long> seen = read(list, concern);
        history.add(new Operation.ReadList(number, list, seen, invoked, acknowledgements.elapsed(), concern));
    }

    void readRegister() {
        Duration invoked = acknowledgements.elapsed();
        Optional<Long> seen =
                read(Values.REGISTER, Concern.LINEARIZABLE).stream().findFirst();
        history.add(new Operation.Get(number, Values.REGISTER, seen, invoked, acknowledgements.elapsed()));
    }

    private List<Long> read(String key, Concern concern) {
        ReadConcernLevel level =
                concern == Concern.LINEARIZABLE ? ReadConcernLevel.LINEARIZABLE : ReadConcernLevel.MAJORITY;
        Document found = collection
                .withReadConcern(new ReadConcern(level))
                .find(Filters.eq("_id", key))
                .maxTime(ANSWER_SECONDS, TimeUnit.SECONDS)
                .first();
        return found == null ? List.of() : found.getList(FIELD, Long.class);
    }
}
