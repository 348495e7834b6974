package dev.muster.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code muster status}: the set as one sidecar sees it. */
final class StatusCommand implements Command {
    private static final Duration REDRAW = Duration.ofSeconds(1);
    private static final String HOME_AND_CLEAR = "\033[H\033[J";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create().name("status");
        StatusClient.addOptionsTo(spec);
        spec.addOption(OptionSpec.builder("-o", "--output")
                .type(Output.class)
                .paramLabel("<format>")
                .description("table or json. Default: table.")
                .build());
        spec.addOption(OptionSpec.builder("-w", "--watch")
                .type(boolean.class)
                .description("Print it again every second, until Ctrl-C.")
                .build());
        spec.usageMessage()
                .description("Prints the members of the set and Muster's current decision.")
                .footer(
                        "",
                        "Exit codes: 0 the set is settled, 1 the sidecar does not answer, 3 the set is not settled.",
                        "",
                        "Examples:",
                        "  muster status",
                        "  muster status --watch --url=http://mongo-1.mongo:8017",
                        "  muster status -o json");
        return spec;
    }

    @Override
    public int run(ParseResult arguments, Terminal terminal) throws InterruptedException {
        StatusClient client;
        try {
            client = StatusClient.of(arguments, terminal);
        } catch (IllegalArgumentException e) {
            terminal.complain(String.valueOf(e.getMessage()));
            return ExitCode.USAGE;
        }
        Output output = arguments.matchedOptionValue("--output", Output.table);
        if (!arguments.matchedOptionValue("--watch", false)) {
            return print(client, terminal, output, "");
        }
        while (true) {
            print(client, terminal, output, terminal.interactive() ? HOME_AND_CLEAR : "");
            Thread.sleep(REDRAW);
        }
    }

    private static int print(StatusClient client, Terminal terminal, Output output, String before) {
        StatusClient.Reply reply;
        try {
            reply = client.ask();
        } catch (IOException e) {
            terminal.out().print(before);
            terminal.out().flush();
            terminal.complain(noAnswer(client, e));
            return ExitCode.FAILED;
        }
        Fields status = new Fields(reply.document());
        List<String> lines = switch (output) {
            case json -> List.of(reply.json().strip());
            case table -> new StatusText(status, terminal.colours()).lines();
        };
        // One write, so that a redraw does not flicker.
        terminal.print(before + String.join(System.lineSeparator(), lines));
        return StatusText.isSettled(status) ? ExitCode.OK : ExitCode.NOT_SETTLED;
    }

    /** Why there is nothing to print, and what to try. */
    static String noAnswer(StatusClient client, IOException e) {
        return "No sidecar answers at %s: %s. Is it running? Give its address with --url or its port with --http-port."
                .formatted(client.address(), e.getMessage());
    }

    /** The formats; in lower case, as they are typed. */
    enum Output {
        table,
        json
    }
}
