package dev.muster.cli;

import dev.muster.config.Keyfile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code muster prepare}: a Secret's files are links that a group may read, which {@code mongod} refuses; a copy with
 * mode 0400 it takes.
 */
final class PrepareCommand implements Command {
    private static final Set<PosixFilePermission> MODE = Set.of(PosixFilePermission.OWNER_READ);

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create().name("prepare");
        spec.addOption(file("--from", "The keyfile as the Secret has it."));
        spec.addOption(file("--to", "Where mongod's --keyFile points; its directory must exist."));
        spec.usageMessage()
                .description("Copies a keyfile to where mongod accepts it: with mode 0400, whole or not at all.")
                .footer(
                        "",
                        "Run it as the user that mongod runs as. A target that is already the same stays as it is.",
                        "",
                        "Examples:",
                        "  muster prepare --from=/secret/keyfile --to=/etc/muster/keyfile");
        return spec;
    }

    private static OptionSpec file(String name, String description) {
        return OptionSpec.builder(name)
                .type(Path.class)
                .required(true)
                .paramLabel("<file>")
                .description(description)
                .build();
    }

    @Override
    public int run(ParseResult arguments, Terminal terminal) {
        Path from = arguments.matchedOption("--from").<Path>getValue();
        Path to = arguments.matchedOption("--to").<Path>getValue();
        try {
            terminal.print(copy(from, to.toAbsolutePath()) ? to + ": written, mode 0400" : to + ": already the same");
            return ExitCode.OK;
        } catch (IOException e) {
            terminal.complain(e.getMessage() + ". Nothing was changed.");
            return ExitCode.FAILED;
        }
    }

    /** Whether anything had to be written. */
    private static boolean copy(Path from, Path to) throws IOException {
        byte[] content = Keyfile.read(from).content();
        Path directory = to.getParent();
        if (directory == null || Files.isDirectory(to)) {
            throw new IOException(to + " is a directory; --to names the file itself");
        }
        if (!Files.isDirectory(directory)) {
            throw new IOException("directory " + directory + " does not exist");
        }
        if (isSame(to, content)) {
            return false;
        }
        try {
            replace(to, directory, content);
        } catch (IOException e) {
            throw new IOException(to + " cannot be written: " + e, e);
        }
        return true;
    }

    private static boolean isSame(Path to, byte[] content) throws IOException {
        return Files.isRegularFile(to)
                && Files.isReadable(to)
                && Files.getPosixFilePermissions(to).equals(MODE)
                && Files.size(to) == content.length
                && Arrays.equals(Files.readAllBytes(to), content);
    }

    /** mongod may read the target at any moment: it sees the old file or the new one, never a part. */
    private static void replace(Path to, Path directory, byte[] content) throws IOException {
        Path draft = directory.resolve(
                "." + to.getFileName() + "." + ProcessHandle.current().pid());
        Files.deleteIfExists(draft);
        try {
            try (SeekableByteChannel channel = Files.newByteChannel(
                    draft,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(MODE))) {
                ByteBuffer rest = ByteBuffer.wrap(content);
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
