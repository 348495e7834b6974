package dev.muster.playground.bench;

import com.mongodb.client.MongoClient;
import dev.muster.playground.LocalSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bson.Document;

/** What the figures were measured on. */
final class Machine {
    private Machine() {}

    /** One sentence; starts a mongod to ask it for its version. */
    static String describe() {
        return "Machine: %d cores (%s), %s, JDK %s, mongod %s"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        value(Path.of("/proc/cpuinfo"), "model name", ":"),
                        value(Path.of("/etc/os-release"), "PRETTY_NAME", "=") + " with Linux "
                                + System.getProperty("os.version"),
                        System.getProperty("java.runtime.version"),
                        mongodVersion());
    }

    private static String mongodVersion() {
        try (LocalSet set = LocalSet.builder().members(1).build()) {
            set.startMongods();
            set.awaitAnswering(Poll.PATIENCE);
            MongoClient mongod = set.mongo(0);
            return mongod.getDatabase("admin")
                    .runCommand(new Document("buildInfo", 1))
                    .getString("version");
        }
    }

    private static String value(Path file, String key, String separator) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(key))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(separator) + 1)
                            .replace("\"", "")
                            .strip())
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
