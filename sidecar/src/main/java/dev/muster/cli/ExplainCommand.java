package dev.muster.cli;

import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code muster explain}: why Muster does what it does. */
final class ExplainCommand implements Command {
    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create().name("explain");
        StatusClient.addOptionsTo(spec);
        spec.usageMessage()
                .description("Prints what each rule says of the set as it is now. The first that decides is the last.")
                .footer(
                        "",
                        "Exit codes: 0 explained, 1 the sidecar does not answer.",
                        "",
                        "Examples:",
                        "  muster explain",
                        "  muster explain --url=http://mongo-1.mongo:8017");
        return spec;
    }

    @Override
    public int run(ParseResult arguments, Terminal terminal) {
        StatusClient client;
        try {
            client = StatusClient.of(arguments, terminal);
        } catch (IllegalArgumentException e) {
            terminal.complain(String.valueOf(e.getMessage()));
            return ExitCode.USAGE;
        }
        try {
            explain(new Fields(client.ask().document()), terminal);
            return ExitCode.OK;
        } catch (IOException e) {
            terminal.complain(StatusCommand.noAnswer(client, e));
            return ExitCode.FAILED;
        }
    }

    private static void explain(Fields status, Terminal terminal) {
        if (status.parts("rules").isEmpty()) {
            terminal.print("The sidecar has not decided yet: its first cycle is not over.");
            return;
        }
        for (Fields rule : status.parts("rules")) {
            terminal.print("%s %s: %s"
                    .formatted(
                            rule.isTrue("decided") ? "→ decided" : "- passed ",
                            rule.text("rule", "?"),
                            rule.text("why", "?")));
        }
        String whatToDo = status.text("whatToDo", "");
        if (!whatToDo.isEmpty()) {
            terminal.print("What to do: " + whatToDo.replace("`", "'"));
        }
    }
}
