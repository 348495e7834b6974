package dev.muster.mongo;

import com.mongodb.MongoException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoSocketOpenException;
import com.mongodb.MongoSocketReadTimeoutException;
import com.mongodb.client.MongoClient;
import com.mongodb.event.ServerDescriptionChangedEvent;
import com.mongodb.event.ServerListener;
import java.net.ConnectException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.jspecify.annotations.Nullable;

/**
 * What the driver's monitor of one server tells of its process. The monitor holds a connection on which the server answers
 * as soon as something changes. If that is lost, it connects again at once, but only once. A process that ends closes its
 * connections and its port in any order, so that connection may still be accepted, and lost as well. So something is asked
 * then: as long as that waits for an answer, the monitor connects again and again.
 */
final class PortState implements ServerListener {
    private final Runnable onEnded;
    private final Consumer<Boolean> onChange;
    private volatile @Nullable MongoClient client;
    private volatile boolean ended;

    /** Whether the other side closed the last connection: then its process has ended, however connecting fails. */
    private boolean wasDropped;

    /**
     * A listener for the monitor of one server.
     *
     * @param onEnded called when its process has ended
     * @param onChange called when anything else changed; gets whether it is the primary now
     */
    PortState(Runnable onEnded, Consumer<Boolean> onChange) {
        this.onEnded = onEnded;
        this.onChange = onChange;
    }

    /** The client whose monitor this listens to. */
    void listensTo(MongoClient monitored) {
        client = monitored;
    }

    /** Whether the process has ended: its port refuses connections, or closed one and there is no other. */
    boolean hasEnded() {
        return ended;
    }

    @Override
    public void serverDescriptionChanged(ServerDescriptionChangedEvent event) {
        @Nullable Throwable failure = event.getNewDescription().getException();
        boolean isNews = !ended;
        ended = failure instanceof MongoSocketOpenException && (wasDropped || isRefused(failure));
        if (!ended) {
            wasDropped = failure instanceof MongoSocketException && !isSilent(failure);
        }
        if (ended && isNews) {
            onEnded.run();
        } else if (wasDropped) {
            Thread.ofVirtual().start(this::ask);
        } else {
            onChange.accept(event.getNewDescription().isPrimary());
        }
    }

    private void ask() {
        MongoClient present = client;
        if (present == null) {
            return;
        }
        try {
            BsonDocument _ = present.getDatabase("admin")
                    .withTimeout(Admin.READ_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .runCommand(new BsonDocument("hello", new BsonInt32(1)), BsonDocument.class);
        } catch (MongoException | IllegalStateException e) {
            // What the monitor found meanwhile has been told. The client may have been closed.
        }
    }

    /** Java's name for a refused connection. Other reasons are exceptions of other classes. */
    private static boolean isRefused(Throwable failure) {
        return failure.getCause() instanceof ConnectException;
    }

    private static boolean isSilent(Throwable failure) {
        return failure instanceof MongoSocketReadTimeoutException || failure instanceof MongoSocketOpenException;
    }
}
