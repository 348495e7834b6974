package dev.muster.web;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.muster.tell.CycleReport;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one HTTP port: probes, status, metrics and the page. Open to the whole cluster, so nothing here changes anything
 * or holds a secret.
 */
public final class HttpEndpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);

    /** Probes, a scrape and a few pages need five; above this a connection is closed unanswered. */
    private static final int CONCURRENT_REQUESTS = 64;

    private static final String PATHS = """
            /         the page
            /status   what Muster sees and does, as JSON
            /livez    200 while the loop turns
            /readyz   200 while the member serves
            /metrics  for Prometheus
            /prestop  for the preStop hook of mongod's container""";

    static {
        // The JDK's server reads its limits from system properties, once, when its classes are initialized. They are
        // set here and not on the command line, so that they are in force however the sidecar is started.
        //
        // It collects a header in memory until the header ends. By default that is up to 380 KB per connection, and
        // twenty of them fill the sidecar's heap. Probes and scrapes need 1 KB, a browser with cookies a few.
        setDefault("sun.net.httpserver.maxReqHeaderSize", "16384");
        setDefault("sun.net.httpserver.maxReqHeaders", "64");
        // By default it waits for a request without end: a few silent clients would use up the permits, and with them
        // the liveness probe. The five seconds begin with the first byte, or with the connection where none comes, and
        // end with the last byte of the request. How long the answer takes does not count.
        setDefault("sun.net.httpserver.maxReqTime", "5");
        // For a connection that is kept open between two requests. A scraper returns later than this, and reconnects.
        setDefault("sun.net.httpserver.idleInterval", "10");
        // How often silent and idle connections are looked for, in milliseconds. By default it is every ten seconds.
        setDefault("sun.net.httpserver.clockTick", "1000");
        // The answer to a preStop hook is held for minutes, at most for the pod's grace period, of which the chart
        // allows a day. A hook that is cut off lets Kubernetes stop mongod at once, with its vote.
        setDefault("sun.net.httpserver.maxRspTime", "86400");
        setDefault("jdk.httpserver.maxConnections", "256");
        // Otherwise an answer in two packets waits 40 ms for the client's delayed acknowledgement.
        setDefault("sun.net.httpserver.nodelay", "true");
    }

    private final InetSocketAddress address;
    private final Supplier<Optional<CycleReport>> state;
    private final Supplier<Liveness> liveness;
    private final Supplier<String> metrics;
    private final HookCalls hooks;
    private final PeerStatuses peers;
    private final Map<String, Reply> page;
    private @Nullable HttpServer server;

    /**
     * @param address where to serve; the same port is asked of the other members' sidecars
     * @param state what the last cycle came to; empty before the first
     * @param metrics the scrape, in Prometheus' text format
     * @param preStop waits until this pod's mongod may stop, if Kubernetes is deleting the pod, and says why; called by
     *     one thread at a time
     */
    public HttpEndpoint(
            InetSocketAddress address,
            Supplier<Optional<CycleReport>> state,
            Supplier<Liveness> liveness,
            Supplier<String> metrics,
            Supplier<String> preStop) {
        this(address, state, liveness, metrics, preStop, new PeerStatuses(address.getPort()));
    }

    HttpEndpoint(
            InetSocketAddress address,
            Supplier<Optional<CycleReport>> state,
            Supplier<Liveness> liveness,
            Supplier<String> metrics,
            Supplier<String> preStop,
            PeerStatuses peers) {
        this.address = requireNonNull(address, "address is null");
        this.state = requireNonNull(state, "state is null");
        this.liveness = requireNonNull(liveness, "liveness is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
        this.hooks = new HookCalls(preStop);
        this.peers = requireNonNull(peers, "peers is null");
        this.page = Map.of(
                "/", resource("page.html", "text/html; charset=utf-8"),
                "/page.css", resource("page.css", "text/css; charset=utf-8"),
                "/page.js", resource("page.js", "text/javascript; charset=utf-8"));
    }

    /**
     * Listens and serves, on virtual threads.
     *
     * @throws IOException when the address cannot be listened on; its message tells a person what to do
     */
    public void start() throws IOException {
        if (address.isUnresolved()) {
            throw new IOException(
                    "cannot serve HTTP: --http-address %s is no address of this host; give one, or 0.0.0.0 for all"
                            .formatted(address.getHostString()));
        }
        HttpServer created;
        try {
            created = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw unavailable(e);
        }
        created.createContext("/", this::handle);
        created.setExecutor(boundedVirtualThreads());
        created.start();
        server = created;
    }

    /** The port that is listened on: another than asked for where that was 0. */
    public int port() {
        return requireNonNull(server, "not started").getAddress().getPort();
    }

    /** Stops at once. Idempotent. */
    @Override
    public void close() {
        if (server != null) {
            server.stop(0);
        }
    }

    private IOException unavailable(IOException cause) {
        String host = address.getAddress().getHostAddress();
        if (cause instanceof BindException && String.valueOf(cause.getMessage()).contains("in use")) {
            return new IOException(
                    ("cannot serve HTTP: port %d on %s is in use (--http-port %d, --http-address %s); stop what listens"
                                    + " there, or give another --http-port")
                            .formatted(address.getPort(), host, address.getPort(), host),
                    cause);
        }
        return new IOException(
                ("cannot serve HTTP on --http-address %s, --http-port %d: %s; give an address of this host, or 0.0.0.0"
                                + " for all, and a port above 1023")
                        .formatted(host, address.getPort(), cause.getMessage()),
                cause);
    }

    private static Executor boundedVirtualThreads() {
        Semaphore permits = new Semaphore(CONCURRENT_REQUESTS);
        return request -> {
            if (!permits.tryAcquire()) {
                throw new RejectedExecutionException("more than " + CONCURRENT_REQUESTS + " requests at a time");
            }
            Thread.ofVirtual().name("http").start(() -> {
                try {
                    request.run();
                } finally {
                    permits.release();
                }
            });
        };
    }

    private void handle(HttpExchange exchange) throws IOException {
        if (isRead(exchange) && "/prestop".equals(exchange.getRequestURI().getPath())) {
            // Its answer may take minutes: it must not take one of the places that probes need.
            hooks.await(exchange);
            return;
        }
        try (exchange) {
            Reply reply;
            try {
                reply = answer(exchange);
            } catch (RuntimeException e) {
                LOG.error(
                        "HTTP {} failed; the loop is not affected",
                        exchange.getRequestURI().getPath(),
                        e);
                reply = Reply.text(500, "internal error; the sidecar's log says more");
            }
            reply.send(exchange);
        }
    }

    private static boolean isRead(HttpExchange exchange) {
        String method = exchange.getRequestMethod();
        return method.equals("GET") || method.equals("HEAD");
    }

    private Reply answer(HttpExchange exchange) {
        if (!isRead(exchange)) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            return Reply.text(
                    405, exchange.getRequestMethod() + " is not allowed: nothing on this port changes anything");
        }
        String path = String.valueOf(exchange.getRequestURI().getPath());
        return switch (path) {
            case "/livez" -> livez();
            case "/readyz" -> readyz();
            case "/status" -> status("self=true".equals(exchange.getRequestURI().getRawQuery()));
            case "/metrics" -> new Reply(200, "text/plain; version=0.0.4; charset=utf-8", metrics.get());
            default -> {
                Reply file = page.get(path);
                yield file != null ? file : Reply.text(404, "there is nothing here; there is\n" + PATHS);
            }
        };
    }

    private Reply livez() {
        Liveness now = liveness.get();
        return Reply.text(now.alive() ? 200 : 503, now.reason());
    }

    private Reply readyz() {
        return state.get()
                .map(CycleReport::readiness)
                .map(readiness -> Reply.text(readiness.ready() ? 200 : 503, readiness.reason()))
                .orElseGet(() -> Reply.text(503, StatusDocument.NO_CYCLE_YET));
    }

    /** @param ownOnly asked by another sidecar: answered without asking any, so that no circle can form */
    private Reply status(boolean ownOnly) {
        Optional<CycleReport> last = state.get();
        if (last.isEmpty()) {
            return Reply.json(503, StatusDocument.toJson(StatusDocument.beforeFirstCycle()));
        }
        Document document =
                ownOnly ? StatusDocument.ownPart(last.get()) : StatusDocument.of(last.get(), peers.gather(last.get()));
        return Reply.json(200, StatusDocument.toJson(document));
    }

    private static Reply resource(String name, String contentType) {
        try (InputStream in = HttpEndpoint.class.getResourceAsStream(name)) {
            return new Reply(
                    200, contentType, new String(requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + name + " from the jar", e);
        }
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
