package dev.muster.metrics;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/**
 * Which build this is.
 *
 * @param revision of the source; {@code unknown} where the build did not tell
 */
record BuildVersion(String version, String revision) {
    private static final String RESOURCE = "/muster-build.properties";

    BuildVersion {
        requireNonNull(version, "version is null");
        requireNonNull(revision, "revision is null");
    }

    static BuildVersion read() {
        Properties properties = new Properties();
        try (InputStream in = BuildVersion.class.getResourceAsStream(RESOURCE)) {
            properties.load(requireNonNull(in, RESOURCE));
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + RESOURCE + " from the jar", e);
        }
        return new BuildVersion(
                properties.getProperty("version", "unknown"), properties.getProperty("revision", "unknown"));
    }
}
