package dev.muster.kube;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.bson.Document;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One object of the API server, kept up to date by a list and a watch on a thread of its own. It may be as old as
 * {@link #TRUSTED_FOR}, so read the object again before a write.
 */
final class WatchedObject implements AutoCloseable {
    /** The server ends a watch after this. A new list then proves that the server still answers. */
    private static final Duration WATCH = Duration.ofSeconds(60);

    /** A watch that does not end shows a lost connection. */
    private static final Duration WATCH_LIMIT = WATCH.plusSeconds(10);

    /** The time between two lists without errors, and time for one that hangs. */
    static final Duration TRUSTED_FOR = WATCH_LIMIT.plusSeconds(5);

    private static final Duration FIRST_RETRY = Duration.ofMillis(250);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(WatchedObject.class);

    private final Api api;
    private final String collection;
    private final String name;
    private final Runnable onChange;
    private final AtomicReference<Seen> seen;
    private final Thread thread;

    /**
     * Begins to watch.
     *
     * @param collection the path of all objects of its kind in the namespace
     * @param onChange called, on another thread, when something has changed
     */
    WatchedObject(Api api, String collection, String name, Runnable onChange) {
        this.api = api;
        this.collection = collection;
        this.name = name;
        this.onChange = onChange;
        this.seen = new AtomicReference<>(new Seen(
                Optional.empty(), false, System.nanoTime(), System.nanoTime(), "the API server has not answered yet"));
        this.thread = Thread.ofVirtual().name("watch-" + name).start(this::run);
    }

    /**
     * What is known.
     *
     * @param object empty when it does not exist, or nothing is known
     * @param known whether the server said so
     * @param sinceNanos since when it has not changed
     * @param heardNanos when the server last confirmed it
     * @param failure why nothing newer is known; empty without a failure
     */
    record Seen(Optional<Document> object, boolean known, long sinceNanos, long heardNanos, String failure) {
        Seen {
            requireNonNull(object, "object is null");
            requireNonNull(failure, "failure is null");
        }
    }

    /** What is known now; not known when the server has not answered for too long. */
    Seen seen() {
        Seen now = latest();
        boolean trusted = now.known() && System.nanoTime() - now.heardNanos() < TRUSTED_FOR.toNanos();
        return trusted || !now.known()
                ? now
                : new Seen(Optional.empty(), false, now.sinceNanos(), now.heardNanos(), now.failure());
    }

    private Seen latest() {
        return requireNonNull(seen.get(), "seen is null");
    }

    private void run() {
        Duration retry = FIRST_RETRY;
        try {
            while (true) {
                if (listAndWatch()) {
                    retry = FIRST_RETRY;
                    continue;
                }
                Thread.sleep(retry);
                retry = retry.multipliedBy(2).compareTo(LONGEST_RETRY) < 0 ? retry.multipliedBy(2) : LONGEST_RETRY;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the server answered, and ended the watch as expected. */
    private boolean listAndWatch() throws InterruptedException {
        try {
            Optional<String> version = list();
            return version.isPresent()
                    && api.watch(
                                    "%s?fieldSelector=metadata.name=%s&watch=true&resourceVersion=%s&timeoutSeconds=%d"
                                            .formatted(collection, name, version.get(), WATCH.toSeconds()),
                                    WATCH_LIMIT,
                                    this::take)
                            .isEmpty();
        } catch (RuntimeException e) {
            // A bug, or an answer of an unknown shape. Without this thread nothing would ever be known again.
            LOG.error("watching {} failed; it is tried again", name, e);
            Optional<String> _ = fail("the answer could not be understood: look at the sidecar's log");
            return false;
        }
    }

    /** Reads the object again; returns the version to watch from, or empty when it failed. */
    private Optional<String> list() {
        Answer answer = api.get("%s?fieldSelector=metadata.name=%s".formatted(collection, name));
        return switch (answer) {
            case Answer.Ok ok -> {
                List<Document> items = ok.body().getList("items", Document.class, List.of());
                learn(items.stream().findFirst());
                yield Optional.of(ok.body().get("metadata", new Document()).get("resourceVersion", "0"));
            }
            case Answer.NotFound none -> fail("there is no " + collection);
            case Answer.Conflict conflict -> fail(conflict.message());
            case Answer.Failed failed -> fail(failed.message());
        };
    }

    private void take(Document event) {
        Document object = event.get("object", new Document());
        switch (event.get("type", "")) {
            case "ADDED", "MODIFIED" -> learn(Optional.of(object));
            case "DELETED" -> learn(Optional.empty());
            // ERROR: the version is too old. The watch ends, and the next list reads the current object.
            default -> {}
        }
    }

    /**
     * This is how it is now: from the watch, or from somebody who has just read it. A watch may hang, and what a sidecar
     * has read itself it must not forget again.
     */
    synchronized void learn(Optional<Document> object) {
        long now = System.nanoTime();
        Seen before = latest();
        boolean same = before.known() && version(before.object()).equals(version(object));
        seen.set(new Seen(object, true, same ? before.sinceNanos() : now, now, ""));
        if (!same) {
            onChange.run();
        }
    }

    private static Optional<String> version(Optional<Document> object) {
        return object.map(present -> present.get("metadata", new Document()).get("resourceVersion", ""));
    }

    private synchronized Optional<String> fail(String why) {
        Seen before = latest();
        seen.set(new Seen(before.object(), before.known(), before.sinceNanos(), before.heardNanos(), why));
        return Optional.empty();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
