package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code muster run} does for mongod although its own options are wrong. */
class RunCommandTest {
    @TempDir
    Path temporary;

    private Path start = Path.of("");
    private Path keyfile = Path.of("");
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void pod() throws IOException {
        start = Files.createDirectory(temporary.resolve("start"));
        keyfile = Files.writeString(temporary.resolve("secret"), "abcdef");
        environment.put("HOSTNAME", "mongo-2");
        environment.put("MUSTER_START_DIR", start.toString());
        environment.put("MUSTER_KEYFILE", keyfile.toString());
    }

    /** With a wrong value, a name that is no option, an option without its value, and one that is given twice. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--max-lag=soon",
                "--first-ordinal=x",
                "--replica=3",
                "surplus",
                "--replicas",
                "--replicas=3 --replicas=5"
            })
    void aWrongOptionIsReportedAndMongodStartsAllTheSame(String options) throws Exception {
        CommandLineRun run = CommandLineRun.of(environment, ("run " + options).split(" ", -1));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("See 'muster run --help' for what is allowed.");
        assertThat(run.out())
                .isEqualTo(
                        "Wrote %1$s/keyfile, %1$s/mongod.conf, %1$s/start. mongod may start. Its data directory is not"
                                        .formatted(start)
                                + " known.\n");
        assertThat(start.resolve("keyfile")).hasContent("abcdef");
        assertThat(start.resolve("start")).exists();
    }

    /** Nobody knows then whether the volume was lost, and a member that lost it could cost a write. */
    @Test
    void onAnEmptyDataDirectoryAWrongOptionKeepsMongodDown() throws Exception {
        Path data = Files.createDirectory(temporary.resolve("data"));
        environment.put("MUSTER_DATA_DIR", data.toString());
        CommandLineRun run = CommandLineRun.of(environment, "run", "--kubernetes=on", "--max-lag=soon");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out())
                .endsWith(
                        "mongod waits until the sidecar knows whether a set counts on this member. Its data directory is"
                                + " empty.\n");
        assertThat(start.resolve("start")).doesNotExist();

        Files.createFile(data.resolve("WiredTiger"));
        assertThat(CommandLineRun.of(environment, "run", "--kubernetes=on", "--max-lag=soon")
                        .out())
                .endsWith("mongod may start. Its data directory has been used.\n");
    }

    @Test
    void withoutKubernetesThereIsNoRecordToWaitFor() throws Exception {
        environment.put(
                "MUSTER_DATA_DIR",
                Files.createDirectory(temporary.resolve("data")).toString());
        CommandLineRun.of(environment, "run", "--kubernetes=off", "--max-lag=soon");
        assertThat(start.resolve("start")).exists();
    }

    @Test
    void theStartDirectoryIsKnownFromAFlagToo() throws Exception {
        environment.remove("MUSTER_START_DIR");
        CommandLineRun run = CommandLineRun.of(environment, "run", "--replica=3", "--start-dir=" + start);
        assertThat(run.code()).isEqualTo(2);
        assertThat(start.resolve("start")).exists();
    }

    @Test
    void withoutTheKeyfileMongodWaits() throws Exception {
        environment.put("MUSTER_KEYFILE", temporary.resolve("absent").toString());
        CommandLineRun run = CommandLineRun.of(environment, "run");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("If mongod has not started in this pod yet, it waits", "--keyfile=" + temporary);
        assertThat(start).isEmptyDirectory();
    }

    @Test
    void withAKeyThatMongodRefusesItWaitsAndTheSidecarEnds() throws Exception {
        Files.writeString(keyfile, "hunte");
        environment.put("MUSTER_SOCKET", temporary.resolve("muster.sock").toString());
        CommandLineRun run = CommandLineRun.of(environment, "run", "--kubernetes=off", "--replicas=3");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("mongod waits: keyfile " + keyfile + ": ")
                .doesNotContain("hunte");
        assertThat(start).isEmptyDirectory();
    }

    @Test
    void aSidecarThatCannotGoOnStaysUntilTheKubeletHasSeenIt() {
        Instant started = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(RunCommand.remaining(started, started.plusMillis(400))).isEqualTo(Duration.ofMillis(9600));
        assertThat(RunCommand.remaining(started, started.plusSeconds(3600))).isEqualTo(Duration.ZERO);
        assertThat(RunCommand.remaining(started, started.minusSeconds(3600))).isEqualTo(Duration.ofSeconds(10));
    }
}
