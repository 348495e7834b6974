package dev.muster.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * An option's value as it was given.
 *
 * @param variable where it came from; empty for a flag or the default
 */
record Given(Option option, String text, Optional<String> variable) {
    private static final int SHOWN_LENGTH = 120;
    private static final Set<Option> FILES_WITH_SECRETS =
            Set.of(Option.KEYFILE, Option.ROOT_USER_FILE, Option.ROOT_PASSWORD_FILE);

    static Given byFlag(Option option, String text) {
        return new Given(option, text, Optional.empty());
    }

    static Given byVariable(Option option, String text, String variable) {
        return new Given(option, text, Optional.of(variable));
    }

    static Given byDefault(Option option) {
        return new Given(option, option.literalDefault(), Optional.empty());
    }

    /** The line that says what is wrong with a value that is not allowed. */
    String fault(FileAccess files) {
        if (mayBeSecretItself(files)) {
            return "%s: must be %s%s; its value is not shown because it may be the secret itself"
                    .formatted(option.flag(), option.allowed(), source());
        }
        return "%s=%s: must be %s%s".formatted(option.flag(), shown(), option.allowed(), source());
    }

    /** Where the value came from, to close a message; where a flag was given, nothing. */
    String source() {
        return variable.map(name -> " (from " + name + ")").orElse("");
    }

    /** People put the secret where its path belongs. A path begins with a directory that exists; few secrets do. */
    private boolean mayBeSecretItself(FileAccess files) {
        if (!FILES_WITH_SECRETS.contains(option)) {
            return false;
        }
        Optional<Path> path = Values.path(text).filter(Path::isAbsolute).filter(known -> known.getNameCount() > 1);
        return path.isEmpty()
                || !files.exists(
                        path.orElseThrow().getRoot().resolve(path.orElseThrow().getName(0)));
    }

    private String shown() {
        String printable = text.replaceAll("\\p{Cntrl}", "?");
        return printable.length() <= SHOWN_LENGTH ? printable : printable.substring(0, SHOWN_LENGTH) + "…";
    }
}
