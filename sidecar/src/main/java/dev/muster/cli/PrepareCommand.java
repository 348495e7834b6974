package dev.muster.cli;

import dev.muster.config.FileAccess;
import dev.muster.config.Option;
import dev.muster.config.PodPosition;
import dev.muster.config.SettingsReader;
import dev.muster.secrets.Keyfile;
import dev.muster.start.MongodConfig;
import dev.muster.start.OwnersFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code muster prepare}: what a pod's {@code mongod} needs before it starts. A Secret's files are links that a group
 * may read, which {@code mongod} refuses; a copy with mode 0400 it takes. And all pods of a StatefulSet have the same
 * command line, while the one thing that differs between them has to be there before the first heartbeat.
 */
final class PrepareCommand implements Command {
    private static final String FROM = "--from";
    private static final String TO = "--to";
    private static final String MONGOD_CONFIG = "--mongod-config";

    /** A file to write, and the option that names it. */
    private record Target(OwnersFile file, String option) {
        Path path() {
            return file.path();
        }
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create().name("prepare");
        spec.addOption(file(FROM, "The keyfile in the mounted Secret."));
        spec.addOption(file(TO, "The file that mongod's --keyFile names. Its directory must exist."));
        spec.addOption(file(
                MONGOD_CONFIG,
                "The file that mongod's --config names: which members this one clones from when it is empty."));
        for (Option option : List.of(Option.POD_NAME, Option.FIRST_ORDINAL)) {
            RunOptions.addTo(spec, option);
        }
        spec.usageMessage()
                .description("Writes the files that mongod needs before it starts, atomically and with mode 0400.")
                .footer(
                        "",
                        "Run it as the user that mongod runs as. A file that is already up to date is not written.",
                        "Without a keyfile, leave out --from and --to.",
                        "",
                        "Examples:",
                        "  muster prepare --from=/secret/keyfile --to=/etc/muster/keyfile",
                        "  muster prepare --mongod-config=/etc/muster/mongod.conf --pod-name=mongo-2");
        return spec;
    }

    private static OptionSpec file(String name, String description) {
        return OptionSpec.builder(name)
                .type(Path.class)
                .paramLabel("<file>")
                .description(description)
                .build();
    }

    @Override
    public int run(ParseResult arguments, Terminal terminal) {
        List<String> faults = new ArrayList<>();
        if (arguments.hasMatchedOption(FROM) != arguments.hasMatchedOption(TO)) {
            faults.add("%s and %s: give both or neither".formatted(FROM, TO));
        } else if (!arguments.hasMatchedOption(TO) && !arguments.hasMatchedOption(MONGOD_CONFIG)) {
            faults.add("nothing to prepare: give %s and %s, or %s, or all three".formatted(FROM, TO, MONGOD_CONFIG));
        }
        // Everything is read before anything is written.
        List<Target> targets = new ArrayList<>();
        if (arguments.hasMatchedOption(MONGOD_CONFIG)) {
            switch (SettingsReader.position(flags(arguments), terminal.environment(), FileAccess.real())) {
                case PodPosition.Known known -> {
                    Path config = arguments.matchedOption(MONGOD_CONFIG).<Path>getValue();
                    targets.add(new Target(MongodConfig.file(config, Optional.of(known.index())), MONGOD_CONFIG));
                }
                case PodPosition.Faulty faulty -> faults.addAll(faulty.faults());
            }
        }
        if (!faults.isEmpty()) {
            faults.forEach(terminal::complain);
            terminal.complain("See 'muster prepare --help' for what is allowed. Nothing was changed.");
            return ExitCode.USAGE;
        }
        String changed = "Nothing was changed.";
        try {
            if (arguments.hasMatchedOption(TO)) {
                Path from = arguments.matchedOption(FROM).<Path>getValue();
                Path to = arguments.matchedOption(TO).<Path>getValue();
                targets.addFirst(
                        new Target(new OwnersFile(to, Keyfile.read(from).content()), TO));
            }
            for (Target target : targets) {
                requireDirectory(target);
            }
            for (Target target : targets) {
                boolean written = target.file().write();
                terminal.print(target.path() + (written ? ": written, mode 0400" : ": already up to date"));
                changed = "Files that were already written stay.";
            }
            return ExitCode.OK;
        } catch (IOException e) {
            terminal.complain(e.getMessage() + ". " + changed);
            return ExitCode.FAILED;
        }
    }

    private static Map<Option, String> flags(ParseResult arguments) {
        Map<Option, String> flags = new EnumMap<>(Option.class);
        for (Option option : List.of(Option.POD_NAME, Option.FIRST_ORDINAL)) {
            if (arguments.hasMatchedOption(option.flag())) {
                flags.put(option, arguments.matchedOptionValue(option.flag(), ""));
            }
        }
        return flags;
    }

    private static void requireDirectory(Target target) throws IOException {
        Path directory = target.path().toAbsolutePath().getParent();
        if (directory == null || Files.isDirectory(target.path())) {
            throw new IOException(target.path() + " is a directory; " + target.option() + " must name a file");
        }
        if (!Files.isDirectory(directory)) {
            throw new IOException("directory " + directory + " does not exist");
        }
    }
}
