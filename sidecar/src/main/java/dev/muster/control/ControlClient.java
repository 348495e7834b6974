package dev.muster.control;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The client of {@link ControlSocket}, for the command line. */
public final class ControlClient {
    /** A step-down is the slowest command: the server allows 10 s to find a successor, and 15 s to finish. */
    static final Duration ANSWER_DEADLINE = Duration.ofSeconds(60);

    /** Far above the longest answer. */
    private static final int ANSWER_BYTES = 16 * 1024;

    private final Path path;

    public ControlClient(Path path) {
        this.path = requireNonNull(path, "path is null").toAbsolutePath();
    }

    /**
     * Sends a command and waits for the answer.
     *
     * @throws IOException when no sidecar answers; its message tells an operator why and what to do
     */
    public ControlAnswer send(String command) throws IOException {
        if (!Files.exists(path)) {
            throw new IOException(
                    "there is no socket %s: run this in the sidecar's container, with the --socket of `muster run`"
                            .formatted(path));
        }
        try (SocketChannel channel = connect()) {
            OneLine.write(channel, command);
            String answer = OneLine.read(channel, ANSWER_BYTES, ANSWER_DEADLINE);
            if (answer.startsWith("ok ")) {
                return ControlAnswer.done(answer.substring("ok ".length()));
            }
            if (answer.startsWith("error ")) {
                return ControlAnswer.notDone(answer.substring("error ".length()));
            }
            throw new IOException("the process that answers on %s is not a sidecar: '%s'".formatted(path, answer));
        } catch (OneLine.UnreadableException e) {
            throw new IOException(
                    "the sidecar on %s did not answer '%s': %s; look at its log"
                            .formatted(path, command, e.getMessage()),
                    e);
        }
    }

    private SocketChannel connect() throws IOException {
        try {
            return SocketChannel.open(UnixDomainSocketAddress.of(path));
        } catch (SocketException e) {
            throw new IOException(
                    "no sidecar answers on %s (%s): it does not run, or runs as another user"
                            .formatted(path, e.getMessage()),
                    e);
        }
    }
}
