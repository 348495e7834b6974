package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.Keyfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrepareCommandTest {
    @TempDir
    Path directory;

    @Test
    void copiesWithTheModeThatMongodWants() throws Exception {
        Path to = directory.resolve("to");
        assertThat(prepare("abc def\nghi\n", to).out()).isEqualTo(to + ": written, mode 0400\n");
        assertThat(Files.readString(to)).isEqualTo("abc def\nghi\n");
        assertThat(mode(to)).isEqualTo("r--------");
        assertThat(Keyfile.read(to).keys()).containsExactly("abcdefghi");
        Object inode = Files.getAttribute(to, "unix:ino");
        assertThat(prepare("abc def\nghi\n", to).out()).isEqualTo(to + ": already the same\n");
        assertThat(Files.getAttribute(to, "unix:ino")).isEqualTo(inode);
        assertThat(prepare("another", to).code()).isZero();
        assertThat(Files.readString(to)).isEqualTo("another");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactlyInAnyOrder(to, directory.resolve("from"));
        }
    }

    @Test
    void aWrongModeIsMended() throws Exception {
        Path to = Files.writeString(directory.resolve("to"), "abcdef");
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(prepare("abcdef", to).code()).isZero();
        assertThat(mode(to)).isEqualTo("r--------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hunte", "hunter_2", "- hunter1\n- hunter2\n- hunter3\n", "hunter1: hunter2"})
    void whatMongodRefusesIsNotCopiedNorShown(String content) throws Exception {
        CommandLineRun run = prepare(content, directory.resolve("to"));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("keyfile " + directory.resolve("from") + ": ")
                .doesNotContain("hunte");
        assertThat(directory.resolve("to")).doesNotExist();
    }

    @Test
    void aMissingDirectoryIsNamed() throws Exception {
        assertThat(prepare("abcdef", directory.resolve("absent/to")).err())
                .isEqualTo("directory " + directory.resolve("absent") + " does not exist. Nothing was changed.\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"- abcdef1\n- abcdef2\n", "[abcdef1, abcdef2]\n", "- 'abcdef1'\n- \"abc\n  def2\"\n"})
    void aListHasTwoKeys(String content) throws IOException {
        Keyfile keyfile = Keyfile.read(Files.writeString(directory.resolve("from"), content));
        assertThat(keyfile.keys()).isEqualTo(List.of("abcdef1", "abcdef2"));
        assertThat(keyfile).hasToString("Keyfile[2 keys]");
    }

    private CommandLineRun prepare(String content, Path to) throws IOException, InterruptedException {
        Path from = Files.writeString(directory.resolve("from"), content);
        return CommandLineRun.of("prepare", "--from=" + from, "--to=" + to);
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
