package dev.muster.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The writer's image, built from this module's own jar and brought into the nodes, once for all tests. */
final class WriterImage {
    private static final String NAME = "muster-e2e-writer:dev";
    private static final Duration BUILD = Duration.ofMinutes(3);

    private static @Nullable String ready;

    private WriterImage() {}

    static synchronized String name() {
        String name = ready;
        if (name == null) {
            name = Settings.writerImage().orElseGet(WriterImage::build);
            ready = name;
        }
        return name;
    }

    private static String build() {
        if (!Files.exists(Path.of("target/muster-e2e.jar"))) {
            throw new IllegalStateException("target/muster-e2e.jar is missing: run `mvn package` first");
        }
        Shell.run(BUILD, "docker", "build", "--quiet", "--tag", NAME, ".").orThrow();
        // Nodes that share the Docker engine's images, as those of some desktops do, need nothing more.
        Settings.loadCommand().ifPresent(command -> {
            List<String> load = new ArrayList<>(command);
            load.add(NAME);
            Shell.run(BUILD, load).orThrow();
        });
        return NAME;
    }
}
