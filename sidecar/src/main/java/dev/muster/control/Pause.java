package dev.muster.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether an operator paused this sidecar. Kept as a file beside the control socket, so that a restart of the container
 * does not end the pause.
 */
public final class Pause {
    private final Path file;

    public Pause(Path socket) {
        this.file = socket.resolveSibling(socket.getFileName() + ".paused");
    }

    public boolean isPaused() {
        return Files.exists(file);
    }

    /** Begins a pause; does nothing when there is one. */
    void begin() throws IOException {
        if (!isPaused()) {
            Files.writeString(file, "muster pause\n");
        }
    }

    /** Ends the pause; does nothing when there is none. */
    void end() throws IOException {
        Files.deleteIfExists(file);
    }
}
