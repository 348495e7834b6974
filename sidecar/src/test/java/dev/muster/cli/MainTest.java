package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @Test
    void helpTeaches() throws InterruptedException {
        CommandLineRun run = CommandLineRun.of("--help");
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("Examples:", "docs/reference.md");
        assertThat(Commands.NAMES).allMatch(name -> run.out().contains("  " + name));
        assertThat(CommandLineRun.of("help")).isEqualTo(run);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "prepare",
                "status",
                "explain",
                "check",
                "pause",
                "resume",
                "step-down",
                "approve",
                "completion"
            })
    void everyCommandHasHelpWithExamples(String name) throws InterruptedException {
        CommandLineRun run = CommandLineRun.of(name, "--help");
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("Usage: muster " + name, "Examples:", "--help");
    }

    @Test
    void nothingAtAllIsAnError() throws InterruptedException {
        assertThat(CommandLineRun.of().code()).isEqualTo(2);
    }

    @Test
    void anUnknownCommandGetsASuggestion() throws InterruptedException {
        CommandLineRun run = CommandLineRun.of("statsu");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("statsu", "muster status", "See 'muster --help'");
    }

    @Test
    void anUnknownOptionGetsASuggestion() throws InterruptedException {
        CommandLineRun run = CommandLineRun.of("run", "--replica=3");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--replica=3", "--replicas", "See 'muster run --help'");
    }

    @Test
    void faultyOptionsAreAllListed() throws InterruptedException {
        CommandLineRun run = CommandLineRun.of(Map.of("HOSTNAME", "mongo-0"), "run", "--http-port=0");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--replicas: is required", "--http-port=0: must be a port");
    }

    @Test
    void checkReportsFaultyOptions() throws InterruptedException {
        CommandLineRun run = CommandLineRun.of(Map.of("HOSTNAME", "mongo-0"), "check", "--http-port=0");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("FAULT  --http-port=0: must be a port between 1 and 65535");
    }

    @Test
    void versionAndCompletion() throws InterruptedException {
        assertThat(CommandLineRun.of("--version").out()).startsWith("muster ");
        assertThat(CommandLineRun.of("completion", "zsh").out())
                .contains("step-down", "--max-lag", "explain", "--output");
        assertThat(CommandLineRun.of("completion", "fish").code()).isEqualTo(2);
    }

    @Test
    void pauseWithoutASidecarFails() throws InterruptedException {
        CommandLineRun run = CommandLineRun.of("pause", "--socket=/absent/muster.sock");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("No sidecar answers on /absent/muster.sock");
    }
}
