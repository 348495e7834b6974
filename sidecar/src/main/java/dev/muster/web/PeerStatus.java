package dev.muster.web;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.bson.BsonInvalidOperationException;
import org.bson.Document;
import org.bson.json.JsonParseException;

/** What one peer's sidecar said of itself the last time that it was asked. Safe for use by several threads. */
final class PeerStatus {
    /** How long a request may take. */
    static final Duration DEADLINE = Duration.ofMillis(500);

    /** As often as the page asks: ten open pages cost the peer no more than one. */
    static final Duration BETWEEN = Duration.ofSeconds(1);

    /** How long an answer counts if no other one follows. */
    static final Duration LASTS = Duration.ofSeconds(3);

    /** Far above an own part, about 1 KiB. */
    static final int REPLY_BYTES = 256 * 1024;

    /**
     * Opening brackets in a reply; an own part has two, and its message a few. The parser recurses, so depth is stack,
     * and no text nests deeper than it has opening brackets.
     */
    private static final int BRACKETS = 200;

    private static final CompletableFuture<Void> NOTHING_TO_WAIT_FOR = CompletableFuture.completedFuture(null);

    private final URI location;
    private final LongSupplier nanoClock;
    private Optional<Request> last = Optional.empty();
    private Optional<Answer> answer = Optional.empty();
    private boolean answeredLast = true;

    private record Request(CompletableFuture<Void> done, Thread thread, long atNanos) {}

    private record Answer(OwnPart part, long atNanos) {}

    PeerStatus(URI location, LongSupplier nanoClock) {
        this.location = requireNonNull(location, "location is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
    }

    /**
     * Asks it, unless that was done less than {@link #BETWEEN} ago or is under way: a name server that hangs is not asked
     * about one name twice at a time.
     *
     * @return done when it has answered, or at once if it did not answer the last time
     */
    synchronized CompletableFuture<Void> ask() {
        boolean isDue = last.map(request -> request.done().isDone() && isOver(BETWEEN, request.atNanos()))
                .orElse(true);
        if (isDue) {
            last = Optional.of(start());
        }
        Request request = last.orElseThrow();
        if (isOver(DEADLINE, request.atNanos())) {
            // One that answers byte by byte would be listened to without end.
            request.thread().interrupt();
            return NOTHING_TO_WAIT_FOR;
        }
        return answeredLast ? request.done() : NOTHING_TO_WAIT_FOR;
    }

    private Request start() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().name("peer-status").start(() -> carryOut(done));
        return new Request(done, thread, nanoClock.getAsLong());
    }

    /** What it said, if that was less than {@link #LASTS} ago. */
    synchronized Optional<OwnPart> latest() {
        return answer.filter(latest -> !isOver(LASTS, latest.atNanos())).map(Answer::part);
    }

    private void carryOut(CompletableFuture<Void> done) {
        Optional<OwnPart> heard = Optional.empty();
        try {
            heard = Optional.of(fetch(location));
        } catch (IOException | JsonParseException | BsonInvalidOperationException | IllegalArgumentException e) {
            // The members table already says what is wrong with a member.
        } finally {
            keep(heard);
            done.complete(null);
        }
    }

    private synchronized void keep(Optional<OwnPart> heard) {
        answeredLast = heard.isPresent();
        answer = heard.map(part -> new Answer(part, nanoClock.getAsLong())).or(() -> answer);
    }

    private boolean isOver(Duration duration, long sinceNanos) {
        return nanoClock.getAsLong() - sinceNanos >= duration.toNanos();
    }

    /** HttpURLConnection, not java.net.http: that one costs several megabytes and threads of its own. */
    private static OwnPart fetch(URI uri) throws IOException {
        if (!(uri.toURL().openConnection(Proxy.NO_PROXY) instanceof HttpURLConnection connection)) {
            throw new IOException(uri + " is not HTTP");
        }
        connection.setConnectTimeout((int) DEADLINE.toMillis());
        connection.setReadTimeout((int) DEADLINE.toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestProperty("Connection", "close");
        try {
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException(uri + " answered " + connection.getResponseCode());
            }
            try (InputStream body = connection.getInputStream()) {
                byte[] reply = body.readNBytes(REPLY_BYTES + 1);
                if (reply.length > REPLY_BYTES) {
                    throw new IOException(uri + " answered more than " + REPLY_BYTES + " bytes");
                }
                return parse(new String(reply, StandardCharsets.UTF_8));
            }
        } finally {
            connection.disconnect();
        }
    }

    static OwnPart parse(String json) throws IOException {
        if (json.chars()
                        .filter(character -> character == '{' || character == '[')
                        .count()
                > BRACKETS) {
            throw new IOException("the reply has more than " + BRACKETS + " opening brackets");
        }
        return OwnPart.from(Document.parse(json));
    }
}
