package dev.muster.playground;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version that {@code mongod --version} prints. */
record MongodVersion(int major, int minor, int patch) {
    private static final Pattern LINE = Pattern.compile("db version v(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})");
    private static final int OLDEST_SUPPORTED_MAJOR = 7;

    /** The version in that output; empty when the output is not that of a mongod. */
    static Optional<MongodVersion> parse(String output) {
        Matcher matcher = LINE.matcher(output);
        if (!matcher.find()) {
            return Optional.empty();
        }
        return Optional.of(new MongodVersion(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3))));
    }

    boolean isSupported() {
        return major >= OLDEST_SUPPORTED_MAJOR;
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
