package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.secrets.Keyfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        assertThat(prepare("abc def\nghi\n", to).out()).isEqualTo(to + ": already up to date\n");
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

    @ParameterizedTest(name = "{0} of a set that starts at {1}: {2}")
    @CsvSource({
        "mongo-0, 0, secondaryPreferred",
        "mongo-1, 0, secondaryPreferred",
        "mongo-2, 0, secondary",
        "mongo-3, 0, secondaryPreferred",
        "mongo-10, 0, secondaryPreferred",
        "mongo-11, 10, secondaryPreferred",
        "mongo-12, 10, secondary",
    })
    void aMemberThatHasSecondariesBeforeItClonesFromThem(String pod, String firstOrdinal, String preference)
            throws Exception {
        Path config = directory.resolve("mongod.conf");
        String expected = "setParameter:\n  initialSyncSourceReadPreference: " + preference + "\n";
        CommandLineRun byFlags = CommandLineRun.of(
                "prepare", "--mongod-config=" + config, "--pod-name=" + pod, "--first-ordinal=" + firstOrdinal);
        assertThat(byFlags.out()).isEqualTo(config + ": written, mode 0400\n");
        assertThat(Files.readString(config)).endsWith(expected);
        assertThat(mode(config)).isEqualTo("r--------");
        CommandLineRun byVariables = CommandLineRun.of(
                Map.of("HOSTNAME", pod, "MUSTER_FIRST_ORDINAL", firstOrdinal), "prepare", "--mongod-config=" + config);
        assertThat(byVariables.out()).isEqualTo(config + ": already up to date\n");
    }

    @Test
    void writesKeyfileAndConfigurationInOneCall() throws Exception {
        Path from = Files.writeString(directory.resolve("from"), "abcdef");
        Path to = directory.resolve("to");
        Path config = directory.resolve("mongod.conf");
        CommandLineRun run = CommandLineRun.of(
                Map.of("MUSTER_POD_NAME", "mongo-0"),
                "prepare",
                "--from=" + from,
                "--to=" + to,
                "--mongod-config=" + config);
        assertThat(run.out()).isEqualTo(to + ": written, mode 0400\n" + config + ": written, mode 0400\n");
        assertThat(run.code()).isZero();
        assertThat(to).exists();
        assertThat(config).exists();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "--pod-name=mongo | --pod-name=mongo: must be <statefulset>-<ordinal> in lower case",
                "--pod-name=mongo-01 | --pod-name=mongo-01: must be <statefulset>-<ordinal> in lower case",
                "--first-ordinal=x | --first-ordinal=x: must be a whole number between 0 and 999999",
                "--first-ordinal=3 | --first-ordinal=3: is higher than the ordinal of --pod-name=mongo-2",
                "--from=/absent | --from and --to: give both or neither",
            })
    void aBadOptionIsNamedAndNothingIsWritten(String option, String message) throws Exception {
        Path config = directory.resolve("mongod.conf");
        CommandLineRun run =
                CommandLineRun.of(Map.of("HOSTNAME", "mongo-2"), "prepare", "--mongod-config=" + config, option);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith(message + "\n").endsWith("Nothing was changed.\n");
        assertThat(config).doesNotExist();
    }

    @Test
    void aKeyfileThatIsRefusedLeavesNoConfigurationEither() throws Exception {
        Path from = Files.writeString(directory.resolve("from"), "short");
        Path config = directory.resolve("mongod.conf");
        CommandLineRun run = CommandLineRun.of(
                Map.of("HOSTNAME", "mongo-2"),
                "prepare",
                "--mongod-config=" + config,
                "--from=" + from,
                "--to=" + directory.resolve("to"));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("keyfile " + from + ": ");
        assertThat(config).doesNotExist();
    }

    @Test
    void withNothingToDoItSaysWhatToGive() throws Exception {
        CommandLineRun run = CommandLineRun.of("prepare");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("nothing to prepare: give --from and --to, or --mongod-config");
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
