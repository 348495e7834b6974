package dev.muster.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Where the process starts. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        Terminal terminal = new Terminal(
                new PrintWriter(System.out, false, StandardCharsets.UTF_8),
                new PrintWriter(System.err, false, StandardCharsets.UTF_8),
                isTerminal(),
                System.getenv());
        System.exit(execute(terminal, arguments));
    }

    /** Runs one command line to its end and returns the exit code. */
    static int execute(Terminal terminal, String... arguments) throws InterruptedException {
        if (arguments.length > 0 && arguments[0].equals("help")) {
            return execute(
                    terminal, arguments.length > 1 ? new String[] {arguments[1], "--help"} : new String[] {"--help"});
        }
        Optional<Command> command = arguments.length > 0 ? Commands.named(arguments[0]) : Optional.empty();
        CommandLine line = new CommandLine(Commands.root(command.isPresent() ? List.of(arguments[0]) : Commands.NAMES));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF));
        line.setExpandAtFiles(false);
        ParseResult result;
        try {
            result = line.parseArgs(arguments);
        } catch (ParameterException e) {
            int code = refuse(terminal, e);
            if (command.isPresent()) {
                command.orElseThrow().afterRefusal(understood(line, arguments), terminal);
            }
            return code;
        }
        if (result.isVersionHelpRequested()) {
            terminal.print("muster " + Version.read());
            return ExitCode.OK;
        }
        if (command.isEmpty() || result.isUsageHelpRequested()) {
            terminal.print(RootHelp.TEXT);
            return command.isEmpty() && !result.isUsageHelpRequested() ? ExitCode.USAGE : ExitCode.OK;
        }
        ParseResult own = result.subcommand();
        if (own.isUsageHelpRequested()) {
            own.commandSpec().commandLine().usage(terminal.out());
            terminal.out().flush();
            return ExitCode.OK;
        }
        return command.orElseThrow().run(own, terminal);
    }

    /** What can be read of a command line that is wrong. */
    private static ParseResult understood(CommandLine line, String... arguments) {
        line.getCommandSpec().parser().collectErrors(true);
        line.getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().parser().collectErrors(true));
        ParseResult result = line.parseArgs(arguments);
        return result.hasSubcommand() ? result.subcommand() : result;
    }

    private static int refuse(Terminal terminal, ParameterException e) {
        terminal.complain(String.valueOf(e.getMessage()));
        UnmatchedArgumentException.printSuggestions(e, terminal.err());
        terminal.complain(
                "See '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help' for what is allowed.");
        return ExitCode.USAGE;
    }

    private static boolean isTerminal() {
        // Since JDK 22 there is a console without a terminal too, which says so.
        return Optional.ofNullable(System.console())
                .filter(java.io.Console::isTerminal)
                .isPresent();
    }
}
