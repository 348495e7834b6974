package dev.muster.sim;

import dev.muster.config.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The files of the root user, as a mounted Secret has them: the same for every run, and never changed. */
final class RootUserFiles {
    /** As an option of {@link Settings}. */
    static final Optional<Settings.RootUserFiles> SAME_FOR_ALL = Optional.of(write());

    private RootUserFiles() {}

    private static Settings.RootUserFiles write() {
        try {
            Path directory = Files.createTempDirectory("muster-simulation");
            Path name = Files.writeString(directory.resolve("name"), "root");
            Path password = Files.writeString(directory.resolve("password"), "a password");
            directory.toFile().deleteOnExit();
            name.toFile().deleteOnExit();
            password.toFile().deleteOnExit();
            return new Settings.RootUserFiles(name, password);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
