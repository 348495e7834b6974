package dev.muster.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** All commands by their names. */
final class Commands {
    /** As the help lists them. */
    static final List<String> NAMES = List.of(
            "run", "prepare", "status", "explain", "check", "pause", "resume", "step-down", "approve", "completion");

    private Commands() {}

    /** The command of that name. Nothing of the others is loaded. */
    static Optional<Command> named(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "run" -> new RunCommand();
                    case "prepare" -> new PrepareCommand();
                    case "status" -> new StatusCommand();
                    case "explain" -> new ExplainCommand();
                    case "check" -> new CheckCommand();
                    case "pause" -> ControlCommand.pause();
                    case "resume" -> ControlCommand.resume();
                    case "step-down" -> ControlCommand.stepDown();
                    case "approve" -> new ApproveCommand();
                    case "completion" -> new CompletionCommand();
                    default -> null;
                });
    }

    /** {@code muster} with only these commands under it. */
    static CommandSpec root(List<String> names) {
        CommandSpec root = withHelp(CommandSpec.create().name("muster"))
                .addOption(OptionSpec.builder("-V", "--version")
                        .type(boolean.class)
                        .versionHelp(true)
                        .description("Print the version and exit.")
                        .build());
        for (String name : names) {
            root.addSubcommand(name, withHelp(named(name).orElseThrow().spec()));
        }
        return root;
    }

    private static CommandSpec withHelp(CommandSpec spec) {
        spec.usageMessage().sortOptions(false).width(100);
        return spec.addOption(OptionSpec.builder("-h", "--help")
                .type(boolean.class)
                .usageHelp(true)
                .description("Print this help and exit.")
                .build());
    }
}
