package dev.muster.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What clients can do to the HTTP port of a sidecar that runs with the shipped JVM options. In processes of their own,
 * since the JDK's server reads its limits once for each process, and another test may have been first.
 */
@Timeout(60)
class HttpEndpointLimitsTest {
    private static final int FLOOD = 64;

    /** Within the 380 KB that the JDK's server takes by default. */
    private static final int UNFINISHED_BYTES = 370 * 1024;

    private static final Duration STARTS_WITHIN = Duration.ofSeconds(30);

    /** A request has five seconds. The rest is for the server's timers, and for a busy machine. */
    private static final int CLOSED_WITHIN_MILLIS = 15_000;

    @TempDir
    private Path directory = Path.of("");

    private int port;

    @BeforeEach
    void choosePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
    }

    @Test
    void unfinishedHeadersDoNotEndASidecar() throws Exception {
        try (ShippedJvm sidecar = startSidecar()) {
            List<Socket> flood = new ArrayList<>();
            try {
                for (int i = 0; i < FLOOD; i++) {
                    flood.add(connect());
                }
                try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
                    flood.forEach(socket -> senders.execute(() -> sendUnfinishedHeader(socket)));
                }

                awaitOk(sidecar, "/livez");
                // 503 until the first cycle has finished.
                awaitOk(sidecar, "/status");
                assertThat(get("/metrics")).startsWith("HTTP/1.1 200 OK").contains("muster_");
                assertThat(sidecar.output()).doesNotContain("OutOfMemoryError");
            } finally {
                for (Socket socket : flood) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void onlyHeadersThatNoClientNeedsAreRefused() throws Exception {
        try (ShippedJvm sidecar = startSidecar()) {
            // Browsers send cookies of up to 4 KB each, and a proxy adds a few headers of its own.
            assertThat(statusLine(get("/livez", "Cookie: " + "c".repeat(12 * 1024))))
                    .isEqualTo("HTTP/1.1 200 OK");
            assertThat(statusLine(get("/livez", headers(50)))).isEqualTo("HTTP/1.1 200 OK");

            assertThat(get("/livez", "Cookie: " + "c".repeat(17 * 1024))).isEmpty();
            assertThat(get("/" + "p".repeat(17 * 1024))).isEmpty();
            assertThat(get("/livez", headers(100))).isEmpty();
            assertThat(sidecar.isAlive()).isTrue();
        }
    }

    /** A hook whose answer is cut off lets Kubernetes stop mongod at once, with its vote. */
    @Test
    void aClientThatSendsNoRequestIsCutOffAndAHookThatWaitsIsNot() throws Exception {
        try (ShippedJvm endpoint = ShippedJvm.start(directory, HeldHook.class, String.valueOf(port))) {
            awaitOk(endpoint, "/livez");
            CompletableFuture<String> hook = CompletableFuture.supplyAsync(this::hook);
            try (Socket silent = connect();
                    Socket unfinished = connect();
                    Socket withoutBody = connect()) {
                send(unfinished, "GET /status HTTP/1.1\r\nHost: ");
                send(withoutBody, "GET /status HTTP/1.1\r\nHost: here\r\nContent-Length: 10\r\n\r\n");
                for (Socket socket : List.of(silent, unfinished, withoutBody)) {
                    readToTheEnd(socket);
                }
            }

            assertThat(hook).isNotDone();
            endpoint.tell("stop");
            assertThat(hook.get(5, TimeUnit.SECONDS))
                    .startsWith("HTTP/1.1 200 OK")
                    .endsWith(HeldHook.ANSWER + "\n");
        }
    }

    /**
     * The kubelet stops mongod at once when its call fails, and cannot be told from other callers. Other addresses on
     * the loopback interface stand for other pods.
     */
    @Test
    void strangersThatFillThePlacesDisplaceOnlyThemselves() throws Exception {
        try (ShippedJvm endpoint = ShippedJvm.start(directory, HeldHook.class, String.valueOf(port))) {
            awaitOk(endpoint, "/livez");
            List<Socket> strangers = new ArrayList<>();
            try {
                callHooks(strangers, 2 * HookCalls.PLACES, "127.0.0.2");
                // Until the burst is over: a request that finds 64 others being read is refused, as is a probe.
                awaitOk(endpoint, "/livez");
                CompletableFuture<String> kubelet = CompletableFuture.supplyAsync(this::hook);
                for (int address = 3; address < 13; address++) {
                    callHooks(strangers, 8, "127.0.0." + address);
                    awaitOk(endpoint, "/livez");
                }

                assertThat(statusLine(readToTheEnd(strangers.getFirst())))
                        .as("the oldest call of the address that has the most")
                        .startsWith("HTTP/1.1 503");
                awaitOk(endpoint, "/livez");
                assertThat(kubelet).isNotDone();
                // The hold that is under way began with the first call alone. The second one is for all that came
                // later. Of the burst, some calls may have been refused, so one that came after it is looked at.
                endpoint.tell("stop");
                endpoint.tell("stop");
                assertThat(readLine(strangers.getLast())).isEqualTo("HTTP/1.1 200 OK");
                assertThat(kubelet.get(5, TimeUnit.SECONDS))
                        .startsWith("HTTP/1.1 200 OK")
                        .endsWith(HeldHook.ANSWER + "\n");
                assertThat(endpoint.output()).doesNotContain("OutOfMemoryError");
            } finally {
                for (Socket socket : strangers) {
                    socket.close();
                }
            }
        }
    }

    private void callHooks(List<Socket> callers, int count, String from) throws IOException {
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket();
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout(CLOSED_WITHIN_MILLIS);
            send(socket, "GET /prestop HTTP/1.1\r\nHost: here\r\n\r\n");
            callers.add(socket);
        }
    }

    private static String readLine(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
    }

    private ShippedJvm startSidecar() throws Exception {
        ShippedJvm sidecar = ShippedJvm.start(
                directory,
                Main.class,
                "run",
                "--pod-name=mongo-0",
                "--namespace=default",
                "--cluster-domain=cluster.local",
                "--replicas=1",
                "--kubernetes=off",
                // Nobody listens there.
                "--mongod=127.0.0.1:1",
                "--dns-server=127.0.0.1:1",
                "--http-address=127.0.0.1",
                "--http-port=" + port,
                "--socket=" + directory.resolve("muster.sock"));
        awaitOk(sidecar, "/livez");
        return sidecar;
    }

    /** Waits until the program answers a path with 200. */
    private void awaitOk(ShippedJvm program, String path) throws IOException, InterruptedException {
        long began = System.nanoTime();
        while (!get(path).startsWith("HTTP/1.1 200 OK")) {
            assertThat(program.isAlive()).as(program.output()).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .as(program.output())
                    .isLessThan(STARTS_WITHIN);
            Thread.sleep(50);
        }
    }

    private static void sendUnfinishedHeader(Socket socket) {
        try {
            send(socket, "GET /status HTTP/1.1\r\nHost: here\r\nX: " + "x".repeat(UNFINISHED_BYTES));
        } catch (SocketException e) {
            // The server has closed it, which is what it should do.
            assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe).*");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String[] headers(int count) {
        return IntStream.range(0, count).mapToObj(i -> "X-" + i + ": x").toArray(String[]::new);
    }

    private String hook() {
        try {
            return get("/prestop");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The whole answer; empty when the server closes the connection without one, or nobody listens. */
    private String get(String path, String... headers) throws IOException {
        String lines = List.of(headers).stream().map(header -> header + "\r\n").collect(Collectors.joining());
        try (Socket socket = connect()) {
            send(socket, "GET %s HTTP/1.1\r\nHost: here\r\nConnection: close\r\n%s\r\n".formatted(path, lines));
            return readToTheEnd(socket);
        } catch (SocketException e) {
            return "";
        }
    }

    private static String statusLine(String answer) {
        return answer.lines().findFirst().orElse("");
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(CLOSED_WITHIN_MILLIS);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads until the server closes the connection; fails when it does not in time. */
    private static String readToTheEnd(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
