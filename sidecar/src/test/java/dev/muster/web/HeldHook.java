package dev.muster.web;

import dev.muster.tell.CycleReports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Optional;

/** An endpoint that holds the answer to {@code /prestop} until it reads a line. Its one argument is the port. */
final class HeldHook {
    static final String ANSWER = "may stop: it was told to";

    private HeldHook() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        try (HttpEndpoint endpoint = new HttpEndpoint(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
                () -> Optional.of(CycleReports.healthy()),
                () -> Liveness.ofAge(Duration.ZERO, Duration.ofSeconds(30)),
                () -> "",
                () -> afterALine(lines))) {
            endpoint.start();
            // Until the test ends the process.
            Thread.currentThread().join();
        }
    }

    private static String afterALine(BufferedReader lines) {
        try {
            lines.readLine();
            return ANSWER;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
