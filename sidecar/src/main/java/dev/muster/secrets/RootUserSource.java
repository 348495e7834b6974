package dev.muster.secrets;

import dev.muster.model.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The root user's credentials, read from their files each time, as a mounted Secret can change at any time. */
public final class RootUserSource {
    private static final Logger LOG = LoggerFactory.getLogger(RootUserSource.class);

    private final Path name;
    private final Path password;

    public RootUserSource(Path name, Path password) {
        this.name = name;
        this.password = password;
    }

    /** What the files hold now, without white space at the end; empty where one cannot be read or is empty. */
    public Optional<Credentials> read() {
        return read(name).flatMap(user -> read(password).map(secret -> new Credentials(user, secret)));
    }

    private static Optional<String> read(Path file) {
        try {
            String text = Files.readString(file).stripTrailing();
            if (text.isEmpty()) {
                LOG.warn("{} is empty, so the root user is not changed", file);
                return Optional.empty();
            }
            return Optional.of(text);
        } catch (IOException e) {
            LOG.warn("cannot read {}, so the root user is not changed: {}", file, e.toString());
            return Optional.empty();
        }
    }
}
