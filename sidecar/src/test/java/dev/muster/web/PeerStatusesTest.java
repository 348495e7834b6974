package dev.muster.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.tell.CycleReports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PeerStatusesTest {
    @Test
    void whoDoesNotAnswerInTimeIsAbsent() throws IOException {
        // It accepts (the kernel does) and never answers.
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            PeerStatuses peers = new PeerStatuses(
                    peer -> URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/"), System::nanoTime);
            long start = System.nanoTime();

            assertThat(peers.gather(CycleReports.healthy())).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void anAnswerServesEveryoneForASecond() {
        AtomicInteger asked = new AtomicInteger();
        long[] now = {0};
        PeerStatuses peers = new PeerStatuses(
                peer -> {
                    asked.incrementAndGet();
                    return URI.create("http://127.0.0.1:1/");
                },
                () -> now[0]);
        peers.gather(CycleReports.healthy());
        peers.gather(CycleReports.healthy());
        assertThat(asked).hasValue(2);

        now[0] = Duration.ofSeconds(1).toNanos();
        peers.gather(CycleReports.healthy());
        assertThat(asked).hasValue(4);
    }

    @Test
    void aReplyThatIsNotAsExpectedSaysNothing() throws IOException {
        assertThat(PeerStatuses.parse("{\"clonedFrom\": 7, \"cloneProgress\": 1.5, \"decision\": {\"kind\": \"act\"}}"))
                .isEqualTo(new OwnPart(Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @Test
    void aReplyThatNestsDeeplyIsNotParsed() {
        assertThatThrownBy(() -> PeerStatuses.parse("{\"a\":" + "[".repeat(100_000)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("opening brackets");
    }

    @Test
    void anOwnPartSurvivesTheWay() throws IOException {
        String json = StatusDocument.toJson(StatusDocument.ownPart(CycleReports.cloning()));

        assertThat(PeerStatuses.parse(json)).isEqualTo(OwnPart.of(CycleReports.cloning()));
    }
}
