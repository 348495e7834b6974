package dev.muster.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bson.BsonInvalidOperationException;
import org.bson.Document;
import org.bson.json.JsonMode;
import org.bson.json.JsonParseException;
import org.bson.json.JsonWriterSettings;
import org.jspecify.annotations.Nullable;

/**
 * Requests to the API server, with fabric8's configuration (the pod's service account, or a kubeconfig) and HTTP
 * client, and JSON as documents. Not with fabric8's typed client, which costs 30 MB for the five kinds that we need.
 * Thread-safe.
 */
final class Api implements AutoCloseable {
    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final String JSON = "application/json";
    private static final JsonWriterSettings RELAXED =
            JsonWriterSettings.builder().outputMode(JsonMode.RELAXED).build();

    /** The API server answers within milliseconds. If it takes longer than this, it does not answer at all. */
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private static final int CONNECT_MILLIS = 2000;

    /** Above the largest object that etcd stores. */
    private static final int LONGEST_EVENT = 2 * 1024 * 1024;

    private @Nullable Connection connection;

    private record Connection(Config config, HttpClient http) {
        static Connection of(Config config) {
            return new Connection(
                    config, new JdkHttpClientFactory().newBuilder(config).build());
        }

        String server() {
            return config.getMasterUrl().replaceFirst("/+$", "");
        }

        HttpRequest.Builder request(String path) {
            return http.newHttpRequestBuilder().uri(server() + path);
        }
    }

    /**
     * Connects with the service account in a pod, and with the kubeconfig elsewhere. Created by the first request, on
     * the thread of a watch: it takes as long as everything else before the first decision, which does not wait for it.
     */
    private synchronized Connection connection() {
        Connection present = connection;
        if (present == null) {
            present = Connection.of(new ConfigBuilder(Config.autoConfigure(null))
                    .withConnectionTimeout(CONNECT_MILLIS)
                    .withRequestTimeout((int) LIMIT.toMillis())
                    // Callers retry when it is time. A request that repeats itself would delay a cycle.
                    .withRequestRetryBackoffLimit(0)
                    .build());
            connection = present;
        }
        return present;
    }

    /**
     * The next request opens a new TCP connection. All requests share one, and one that lost packets while a network was
     * cut stays silent for as long again after the cut. Not closed, as a watch may still run in it: it goes with its last
     * request.
     */
    private synchronized void leave(Connection silent) {
        if (silent.equals(connection)) {
            connection = Connection.of(silent.config());
        }
    }

    Answer get(String path) {
        return send(to -> to.request(path));
    }

    Answer create(String path, Document body) {
        return send(to -> to.request(path).post(JSON, toJson(body)));
    }

    /** Replaces the object whose {@code resourceVersion} the body carries. */
    Answer replace(String path, Document body) {
        return send(to -> to.request(path).put(JSON, toJson(body)));
    }

    Answer merge(String path, Document body) {
        return send(to -> to.request(path).method("PATCH", MERGE_PATCH, toJson(body)));
    }

    /** The body in JSON's own types: a {@code long} is a number, not a document. */
    private static String toJson(Document body) {
        return body.toJson(RELAXED);
    }

    private Answer send(Function<Connection, HttpRequest.Builder> request) {
        Connection to = connection();
        CompletableFuture<HttpResponse<String>> sent;
        try {
            sent = to.http().sendAsync(request.apply(to).build(), String.class);
        } catch (RuntimeException e) {
            return new Answer.Failed(-1, notMade(e));
        }
        try {
            HttpResponse<String> response = sent.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return read(response.code(), response.body());
        } catch (TimeoutException e) {
            sent.cancel(true);
            leave(to);
            return new Answer.Failed(
                    -1, "the API server " + to.server() + " did not answer within " + LIMIT.toSeconds() + " s");
        } catch (ExecutionException e) {
            return new Answer.Failed(-1, "the API server " + to.server() + " does not answer: " + rootOf(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Failed(-1, "interrupted");
        }
    }

    /** Only the exception's class: its message may contain the refused header with the token. */
    private static String notMade(RuntimeException e) {
        return "the request could not be sent (%s): is the service account's token a single line?"
                .formatted(e.getClass().getSimpleName());
    }

    private static String rootOf(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    static Answer read(int code, String body) {
        Document parsed;
        try {
            parsed = Document.parse(body);
        } catch (JsonParseException | BsonInvalidOperationException e) {
            return new Answer.Failed(code, "the API server answered %d without JSON".formatted(code));
        }
        if (HttpResponse.isSuccessful(code)) {
            return new Answer.Ok(parsed);
        }
        String message = parsed.getString("message") == null ? "HTTP " + code : parsed.getString("message");
        return switch (code) {
            case 404 -> new Answer.NotFound();
            case 409 -> new Answer.Conflict(message);
            default -> new Answer.Failed(code, message);
        };
    }

    /**
     * Watches until the server ends it, it fails, or time is up; the calling thread waits.
     *
     * @param onEvent called for each event, on a thread of the client's
     * @return empty when it ended as expected; otherwise why not
     */
    String watch(String path, Duration limit, Consumer<Document> onEvent) throws InterruptedException {
        Lines lines = new Lines(onEvent);
        Connection to = connection();
        CompletableFuture<HttpResponse<AsyncBody>> sent;
        try {
            sent = to.http().consumeBytes(to.request(path).forStreaming().build(), lines::accept);
        } catch (RuntimeException e) {
            return notMade(e);
        }
        AsyncBody body = null;
        try {
            HttpResponse<AsyncBody> response = sent.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            body = response.body();
            if (!response.isSuccessful()) {
                return "the watch was refused: HTTP " + response.code();
            }
            body.consume();
            body.done().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return "";
        } catch (TimeoutException e) {
            leave(to);
            return "the watch did not end in time";
        } catch (ExecutionException | CancellationException e) {
            return "the watch broke off: " + rootOf(e);
        } finally {
            if (body == null) {
                sent.cancel(true);
            } else {
                body.cancel();
            }
        }
    }

    /** Cuts a stream of bytes into lines, each a JSON document. */
    private static final class Lines {
        private final Consumer<Document> onLine;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        Lines(Consumer<Document> onLine) {
            this.onLine = onLine;
        }

        void accept(List<ByteBuffer> buffers, AsyncBody body) {
            for (ByteBuffer buffer : buffers) {
                while (buffer.hasRemaining()) {
                    byte next = buffer.get();
                    if (next == '\n') {
                        onLine.accept(Document.parse(line.toString(StandardCharsets.UTF_8)));
                        line.reset();
                    } else {
                        line.write(next);
                    }
                }
            }
            if (line.size() > LONGEST_EVENT) {
                body.cancel();
                throw new IllegalStateException("an event of more than " + LONGEST_EVENT + " bytes");
            }
            body.consume();
        }
    }

    @Override
    public synchronized void close() {
        if (connection != null) {
            connection.http().close();
        }
    }
}
