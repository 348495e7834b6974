package dev.muster.cli;

import dev.muster.control.Approvals;
import dev.muster.model.Approval;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code muster approve}: allows, once and in the record, what only an operator may decide, and takes that back.
 */
final class ApproveCommand implements Command {
    private static final String REPLICA_SET_ID = "--replica-set-id";
    private static final String ORDINAL = "--ordinal";
    private static final String CONFIG_VERSION = "--config-version";
    private static final String YES = "--yes";

    /** What can be approved, or that nothing is; in the spelling of the command line. */
    private enum What {
        NEW_SET(Approval.NewSet.KIND),
        SEED(Approval.Seed.KIND),
        FORCE_RECONFIG(Approval.ForceReconfig.KIND),
        RENAME_SET(Approval.RenameSet.KIND),
        WITHDRAW("withdraw");

        private final String word;

        What(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create().name("approve");
        spec.addPositional(PositionalParamSpec.builder()
                .index("0")
                .arity("1")
                .type(String.class)
                .paramLabel("<what>")
                .description(
                        "new-set: all volumes are gone for good; initiate a new, empty set.",
                        "seed: this pod's mongod has data, but no replica set; initiate the set from that data.",
                        "force-reconfig: a majority is gone for good; continue with the members that are left.",
                        "rename-set: the volumes come from another place; give all members the names of this place.",
                        "withdraw: remove the approval that has not been carried out yet. Takes no other option.")
                .build());
        spec.addOption(OptionSpec.builder(REPLICA_SET_ID)
                .type(String.class)
                .paramLabel("<id>")
                .description(
                        "With new-set, force-reconfig and rename-set: the id of the set that you mean. With seed: the id of the"
                                + " recorded set that is lost for good, if there is one. 'muster status' and the record show"
                                + " it.")
                .build());
        spec.addOption(OptionSpec.builder(ORDINAL)
                .type(Integer.class)
                .paramLabel("<ordinal>")
                .description("With seed: the ordinal of this pod, which has the data.")
                .build());
        spec.addOption(OptionSpec.builder(CONFIG_VERSION)
                .type(Long.class)
                .paramLabel("<version>")
                .description("With force-reconfig and rename-set: the version of the configuration that you mean.")
                .build());
        spec.addOption(OptionSpec.builder(YES)
                .type(boolean.class)
                .description("Approve. Without this option, the plan is only printed.")
                .build());
        spec.addOption(ControlCommand.socketOption());
        spec.usageMessage()
                .description("Approves, once, what Muster never does by itself. Without --yes, prints the plan only.")
                .footer(
                        "",
                        "Exit codes: 0 approved or withdrawn, 1 not, 2 wrong usage.",
                        "",
                        "Examples:",
                        "  muster approve new-set --replica-set-id=66a0…",
                        "  muster approve seed --ordinal=1 --yes",
                        "  muster approve force-reconfig --replica-set-id=66a0… --config-version=7 --yes",
                        "  muster approve rename-set --replica-set-id=66a0… --config-version=7",
                        "  muster approve withdraw");
        return spec;
    }

    @Override
    public int run(ParseResult arguments, Terminal terminal) {
        String what = arguments.matchedPositional(0).getValue();
        if (what.equals(What.WITHDRAW.word)) {
            return withdraw(arguments, terminal);
        }
        boolean seed = what.equals(What.SEED.word);
        if (!seed && !arguments.hasMatchedOption(REPLICA_SET_ID)) {
            return refuse(terminal, REPLICA_SET_ID + ": is required");
        }
        if (seed != arguments.hasMatchedOption(ORDINAL)) {
            return refuse(terminal, ORDINAL + (seed ? ": is required with " : ": is only for ") + What.SEED);
        }
        String id = arguments.matchedOptionValue(REPLICA_SET_ID, Approvals.NO_ID);
        boolean hasVersion = arguments.hasMatchedOption(CONFIG_VERSION);
        if (arguments.hasMatchedOption(REPLICA_SET_ID) && !id.matches("[0-9a-f]{24}")) {
            return refuse(terminal, "%s=%s: must be 24 characters 0-9a-f".formatted(REPLICA_SET_ID, id));
        }
        String meant = arguments.hasMatchedOption(YES) ? "yes" : "plan";
        if (hasVersion && (seed || what.equals(What.NEW_SET.word))) {
            return refuse(
                    terminal,
                    "%s: is only for %s and %s".formatted(CONFIG_VERSION, What.FORCE_RECONFIG, What.RENAME_SET));
        }
        if (seed) {
            int ordinal = arguments.matchedOption(ORDINAL).getValue();
            return ControlCommand.send("approve-seed %d %s %s".formatted(ordinal, id, meant), arguments, terminal);
        }
        if (what.equals(What.NEW_SET.word)) {
            return ControlCommand.send("approve-new-set " + id + " " + meant, arguments, terminal);
        }
        if (what.equals(What.FORCE_RECONFIG.word) || what.equals(What.RENAME_SET.word)) {
            return hasVersion
                    ? ControlCommand.send(
                            "approve-%s %s %d %s"
                                    .formatted(
                                            what,
                                            id,
                                            arguments
                                                    .matchedOption(CONFIG_VERSION)
                                                    .<Long>getValue(),
                                            meant),
                            arguments,
                            terminal)
                    : refuse(terminal, CONFIG_VERSION + ": is required with " + what);
        }
        return refuse(
                terminal,
                "'%s': must be %s, %s, %s, %s or %s"
                        .formatted(what, What.NEW_SET, What.SEED, What.FORCE_RECONFIG, What.RENAME_SET, What.WITHDRAW));
    }

    private static int withdraw(ParseResult arguments, Terminal terminal) {
        for (String option : List.of(REPLICA_SET_ID, ORDINAL, CONFIG_VERSION, YES)) {
            if (arguments.hasMatchedOption(option)) {
                return refuse(terminal, option + ": is not for " + What.WITHDRAW);
            }
        }
        return ControlCommand.send("withdraw-approval", arguments, terminal);
    }

    private static int refuse(Terminal terminal, String fault) {
        terminal.complain(fault);
        terminal.complain("See 'muster approve --help' for what is allowed.");
        return ExitCode.USAGE;
    }
}
