package dev.muster.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An image that is built from a module's own jar and brought into the nodes. */
final class LocalImage {
    private static final Duration BUILD = Duration.ofMinutes(3);

    private LocalImage() {}

    /** The module's directory holds the Dockerfile; its jar has to be there. */
    static void build(String module, String jar, String name) {
        Path needed = Path.of(module, jar);
        if (!Files.exists(needed)) {
            throw new IllegalStateException(needed + " is missing: run `mvn package` first");
        }
        Shell.run(BUILD, "docker", "build", "--quiet", "--tag", name, module).orThrow();
        // Nodes that share the Docker engine's images, as those of some desktops do, need nothing more.
        Settings.loadCommand().ifPresent(command -> {
            List<String> load = new ArrayList<>(command);
            load.add(name);
            Shell.run(BUILD, load).orThrow();
        });
    }
}
