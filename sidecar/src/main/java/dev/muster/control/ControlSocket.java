package dev.muster.control;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Unix socket for the commands of an operator in the container. Only the user that runs Muster can connect. One
 * request per connection: a line with the command's name and its arguments, answered by {@code ok <sentence>} or
 * {@code error <sentence>}.
 */
public final class ControlSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);

    /** Far above the longest command. */
    static final int REQUEST_BYTES = 256;

    /** The client sends its line at once. */
    static final Duration REQUEST_DEADLINE = Duration.ofSeconds(2);

    /** Further connections wait to be accepted. */
    private static final int CONCURRENT = 8;

    private final Path path;
    private final Map<String, Handler> handlers;
    private final Semaphore permits = new Semaphore(CONCURRENT);
    private volatile @Nullable ServerSocketChannel server;

    /**
     * What carries out one command.
     *
     * @param arguments how many words follow the command's name
     * @param run called with these words on a thread of its own. It answers a refusal too; an exception is a bug, which
     *     is logged, and answered as not done
     */
    public record Handler(int arguments, Function<List<String>, ControlAnswer> run) {}

    /**
     * @param handlers by the command's name
     */
    public ControlSocket(Path path, Map<String, Handler> handlers) {
        this.path = requireNonNull(path, "path is null").toAbsolutePath();
        this.handlers = new TreeMap<>(handlers);
    }

    /**
     * Listens and answers. Creates the directory if it is missing, and replaces a socket that no process listens on.
     *
     * @throws IOException when it cannot listen on the path; its message tells an operator why
     */
    public void start() throws IOException {
        Path parent = requireNonNull(path.getParent(), "the socket's path has no directory");
        try {
            Files.createDirectories(parent);
            refuseIfTaken();
            server = listen(parent);
        } catch (IOException e) {
            throw new IOException("cannot listen on --socket %s: %s".formatted(path, e), e);
        }
        Thread.ofVirtual().name("control-socket").start(this::accept);
    }

    /** Stops listening and removes the socket. Idempotent. */
    @Override
    public void close() throws IOException {
        ServerSocketChannel listening = server;
        if (listening != null && listening.isOpen()) {
            listening.close();
            Files.deleteIfExists(path);
        }
    }

    private void refuseIfTaken() throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new IOException("it exists and is not a socket");
        }
        try (SocketChannel other = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            throw new IOException("another sidecar listens on it: " + other.getRemoteAddress());
        } catch (SocketException e) {
            LOG.debug("replacing the stale socket {}: {}", path, e.getMessage());
        }
    }

    /**
     * Binds in a directory that only we can enter, and moves the socket into its place once its mode is set. So another
     * user can never connect.
     */
    private ServerSocketChannel listen(Path parent) throws IOException {
        Path closed = Files.createTempDirectory(
                parent, ".m", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path made = closed.resolve("s");
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(made));
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
            Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        } finally {
            Files.deleteIfExists(made);
            Files.delete(closed);
        }
    }

    private void accept() {
        ServerSocketChannel listening = requireNonNull(server, "not started");
        while (listening.isOpen()) {
            try {
                permits.acquire();
                SocketChannel client;
                try {
                    client = listening.accept();
                } catch (IOException e) {
                    permits.release();
                    throw e;
                }
                Thread.ofVirtual().name("control").start(() -> serve(client));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("the control socket {} failed and accepts no more commands", path, e);
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            OneLine.write(client, answer(client));
        } catch (IOException e) {
            LOG.debug("a client of the control socket closed its connection: {}", e.getMessage());
        } finally {
            permits.release();
        }
    }

    private String answer(SocketChannel client) throws IOException {
        String command;
        try {
            command = OneLine.read(client, REQUEST_BYTES, REQUEST_DEADLINE);
        } catch (OneLine.UnreadableException e) {
            return "error " + e.getMessage();
        }
        List<String> words = List.of(command.split(" ", -1));
        Handler handler = handlers.get(words.getFirst());
        if (handler == null || handler.arguments() != words.size() - 1) {
            return "error there is no command '%s'; the commands are %s"
                    .formatted(command, String.join(", ", handlers.keySet()));
        }
        try {
            ControlAnswer answer = handler.run().apply(words.subList(1, words.size()));
            return (answer.done() ? "ok " : "error ") + answer.sentence();
        } catch (RuntimeException e) {
            LOG.error("the command {} failed", command, e);
            return "error " + (e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }
}
