package dev.muster.cli;

import dev.muster.config.Settings;
import dev.muster.config.StartOrder;
import dev.muster.secrets.Keyfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Checks the files that hold secrets, without showing what is in them. */
final class FilesCheck {
    private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rwx------");

    private FilesCheck() {}

    static List<Finding> run(Settings settings) {
        List<Finding> findings = new ArrayList<>();
        settings.mongodKeyfile().ifPresent(path -> {
            findings.add(content(path));
            findings.add(mode(path));
        });
        settings.startOrder().ifPresent(order -> findings.add(start(order)));
        settings.rootUser().ifPresent(files -> {
            findings.add(notBlank("root user file", files.name()));
            findings.add(notBlank("root password file", files.password()));
        });
        return findings;
    }

    private static Finding start(StartOrder order) {
        return Files.exists(order.start())
                ? Finding.ok("%s: mongod may start".formatted(order.start()))
                : Finding.fault(
                        "%s is not there: mongod waits for it, and muster run writes it".formatted(order.start()));
    }

    private static Finding content(Path path) {
        try {
            int keys = Keyfile.read(path).keys().size();
            return Finding.ok("keyfile %s: %s".formatted(path, keys == 1 ? "1 key" : keys + " keys"));
        } catch (IOException e) {
            return Finding.fault(String.valueOf(e.getMessage()));
        }
    }

    /** mongod exits with "permissions on … are too open" where the group or others may do anything with the file. */
    private static Finding mode(Path path) {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
            String text = PosixFilePermissions.toString(mode);
            return OWNERS.containsAll(mode)
                    ? Finding.ok("keyfile %s: mode %s".formatted(path, text))
                    : Finding.fault("keyfile %s: mode %s; mongod refuses it unless only its owner has access: chmod 400"
                            .formatted(path, text));
        } catch (IOException | UnsupportedOperationException e) {
            return Finding.fault("keyfile " + path + ": its mode cannot be read: " + e);
        }
    }

    private static Finding notBlank(String what, Path path) {
        try {
            return Files.readString(path).isBlank()
                    ? Finding.fault("%s %s is empty".formatted(what, path))
                    : Finding.ok("%s %s".formatted(what, path));
        } catch (IOException e) {
            return Finding.fault("%s %s cannot be read: %s"
                    .formatted(what, path, e.getClass().getSimpleName()));
        }
    }
}
