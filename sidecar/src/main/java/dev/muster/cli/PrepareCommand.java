package dev.muster.cli;

import dev.muster.config.FileAccess;
import dev.muster.config.Option;
import dev.muster.config.PodPosition;
import dev.muster.config.SettingsReader;
import dev.muster.model.CloneOrder;
import dev.muster.secrets.Keyfile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code muster prepare}: what a pod's {@code mongod} needs before it starts. A Secret's files are links that a group
 * may read, which {@code mongod} refuses; a copy with mode 0400 it takes. And all pods of a StatefulSet have the same
 * command line, while the one thing that differs between them has to be there before the first heartbeat.
 */
final class PrepareCommand implements Command {
    private static final Set<PosixFilePermission> MODE = Set.of(PosixFilePermission.OWNER_READ);
    private static final String FROM = "--from";
    private static final String TO = "--to";
    private static final String MONGOD_CONFIG = "--mongod-config";

    /** A file to write, with all of its content or not at all. */
    private record Target(Path path, String option, ByteBuffer content) {}

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
                case PodPosition.Known known ->
                    targets.add(target(arguments, MONGOD_CONFIG, mongodConfig(known.index())));
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
                targets.addFirst(target(arguments, TO, Keyfile.read(from).content()));
            }
            for (Target target : targets) {
                requireDirectory(target);
            }
            for (Target target : targets) {
                boolean written = write(target);
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

    private static Target target(ParseResult arguments, String option, byte[] content) {
        return new Target(
                arguments.matchedOption(option).<Path>getValue(),
                option,
                ByteBuffer.wrap(content).asReadOnlyBuffer());
    }

    /**
     *      * A wiped member starts its clone before any sidecar can direct it, and by default it clones from the primary.
     * From the third member on there is a secondary to clone from, except where all of them are lost.
     *      */
    private static byte[] mongodConfig(int index) {
        return """
                # Written by muster prepare whenever the pod starts. Changes are lost.
                setParameter:
                  initialSyncSourceReadPreference: %s
                """.formatted(CloneOrder.hasOneSecondaryBefore(index) ? "secondary" : "secondaryPreferred")
                .getBytes(StandardCharsets.UTF_8);
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

    /** Whether anything had to be written. */
    private static boolean write(Target target) throws IOException {
        Path to = target.path().toAbsolutePath();
        try {
            if (isSame(to, target.content())) {
                return false;
            }
            replace(to, target.content());
        } catch (IOException e) {
            throw new IOException(to + " cannot be written: " + e, e);
        }
        return true;
    }

    private static boolean isSame(Path to, ByteBuffer content) throws IOException {
        return Files.isRegularFile(to)
                && Files.isReadable(to)
                && Files.getPosixFilePermissions(to).equals(MODE)
                && Files.size(to) == content.remaining()
                && ByteBuffer.wrap(Files.readAllBytes(to)).equals(content);
    }

    /** mongod may read the target at any moment: it sees the old file or the new one, never a part. */
    private static void replace(Path to, ByteBuffer content) throws IOException {
        Path draft = to.resolveSibling(
                "." + to.getFileName() + "." + ProcessHandle.current().pid());
        Files.deleteIfExists(draft);
        try {
            try (SeekableByteChannel channel = Files.newByteChannel(
                    draft,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(MODE))) {
                ByteBuffer rest = content.duplicate();
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
            }
            Files.move(draft, to, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
