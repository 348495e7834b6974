package dev.muster.playground;

import com.mongodb.MongoCredential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** The secrets of a set with authentication, as files that mongods and sidecars are pointed to. */
public record SecretFiles(Path keyfile, Path rootUserFile, Path rootPasswordFile) {
    private static final String ROOT_USER = "root";
    /** mongod takes 6 to 1024 characters. */
    private static final int KEY_BYTES = 96;

    private static final int PASSWORD_BYTES = 18;

    /** Makes a random key and password in that directory. */
    static SecretFiles create(Path directory) throws IOException {
        SecureRandom random = new SecureRandom();
        return new SecretFiles(
                write(directory.resolve("keyfile"), text(random, KEY_BYTES)),
                write(directory.resolve("root-user"), ROOT_USER),
                write(directory.resolve("root-password"), text(random, PASSWORD_BYTES)));
    }

    /** Full internal authority, on an uninitialised member too. */
    MongoCredential system() {
        return MongoCredential.createScramSha256Credential(
                "__system", "local", read(keyfile).replaceAll("\\s", "").toCharArray());
    }

    /** The user that the primary's sidecar creates, with the password that its file has now. */
    MongoCredential root() {
        return MongoCredential.createCredential(
                read(rootUserFile), "admin", read(rootPasswordFile).toCharArray());
    }

    private static String text(SecureRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static Path write(Path path, String text) throws IOException {
        Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(path, text);
        return path;
    }

    private static String read(Path path) {
        try {
            return Files.readString(path).strip();
        } catch (IOException e) {
            throw new PlaygroundException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }
}
