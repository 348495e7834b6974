package dev.muster.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What the options' reader asks of the file system. */
public interface FileAccess {
    /** Whether there is a file or a directory of that name. */
    boolean exists(Path path);

    /** Whether it is a regular file that this process may read. */
    boolean isReadableFile(Path path);

    /** Whether it is a directory whose names this process may list. */
    boolean isReadableDirectory(Path path);

    /** Whether it is a directory in which this process may make files. */
    boolean isWritableDirectory(Path path);

    /** The text of a small file; empty when there is none or it cannot be read. */
    Optional<String> text(Path path);

    /** The real file system. */
    static FileAccess real() {
        return new Real();
    }

    /** Nothing is cached: every question goes to the file system. */
    final class Real implements FileAccess {
        private Real() {}

        @Override
        public boolean exists(Path path) {
            return Files.exists(path);
        }

        @Override
        public boolean isReadableFile(Path path) {
            return Files.isRegularFile(path) && Files.isReadable(path);
        }

        @Override
        public boolean isReadableDirectory(Path path) {
            return Files.isDirectory(path) && Files.isReadable(path);
        }

        @Override
        public boolean isWritableDirectory(Path path) {
            return Files.isDirectory(path) && Files.isWritable(path);
        }

        @Override
        public Optional<String> text(Path path) {
            try {
                return Optional.of(Files.readString(path));
            } catch (IOException e) {
                return Optional.empty();
            }
        }
    }
}
