package dev.muster.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code muster completion}: one script that bash and zsh both understand. */
final class CompletionCommand implements Command {
    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create().name("completion");
        spec.addPositional(PositionalParamSpec.builder()
                .index("0")
                .arity("0..1")
                .type(Shell.class)
                .paramLabel("<shell>")
                .description("bash or zsh. The script is the same for both.")
                .build());
        spec.usageMessage()
                .description("Prints a shell completion script.")
                .footer(
                        "",
                        "Examples:",
                        "  source <(muster completion bash)",
                        "  source <(muster completion zsh)",
                        "  muster completion bash > /etc/bash_completion.d/muster");
        return spec;
    }

    @Override
    public int run(ParseResult arguments, Terminal terminal) {
        terminal.print(AutoComplete.bash("muster", new CommandLine(Commands.root(Commands.NAMES))));
        return ExitCode.OK;
    }

    /** The shells that run the script; in lower case, as they are typed. */
    enum Shell {
        bash,
        zsh
    }
}
