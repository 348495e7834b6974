package dev.muster.cli;

import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code muster explain}: what each rule says about the set, and so why Muster decided as it did. */
final class ExplainCommand implements Command {
    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create().name("explain");
        StatusClient.addOptionsTo(spec);
        spec.usageMessage()
                .description("Prints what each rule says about the set as it is now, in order.")
                .footer(
                        "",
                        "Exit codes: 0 the rules were printed, 1 the sidecar does not answer.",
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
            terminal.print("The sidecar has not made a decision yet: its first cycle is still running.");
            return;
        }
        for (Fields rule : status.parts("rules")) {
            terminal.print("%s %s: %s"
                    .formatted(
                            switch (rule.text("said", rule.isTrue("decided") ? "decided" : "passed")) {
                                case "decided" -> "→ decided";
                                case "waits" -> "… waits  ";
                                default -> "- passed ";
                            },
                            rule.text("rule", "?"),
                            rule.text("why", "?")));
        }
        String whatToDo = status.text("whatToDo", "");
        if (!whatToDo.isEmpty()) {
            terminal.print("What to do: " + whatToDo.replace("`", "'"));
        }
    }
}
