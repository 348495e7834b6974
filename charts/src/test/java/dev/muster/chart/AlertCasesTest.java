package dev.muster.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alerts fire when they should and only then, by promtool's tests of them. */
class AlertCasesTest {
    /** The tests take about 40 s on two idle cores, and those are seldom idle here. */
    private static final Duration PROMTOOL_LIMIT = Duration.ofMinutes(5);

    /** A rule that never fires passes every quiet test, and one that always fires every other. */
    @Test
    void eachAlertIsTestedBothWays() {
        List<Alerts.Case> cases = Alerts.cases();
        for (String alert : Alerts.names()) {
            assertThat(cases)
                    .as("a case in which %s fires", alert)
                    .anyMatch(each -> each.checks().contains(new Alerts.Check(alert, true)));
            assertThat(cases)
                    .as("a case in which %s is quiet throughout", alert)
                    .anyMatch(each -> each.checks().contains(new Alerts.Check(alert, false))
                            && !each.checks().contains(new Alerts.Check(alert, true)));
        }
    }

    /** Prometheus gives no error for an alert that it does not know: the check would be empty for ever. */
    @Test
    void theTestsNameNoOtherAlert() {
        assertThat(Alerts.cases().stream()
                        .flatMap(each -> each.checks().stream())
                        .map(Alerts.Check::alert))
                .isSubsetOf(Alerts.names());
    }

    @Test
    void caseNamesSayWhatTheyExpect() {
        for (Alerts.Case each : Alerts.cases()) {
            boolean fires = each.checks().stream().anyMatch(Alerts.Check::fires);
            if (each.name().startsWith("quiet")) {
                assertThat(fires && !each.name().contains("; fires"))
                        .as(each.name())
                        .isFalse();
            } else if (each.name().startsWith("fires")) {
                assertThat(fires).as(each.name()).isTrue();
            }
        }
    }

    @Test
    void promtoolAcceptsTheRules(@TempDir Path directory) throws IOException, InterruptedException {
        promtool(directory, List.of("check", "rules", Alerts.RULES.toString()));
    }

    @Test
    void promtoolTestsTheRules(@TempDir Path directory) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("test", "rules"));
        Alerts.fileNames(Alerts.TESTS, ".yaml")
                .forEach(name ->
                        arguments.add(Alerts.TESTS.resolve(name + ".yaml").toString()));
        promtool(directory, arguments);
    }

    private static void promtool(Path directory, List<String> arguments) throws IOException, InterruptedException {
        assumeTrue(
                isOnPath("promtool"),
                "not run: promtool is not on the PATH (Debian's package prometheus has it), so the rules were not"
                        + " evaluated");
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(arguments);
        // Into a file: a pipe that nobody empties would hold up promtool for ever.
        Path output = directory.resolve("promtool.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended;
        try {
            ended = process.waitFor(PROMTOOL_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(ended)
                .as("promtool ended within %s: %s", PROMTOOL_LIMIT, said)
                .isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        assertThat(said).contains("SUCCESS");
    }

    private static boolean isOnPath(String program) {
        String path = System.getenv("PATH");
        return path != null
                && Arrays.stream(path.split(File.pathSeparator, -1))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
