package dev.muster.loop;

import dev.muster.config.Settings;
import dev.muster.model.HostAddress;
import dev.muster.model.Naming;
import dev.muster.model.Self;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A training run for the JVM's cache of classes: the sidecar turns a few cycles against a port where nobody answers,
 * and serves each of its paths once. Needs no {@code mongod} and changes nothing.
 */
public final class WarmUp {
    private static final Duration LENGTH = Duration.ofSeconds(4);

    private WarmUp() {}

    /** Runs for a few seconds. */
    public static void run() {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try {
            Path directory = Files.createTempDirectory("muster-warm-up");
            int http = freePort();
            Settings settings = new Settings(
                    new Self(0, new Naming("warm", "warm", "up", "invalid", 27017), "rs0"),
                    new HostAddress(loopback.getHostAddress(), freePort()),
                    2,
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    new InetSocketAddress(loopback, http),
                    directory.resolve("muster.sock"),
                    Duration.ofSeconds(10),
                    Optional.of(new InetSocketAddress(loopback, freePort())),
                    Duration.ofMillis(100),
                    "info");
            Thread sidecar = Thread.ofPlatform().start(() -> turn(new Sidecar(settings)));
            Thread.sleep(LENGTH.dividedBy(2));
            for (String path : List.of("/livez", "/readyz", "/status", "/metrics", "/")) {
                visit(URI.create("http://" + loopback.getHostAddress() + ":" + http + path));
            }
            Thread.sleep(LENGTH.dividedBy(2));
            sidecar.interrupt();
            sidecar.join();
            Files.deleteIfExists(directory.resolve("muster.sock"));
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void turn(Sidecar sidecar) {
        try {
            sidecar.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void visit(URI uri) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.getResponseCode();
        connection.disconnect();
    }
}
