package dev.muster.start;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that only its owner may read, with mode 0400: {@code mongod} accepts a keyfile with no more than that. It is
 * there with all of its content or not at all.
 *
 * @param path where it is written
 * @param content never printed
 */
public record OwnersFile(Path path, ByteBuffer content) {
    private static final Set<PosixFilePermission> MODE = Set.of(PosixFilePermission.OWNER_READ);

    public OwnersFile {
        requireNonNull(path, "path is null");
        content = content.asReadOnlyBuffer();
    }

    public OwnersFile(Path path, byte[] content) {
        this(path, ByteBuffer.wrap(content.clone()));
    }

    @Override
    public ByteBuffer content() {
        return content.duplicate();
    }

    @Override
    public String toString() {
        return "OwnersFile[" + path + "]";
    }

    /**
     * Writes it unless it is already there with that content and mode.
     *
     * @return whether anything had to be written
     * @throws IOException when it cannot be written; the message is one line that names the file
     */
    public boolean write() throws IOException {
        Path to = path.toAbsolutePath();
        try {
            if (isThere(to)) {
                return false;
            }
            replace(to);
        } catch (IOException e) {
            throw new IOException(to + " cannot be written: " + e, e);
        }
        return true;
    }

    private boolean isThere(Path to) throws IOException {
        return Files.isRegularFile(to)
                && Files.isReadable(to)
                && Files.getPosixFilePermissions(to).equals(MODE)
                && Files.size(to) == content.remaining()
                && ByteBuffer.wrap(Files.readAllBytes(to)).equals(content);
    }

    /** mongod may read the file at any moment: it sees the old one or the new one, never a part. */
    private void replace(Path to) throws IOException {
        Path draft = to.resolveSibling(
                "." + to.getFileName() + "." + ProcessHandle.current().pid());
        Files.deleteIfExists(draft);
        try {
            try (SeekableByteChannel channel = Files.newByteChannel(
                    draft,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(MODE))) {
                ByteBuffer rest = content();
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
