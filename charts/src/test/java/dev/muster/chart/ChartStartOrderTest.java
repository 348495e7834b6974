package dev.muster.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How mongod's container waits for its sidecar: the command that the chart renders, on this machine's shell. */
@Timeout(60)
class ChartStartOrderTest {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

    /** Says as which process it runs and with what, and ends at SIGTERM alone. */
    private static final String MONGOD = """
            #!/bin/sh
            trap 'echo stopped >> "$REPORT"; exit 0' TERM
            echo "pid $$" >> "$REPORT"
            for argument in "$@"; do echo "argument $argument" >> "$REPORT"; done
            while :; do sleep 0.1 & wait $!; done
            """;

    private static final String ARGUMENTS = """
            mongod:
              extraArgs:
                - "--setParameter=a=two words  and 'single' and \\"double\\" quotes"
                - "--setParameter=b=$HOME $(id) `id` \\\\ * ; exit 3"
            """;

    @TempDir
    Path temporary;

    private Path start = Path.of("");
    private Path report = Path.of("");
    private Path output = Path.of("");
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void pod() throws IOException {
        start = Files.createDirectory(temporary.resolve("start")).resolve("start");
        report = Files.createFile(temporary.resolve("report"));
        output = temporary.resolve("output");
        Path mongod = Files.createDirectory(temporary.resolve("bin")).resolve("mongod");
        Files.writeString(mongod, MONGOD);
        Files.setPosixFilePermissions(mongod, PosixFilePermissions.fromString("rwx------"));
    }

    @AfterEach
    void stop() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void mongodStartsWhenTheFileIsThereAndIsTheContainersProcess() throws Exception {
        Process container = container(ARGUMENTS);
        await(() -> !text(output).isEmpty());
        assertThat(text(output))
                .isEqualTo(
                        "mongod waits for its sidecar, for 0 s so far: %s is not there yet. See: kubectl logs mongo-1 -c"
                                        .formatted(start)
                                + " muster\n");
        assertThat(text(report)).as("it does not start before").isEmpty();

        Files.createFile(start);
        await(() -> text(report).contains("exit 3"));
        assertThat(text(report).lines())
                .startsWith("pid " + container.pid())
                .contains("argument --config=%s/mongod.conf".formatted(start.getParent()))
                .endsWith(
                        "argument --setParameter=a=two words  and 'single' and \"double\" quotes",
                        "argument --setParameter=b=$HOME $(id) `id` \\ * ; exit 3");

        container.destroy();
        assertThat(container.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(container.exitValue()).as("mongod's own exit code").isZero();
        assertThat(text(report)).endsWith("stopped\n");
    }

    @Test
    void aContainerThatRestartsDoesNotWait() throws Exception {
        Files.createFile(start);
        container("");
        await(() -> text(report).contains("pid"));
        assertThat(text(output)).isEmpty();
    }

    @Test
    void aContainerThatWaitsEndsAtOnce() throws Exception {
        Process container = container("");
        await(() -> !text(output).isEmpty());
        Instant before = Instant.now();
        container.destroy();
        assertThat(container.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(1));
        assertThat(container.exitValue()).isEqualTo(143);
        assertThat(text(report)).isEmpty();
    }

    /** After ten seconds it looks once in a second, but a signal still ends it at once. */
    @Test
    void itSaysEveryTenSecondsThatItWaits() throws Exception {
        Process container = container("");
        await(() -> text(output).lines().count() == 2);
        assertThat(text(output).lines().toList().get(1)).startsWith("mongod waits for its sidecar, for 10 s so far: ");
        Instant before = Instant.now();
        container.destroy();
        assertThat(container.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofMillis(900));
    }

    private Process container(String values) throws IOException {
        List<String> command =
                ChartTemplates.texts(ChartTemplates.render(values)
                                .container("mongod")
                                .path("command"))
                        .stream()
                        .map(word -> word.replace(
                                "/etc/muster", start.resolveSibling("").toString()))
                        .toList();
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("HOSTNAME", "mongo-1");
        builder.environment().put("REPORT", report.toString());
        builder.environment().merge("PATH", temporary.resolve("bin").toString(), (path, own) -> own + ":" + path);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Instant deadline = Instant.now().plus(LONG_ENOUGH);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("waited for too long").isBefore(deadline);
            Thread.sleep(20);
        }
    }
}
