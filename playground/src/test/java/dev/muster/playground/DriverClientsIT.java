package dev.muster.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import dev.muster.judge.Anomaly;
import dev.muster.judge.clients.DriverClients;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The clients whose history is judged, on a real set that keeps its word, and on one that does not. */
@Timeout(120)
class DriverClientsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String DATABASE = "judged";

    @Test
    void whatAHealthySetShowsIsInOrder() {
        try (LocalSet set = formed();
                DriverClients clients = clients(set)) {
            awaitWrites(clients, 50);
            clients.stop();
            clients.readAll();
            assertThat(clients.history().anomalies()).isEmpty();
        }
    }

    @Test
    void anAcknowledgedWriteThatIsTakenAwayIsNoticed() {
        try (LocalSet set = formed();
                DriverClients clients = clients(set)) {
            awaitWrites(clients, 50);
            clients.stop();
            collection(set).updateOne(Filters.eq("list-0"), Updates.popLast("values"));
            clients.readAll();
            // Where another client had read it before, the judge knows its place, and calls the later read stale.
            assertThat(clients.history().anomalies())
                    .extracting(Anomaly::kind)
                    .containsAnyOf(Anomaly.Kind.LOST, Anomaly.Kind.STALE);
        }
    }

    @Test
    void aClientThatEndsByItselfIsNoticed() {
        try (LocalSet set = formed();
                DriverClients clients = clients(set)) {
            awaitWrites(clients, 10);
            collection(set).updateOne(Filters.eq("list-0"), Updates.push("values", "no number"));
            assertThatIllegalStateException()
                    .isThrownBy(() -> {
                        Thread.sleep(Duration.ofSeconds(3));
                        clients.stop();
                    })
                    .withMessageContaining("ended by itself: java.lang.ClassCastException");
        }
    }

    private static LocalSet formed() {
        LocalSet set = LocalSet.builder().members(1).build();
        set.start();
        set.awaitFormed(PATIENCE);
        return set;
    }

    private static DriverClients clients(LocalSet set) {
        String address = "mongodb://%s/?replicaSet=%s".formatted(set.member(0).host(), LocalSet.SET_NAME);
        return new DriverClients(List.of(address, address), DATABASE, 1, set.names()::resolve);
    }

    private static void awaitWrites(DriverClients clients, int count) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> clients.acknowledgements().count() >= count);
    }

    private static MongoCollection<Document> collection(LocalSet set) {
        return set.client().getDatabase(DATABASE).getCollection("judged");
    }
}
