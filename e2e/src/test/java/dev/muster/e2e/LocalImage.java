package dev.muster.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An image that is built here and brought into the nodes. */
final class LocalImage {
    private static final Duration BUILD = Duration.ofMinutes(3);

    private LocalImage() {}

    /** The module's directory holds the Dockerfile; its jar has to be there. */
    static void build(String module, String jar, String name) {
        Path needed = Path.of(module, jar);
        if (!Files.exists(needed)) {
            throw new IllegalStateException(needed + " is missing: run `mvn package` first");
        }
        ExternalCommand.run(BUILD, "docker", "build", "--quiet", "--tag", name, module)
                .orThrow();
        load(name);
    }

    /**
     * A public image, where nodes cannot pull it: built from a directory's Dockerfile. Without a load command they
     * can.
     */
    static void provide(String name, Path directory) {
        if (TestSettings.loadCommand().isEmpty()) {
            return;
        }
        if (!ExternalCommand.run(BUILD, List.of("docker", "image", "inspect", name))
                .succeeded()) {
            ExternalCommand.run(BUILD, "docker", "build", "--quiet", "--tag", name, directory.toString())
                    .orThrow();
        }
        load(name);
    }

    private static void load(String name) {
        // Nodes that share the Docker engine's images, as those of some desktops do, need nothing more.
        TestSettings.loadCommand().ifPresent(command -> {
            List<String> load = new ArrayList<>(command);
            load.add(name);
            ExternalCommand.run(BUILD, load).orThrow();
        });
    }
}
