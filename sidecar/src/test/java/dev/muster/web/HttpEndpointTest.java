package dev.muster.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.HostAddress;
import dev.muster.tell.CycleReport;
import dev.muster.tell.CycleReports;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpEndpointTest {
    private Optional<CycleReport> state = Optional.of(CycleReports.healthy());
    private Liveness liveness = Liveness.ofAge(Duration.ofMillis(7), Duration.ofSeconds(30));
    private final HttpEndpoint endpoint = endpoint(0, peer -> URI.create("http://127.0.0.1:1/status?self=true"));

    @BeforeEach
    void start() throws IOException {
        endpoint.start();
    }

    @AfterEach
    void close() {
        endpoint.close();
    }

    @Test
    void aReadyMemberIs200WithTheReason() throws IOException {
        assertThat(get("/readyz")).isEqualTo(new Answer(200, "PRIMARY\n"));
    }

    @Test
    void anUnreadyMemberIs503WithTheReason() throws IOException {
        state = Optional.of(CycleReports.unreachable());

        assertThat(get("/readyz")).isEqualTo(new Answer(503, "waits for mongod: connection refused\n"));
    }

    @Test
    void livenessIsTheLoopsAndNotTheDatabases() throws IOException {
        state = Optional.of(CycleReports.unreachable());
        assertThat(get("/livez")).isEqualTo(new Answer(200, "the loop turned 7 ms ago\n"));

        liveness = Liveness.ofAge(Duration.ofSeconds(31), Duration.ofSeconds(30));
        assertThat(get("/livez"))
                .isEqualTo(new Answer(503, "the loop turned 31000 ms ago; at most 30000 ms are allowed\n"));
    }

    @Test
    void beforeTheFirstCycleItIsAliveAndNotReady() throws IOException {
        state = Optional.empty();

        assertThat(get("/livez").code()).isEqualTo(200);
        assertThat(get("/readyz")).isEqualTo(new Answer(503, "no cycle has finished yet\n"));
        assertThat(get("/status").code()).isEqualTo(503);
        assertThat(Document.parse(get("/status").body()))
                .isEqualTo(new Document("ready", false).append("readyReason", "no cycle has finished yet"));
    }

    @Test
    void whatIsNotThereIs404WithWhatIs() throws IOException {
        Answer answer = get("/admin");

        assertThat(answer.code()).isEqualTo(404);
        assertThat(answer.body()).contains("/status", "/livez", "/readyz", "/metrics");
    }

    @Test
    void nothingCanBePosted() throws IOException {
        HttpURLConnection connection = open("/status");
        connection.setRequestMethod("POST");

        assertThat(answer(connection).code()).isEqualTo(405);
        assertThat(connection.getHeaderField("Allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void headHasTheLengthAndNoBody() throws IOException {
        HttpURLConnection connection = open("/readyz");
        connection.setRequestMethod("HEAD");

        assertThat(answer(connection)).isEqualTo(new Answer(200, ""));
        assertThat(connection.getContentLength()).isEqualTo("PRIMARY\n".length());
    }

    @Test
    void thePageLoadsNothingFromElsewhere() throws IOException {
        HttpURLConnection connection = open("/");

        assertThat(answer(connection).body()).contains("/page.css", "/page.js").doesNotContain("http:", "https:");
        assertThat(connection.getHeaderField("Content-Security-Policy")).contains("default-src 'none'");
        assertThat(connection.getHeaderField("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(connection.getHeaderField("Cache-Control")).isEqualTo("no-store");
        assertThat(get("/page.css").code()).isEqualTo(200);
        assertThat(get("/page.js").body()).doesNotContain("innerHTML", "insertAdjacentHTML", "document.write");
    }

    @Test
    void metricsAreTheScrape() throws IOException {
        assertThat(get("/metrics")).isEqualTo(new Answer(200, "a_metric 1\n"));
    }

    @Test
    void statusGathersWhatOnlyTheOthersKnow() throws IOException {
        HttpEndpoint second = new HttpEndpoint(
                loopback(0), () -> Optional.of(CycleReports.healthySecondary()), () -> liveness, () -> "", () -> "");
        second.start();
        try (HttpEndpoint first = endpoint(
                0,
                peer -> URI.create(
                        peer.host().startsWith("mongo-1.")
                                ? "http://127.0.0.1:" + second.port() + "/status?self=true"
                                : "http://127.0.0.1:1/"))) {
            first.start();
            Document status = Document.parse(get(first, "/status").body());

            assertThat(status.getList("members", Document.class))
                    .extracting(member -> member.getString("clonedFrom"))
                    .containsExactly(null, "mongo-0", null);
            assertThat(Document.parse(get(first, "/status?self=true").body())).containsOnlyKeys("self", "decision");
        } finally {
            second.close();
        }
    }

    @Test
    void aPortInUseSaysWhatToDo() {
        HttpEndpoint other = endpoint(endpoint.port(), peer -> URI.create("http://127.0.0.1:1/"));

        assertThatThrownBy(other::start)
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "cannot serve HTTP: port %d on 127.0.0.1 is in use (--http-port %d, --http-address 127.0.0.1);"
                                + " stop what listens there, or give another --http-port",
                        endpoint.port(), endpoint.port());
    }

    @Test
    void aHookMayTakeAsLongAsTheLongestGracePeriodOfTheChart() throws IOException {
        // Maven runs tests in the module's directory.
        Document schema = Document.parse(Files.readString(Path.of("../charts/muster/values.schema.json")));
        int longestSeconds =
                schema.getEmbedded(List.of("properties", "terminationGracePeriodSeconds", "maximum"), Integer.class);

        assertThat(Integer.getInteger("sun.net.httpserver.maxRspTime")).isGreaterThanOrEqualTo(longestSeconds);
    }

    private HttpEndpoint endpoint(int port, Function<HostAddress, URI> location) {
        return new HttpEndpoint(
                loopback(port),
                () -> state,
                () -> liveness,
                () -> "a_metric 1\n",
                () -> "may stop",
                new PeerStatuses(location, System::nanoTime));
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private record Answer(int code, String body) {}

    private Answer get(String path) throws IOException {
        return get(endpoint, path);
    }

    private static Answer get(HttpEndpoint from, String path) throws IOException {
        return answer(open(from, path));
    }

    private HttpURLConnection open(String path) throws IOException {
        return open(endpoint, path);
    }

    private static HttpURLConnection open(HttpEndpoint from, String path) throws IOException {
        return (HttpURLConnection)
                URI.create("http://127.0.0.1:" + from.port() + path).toURL().openConnection();
    }

    private static Answer answer(HttpURLConnection connection) throws IOException {
        int code = connection.getResponseCode();
        try (InputStream body = code >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
            return new Answer(code, new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
