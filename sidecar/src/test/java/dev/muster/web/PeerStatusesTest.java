package dev.muster.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.tell.CycleReports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
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
    void eachPeerIsAskedAtItsOwnAddress() {
        AtomicInteger located = new AtomicInteger();
        PeerStatuses peers = new PeerStatuses(
                peer -> {
                    located.incrementAndGet();
                    return URI.create("http://127.0.0.1:1/");
                },
                System::nanoTime);
        peers.gather(CycleReports.healthy());
        peers.gather(CycleReports.healthy());

        assertThat(located).hasValue(2);
    }
}
