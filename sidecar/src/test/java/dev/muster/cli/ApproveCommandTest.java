package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.control.ControlAnswer;
import dev.muster.control.ControlSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApproveCommandTest {
    private static final String ID = "66000000000000000000aaaa";

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            all-of-it --replica-set-id=66000000000000000000aaaa | must be new-set, seed, force-reconfig, rename-set or withdraw
            new-set | --replica-set-id: is required
            new-set --replica-set-id=66 | must be 24 characters
            new-set --replica-set-id=66000000000000000000aaaa --config-version=1 | --config-version: is only for force-reconfig
            force-reconfig --config-version=1 | --replica-set-id: is required
            force-reconfig --replica-set-id=66000000000000000000aaaa | --config-version: is required with force-reconfig
            seed | --ordinal: is required with seed
            seed --ordinal=one | --ordinal
            rename-set --replica-set-id=66000000000000000000aaaa | --config-version: is required with rename-set
            rename-set --config-version=1 | --replica-set-id: is required
            seed --ordinal=1 --replica-set-id=66 | must be 24 characters
            seed --ordinal=1 --config-version=1 | --config-version: is only for force-reconfig
            new-set --replica-set-id=66000000000000000000aaaa --ordinal=1 | --ordinal: is only for seed
            withdraw --ordinal=1 | --ordinal: is not for withdraw
            withdraw --replica-set-id=66000000000000000000aaaa | --replica-set-id: is not for withdraw
            withdraw --config-version=1 | --config-version: is not for withdraw
            withdraw --yes | --yes: is not for withdraw
            """)
    void isWrongUsage(String arguments, String why) throws InterruptedException {
        CommandLineRun run = CommandLineRun.of(("approve " + arguments).split(" "));

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(why, "See 'muster approve --help'");
    }

    @Test
    void eachGoesToTheSidecarByItsOwnCommand() throws Exception {
        Path path = directory.resolve("muster.sock");
        try (ControlSocket socket = new ControlSocket(
                path,
                Map.of(
                        "approve-new-set", echo(2),
                        "approve-force-reconfig", echo(3),
                        "approve-seed", echo(3),
                        "approve-rename-set", echo(3),
                        "withdraw-approval", echo(0)))) {
            socket.start();

            assertThat(sent(path, "new-set", "--replica-set-id=" + ID)).isEqualTo("2: [" + ID + ", plan]");
            assertThat(sent(path, "force-reconfig", "--replica-set-id=" + ID, "--config-version=7", "--yes"))
                    .isEqualTo("3: [" + ID + ", 7, yes]");
            assertThat(sent(path, "rename-set", "--replica-set-id=" + ID, "--config-version=7"))
                    .isEqualTo("3: [" + ID + ", 7, plan]");
            assertThat(sent(path, "seed", "--ordinal=1")).isEqualTo("3: [1, none, plan]");
            assertThat(sent(path, "seed", "--ordinal=1", "--replica-set-id=" + ID, "--yes"))
                    .isEqualTo("3: [1, " + ID + ", yes]");
            assertThat(sent(path, "withdraw")).isEqualTo("0: []");
        }
    }

    private static ControlSocket.Handler echo(int arguments) {
        return new ControlSocket.Handler(arguments, words -> ControlAnswer.done(arguments + ": " + words));
    }

    private static String sent(Path socket, String... arguments) throws InterruptedException {
        String[] all = new String[arguments.length + 1];
        all[0] = "approve";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        CommandLineRun run = CommandLineRun.of(Map.of("MUSTER_SOCKET", socket.toString()), all);
        assertThat(run.code()).isZero();
        return run.out().strip();
    }
}
