package dev.muster.playground;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Makes the cache with which a sidecar's JVM starts in a fraction of the time: a real sidecar forms a real set and
 * serves each of its paths, and the JVM writes down which classes that took. A run against nothing would miss all
 * classes that an answer needs.
 */
public final class StartCache {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A settled set, a scrape and a look at the page: some cycles of each. */
    private static final Duration SETTLED = Duration.ofSeconds(3);

    private static final int HTTP_TIMEOUT_MILLIS = 5000;

    private StartCache() {}

    /**
     * Makes the cache.
     *
     * @param arguments the file to write
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path file = Path.of(arguments[0]).toAbsolutePath();
        try (LocalSet set = LocalSet.builder().members(2).build()) {
            LocalMember trained = set.member(0);
            trained.setSidecarJvm(SidecarJvm.TUNED_WITHOUT_CACHE);
            trained.setSidecarJvmOptions(List.of("-XX:AOTCacheOutput=" + file));
            set.startSidecars();
            set.startMongods();
            set.awaitFormed(PATIENCE);
            Thread.sleep(SETTLED);
            for (String path : List.of("livez", "readyz", "status", "metrics", "")) {
                visit(URI.create(trained.statusPage()).resolve(path));
            }
            trained.stopSidecar();
        }
        if (!Files.exists(file)) {
            throw new IOException("the JVM did not write " + file);
        }
    }

    private static void visit(URI uri) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setReadTimeout(HTTP_TIMEOUT_MILLIS);
        try (InputStream body = connection.getInputStream()) {
            body.readAllBytes();
        }
    }
}
