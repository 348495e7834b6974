package dev.muster.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.muster.tell.CycleReports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeerStatusTest {
    private static final OwnPart PART = OwnPart.of(CycleReports.healthySecondary());

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private final Semaphore answers = new Semaphore(0);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;
    private PeerStatus peer;

    @BeforeEach
    void aSidecarThatAnswersWhenItIsTold() throws IOException {
        byte[] body = StatusDocument.toJson(StatusDocument.ownPart(CycleReports.healthySecondary()))
                .getBytes(StandardCharsets.UTF_8);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            answers.acquireUninterruptibly();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        peer = new PeerStatus(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"), nanos::get);
    }

    @AfterEach
    void end() {
        answers.release(100);
        server.stop(0);
        threads.close();
    }

    @Test
    void oneThatWasSilentIsNotWaitedForAgain() throws Exception {
        CompletableFuture<Void> first = peer.ask();
        assertThat(first).isNotDone();
        silence(first);

        pass(PeerStatus.BETWEEN);
        assertThat(peer.ask()).as("it is asked, and nobody waits").isDone();
        await(() -> asked.get() == 2);
        assertThat(peer.latest()).isEmpty();
    }

    @Test
    void anAnswerThatNobodyWaitedForIsShownToWhoLooksNext() throws Exception {
        silence(peer.ask());
        pass(PeerStatus.BETWEEN);
        assertThat(peer.ask()).isDone();
        await(() -> asked.get() == 2);
        // The first one still waits to write its answer, which nobody reads.
        answers.release(2);

        await(() -> peer.latest().equals(Optional.of(PART)));
        pass(PeerStatus.BETWEEN);
        assertThat(peer.ask()).as("it is waited for again").isNotDone();
    }

    @Test
    void anAnswerServesEveryoneForASecond() throws Exception {
        answers.release(10);
        peer.ask().get(5, TimeUnit.SECONDS);
        peer.ask().get(5, TimeUnit.SECONDS);
        assertThat(asked).hasValue(1);
        assertThat(peer.latest()).contains(PART);

        pass(PeerStatus.BETWEEN);
        peer.ask().get(5, TimeUnit.SECONDS);
        assertThat(asked).hasValue(2);
    }

    @Test
    void anAnswerIsShownForThreeSecondsIfNoOtherFollows() throws Exception {
        answers.release(10);
        peer.ask().get(5, TimeUnit.SECONDS);
        server.stop(0);

        pass(PeerStatus.BETWEEN);
        peer.ask().get(5, TimeUnit.SECONDS);
        assertThat(peer.latest()).contains(PART);
        pass(PeerStatus.LASTS.minus(PeerStatus.BETWEEN));
        assertThat(peer.latest()).isEmpty();
    }

    @Test
    void oneRequestIsUnderWayAtATime() throws Exception {
        CompletableFuture<Void> first = peer.ask();
        await(() -> asked.get() == 1);

        assertThat(peer.ask()).isSameAs(first);
        assertThat(asked).hasValue(1);
    }

    @Test
    void aReplyThatIsNotAsExpectedSaysNothing() throws IOException {
        assertThat(PeerStatus.parse("{\"clonedFrom\": 7, \"cloneProgress\": 1.5, \"decision\": {\"kind\": \"act\"}}"))
                .isEqualTo(new OwnPart(Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @Test
    void aReplyThatNestsDeeplyIsNotParsed() {
        assertThatThrownBy(() -> PeerStatus.parse("{\"a\":" + "[".repeat(100_000)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("opening brackets");
    }

    @Test
    void anOwnPartSurvivesTheWay() throws IOException {
        String json = StatusDocument.toJson(StatusDocument.ownPart(CycleReports.cloning()));

        assertThat(PeerStatus.parse(json)).isEqualTo(OwnPart.of(CycleReports.cloning()));
    }

    /** Lets the request run into its timeout. */
    private void silence(CompletableFuture<Void> request) throws Exception {
        pass(PeerStatus.DEADLINE);
        request.get(5, TimeUnit.SECONDS);
    }

    private void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition) throws InterruptedException {
        long giveUp = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("ten seconds").isLessThan(giveUp);
            Thread.sleep(Duration.ofMillis(5));
        }
    }
}
