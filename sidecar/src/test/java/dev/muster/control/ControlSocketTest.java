package dev.muster.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlSocketTest {
    @TempDir
    private Path directory = Path.of("");

    private Path path = Path.of("");
    private ControlSocket socket = new ControlSocket(path, Map.of());

    @BeforeEach
    void start() throws IOException {
        path = directory.resolve("run/muster.sock");
        socket = socket();
        socket.start();
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
    }

    @Test
    void aCommandIsDoneAndAnswered() throws IOException {
        assertThat(new ControlClient(path).send("pause")).isEqualTo(new ControlAnswer(true, "paused now"));
    }

    @Test
    void aCommandMayAnswerThatItDidNothing() throws IOException {
        assertThat(new ControlClient(path).send("approve this plan"))
                .isEqualTo(new ControlAnswer(false, "would be this and plan"));
    }

    @Test
    void whatACommandThrowsIsTheError() throws IOException {
        assertThat(new ControlClient(path).send("step-down"))
                .isEqualTo(new ControlAnswer(false, "this is not the primary"));
    }

    @Test
    void anUnknownCommandIsToldTheKnownOnes() throws IOException {
        assertThat(new ControlClient(path).send("destroy"))
                .isEqualTo(new ControlAnswer(
                        false, "there is no command 'destroy'; the commands are approve, pause, step-down"));
    }

    @Test
    void onlyItsOwnUserMayConnect() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        try (var files = Files.list(path.getParent())) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void aLineThatIsTooLongIsRefused() throws IOException {
        assertThat(raw("x".repeat(300) + "\n")).isEqualTo("error the line is longer than 256 bytes");
    }

    @Test
    void aLineThatDoesNotEndInTimeIsRefused() throws IOException {
        assertThat(raw("pause")).isEqualTo("error no line came within 2000 ms");
    }

    @Test
    void aStaleSocketIsReplaced() throws IOException {
        socket.close();
        try (ServerSocketChannel stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            stale.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();
        socket = socket();
        socket.start();

        assertThat(new ControlClient(path).send("pause").done()).isTrue();
    }

    @Test
    void aSocketThatIsListenedOnIsNotTaken() {
        assertThatThrownBy(() -> socket().start())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another sidecar");
    }

    @Test
    void aFileThatIsNoSocketIsLeftAlone() throws IOException {
        Path file = Files.writeString(directory.resolve("notes"), "mine");

        assertThatThrownBy(() -> new ControlSocket(file, Map.of()).start()).hasMessageContaining("is not a socket");
        assertThat(file).hasContent("mine");
    }

    @Test
    void aMissingSocketSaysWhereToRun() throws IOException {
        socket.close();

        assertThat(path).doesNotExist();
        assertThatThrownBy(() -> new ControlClient(path).send("pause"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no socket " + path)
                .hasMessageContaining("in the sidecar's container");
    }

    private ControlSocket socket() {
        return new ControlSocket(
                path,
                Map.of(
                        "pause",
                        new ControlSocket.Handler(0, _ -> ControlAnswer.done("paused\nnow")),
                        "approve",
                        new ControlSocket.Handler(
                                2, words -> ControlAnswer.notDone("would be " + String.join(" and ", words))),
                        "step-down",
                        new ControlSocket.Handler(0, _ -> {
                            throw new IllegalStateException("this is not the primary");
                        })));
    }

    private String raw(String request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            return OneLine.read(channel, 1000, Duration.ofSeconds(10));
        }
    }
}
