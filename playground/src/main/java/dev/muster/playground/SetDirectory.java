package dev.muster.playground;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The temporary directory of one set. A lock in it tells that its playground is alive; the directory of one
 * that was killed is deleted by the next.
 */
final class SetDirectory implements AutoCloseable {
    /** Set to keep the directories of sets that failed. */
    static final String KEEP_PROPERTY = "muster.keep";

    private static final String PREFIX = "muster-set-";
    private static final String LOCK = "lock";

    /** Never probed: closing a second channel of a file gives up the process's lock on it. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lock;
    private boolean kept;

    private SetDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    static SetDirectory create() throws IOException {
        deleteStale();
        Path path = Files.createTempDirectory(PREFIX);
        OWN.add(path);
        // Locked before it has its name: whoever finds the name finds it locked.
        Path unnamed = path.resolve(LOCK + ".new");
        FileChannel lock = FileChannel.open(unnamed, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        if (lock.tryLock() == null) {
            throw new IOException("a file that was just created is locked: " + unnamed);
        }
        Files.move(unnamed, path.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
        return new SetDirectory(path, lock);
    }

    Path path() {
        return path;
    }

    /** Marks the set as failed: its directory stays when {@value #KEEP_PROPERTY} is set. */
    void failed() {
        if (System.getProperty(KEEP_PROPERTY) != null) {
            kept = true;
        }
    }

    @Override
    public void close() {
        try {
            if (kept) {
                // Without its lock file no other playground takes it for one to delete.
                Files.deleteIfExists(path.resolve(LOCK));
                System.err.println("muster: kept " + path);
            } else {
                FileTree.delete(path);
            }
            lock.close();
        } catch (IOException e) {
            throw new PlaygroundException("cannot delete " + path + ": " + e.getMessage(), e);
        }
    }

    private static void deleteStale() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(temporary, PREFIX + "*")) {
            for (Path directory : directories) {
                if (!OWN.contains(directory) && isStale(directory)) {
                    FileTree.delete(directory);
                }
            }
        }
    }

    private static boolean isStale(Path directory) {
        try (FileChannel channel = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.WRITE)) {
            Optional<FileLock> taken = Optional.ofNullable(channel.tryLock());
            return taken.isPresent();
        } catch (IOException e) {
            // No lock file, or another user's: not ours to delete.
            return false;
        }
    }
}
