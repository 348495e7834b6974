package dev.muster.cli;

import dev.muster.config.Option;
import dev.muster.control.ControlAnswer;
import dev.muster.control.ControlClient;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * A command that the running sidecar carries out. It goes through a Unix socket, so that anyone who can enter the
 * container can run it, and nobody else.
 *
 * @param name the command, on the line as on the socket
 */
record ControlCommand(String name, String description) implements Command {
    static Command pause() {
        return new ControlCommand(
                "pause",
                "Stops this pod's sidecar from making changes until 'muster resume'. It still reports what it would"
                        + " do.");
    }

    static Command resume() {
        return new ControlCommand("resume", "Lets this pod's sidecar make changes again.");
    }

    static Command stepDown() {
        return new ControlCommand(
                "step-down", "Makes this pod's member, if it is the primary, hand over to another member.");
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create().name(name);
        spec.addOption(socketOption());
        spec.usageMessage()
                .description(description)
                .footer(
                        "",
                        "Exit codes: 0 done, 1 refused or no sidecar answers.",
                        "",
                        "Examples:",
                        "  muster " + name,
                        "  kubectl exec mongo-0 -c muster -- muster " + name);
        return spec;
    }

    /** Where the sidecar listens. */
    static OptionSpec socketOption() {
        return OptionSpec.builder(Option.SOCKET.flag())
                .type(Path.class)
                .paramLabel("<path>")
                .description(
                        "The sidecar's Unix socket.",
                        "Default: " + Option.SOCKET.example() + ". Variable: " + Option.SOCKET.variable() + ".")
                .build();
    }

    @Override
    public int run(ParseResult arguments, Terminal terminal) {
        return send(name, arguments, terminal);
    }

    /** Sends a line to the sidecar whose socket the arguments or the environment name, and prints the answer. */
    static int send(String line, ParseResult arguments, Terminal terminal) {
        String variable = terminal.environment().getOrDefault(Option.SOCKET.variable(), "");
        Path socket = arguments.matchedOptionValue(
                Option.SOCKET.flag(), Path.of(variable.isEmpty() ? Option.SOCKET.example() : variable));
        ControlAnswer answer;
        try {
            answer = new ControlClient(socket).send(line);
        } catch (IOException e) {
            terminal.complain("No sidecar answers on " + socket + " (" + e.getMessage()
                    + "). Run this in the sidecar's container, with the same --socket.");
            return ExitCode.FAILED;
        }
        if (answer.done()) {
            terminal.print(answer.sentence());
            return ExitCode.OK;
        }
        terminal.complain(answer.sentence());
        return ExitCode.FAILED;
    }
}
