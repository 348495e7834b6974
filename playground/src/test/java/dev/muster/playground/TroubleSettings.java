package dev.muster.playground;

import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a real set is in trouble, and in which, from the system properties of this test.
 *
 * @param drawn whether the seed drew the deeds; otherwise they were given
 */
record TroubleSettings(Duration length, long seed, TroublePlan plan, boolean drawn) {
    static final String LENGTH = "muster.trouble";
    static final String SEED = "muster.trouble.seed";
    static final String DEEDS = "muster.trouble.deeds";

    private static final Duration SHORTEST = Duration.ofSeconds(20);
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final Pattern DURATION = Pattern.compile("(\\d{1,5})([smh])");

    /**
     * Reads them: two minutes of seed 1 unless told otherwise.
     *
     * @throws IllegalArgumentException that names the property, its value and what is allowed
     */
    static TroubleSettings read(Properties properties) {
        Duration length = length(properties.getProperty(LENGTH, "2m"));
        long seed = seed(properties.getProperty(SEED, "1"));
        Optional<String> given = Optional.ofNullable(properties.getProperty(DEEDS));
        if (given.isEmpty()) {
            return new TroubleSettings(length, seed, TroublePlan.draw(seed, length), true);
        }
        try {
            TroublePlan plan = TroublePlan.parse(given.get(), TroublePlan.members(seed));
            Duration end = plan.end();
            return new TroubleSettings(length.compareTo(end) > 0 ? length : end, seed, plan, false);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(DEEDS + ": " + e.getMessage(), e);
        }
    }

    private static Duration length(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            Duration length = switch (matcher.group(2)) {
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
            };
            if (length.compareTo(SHORTEST) >= 0 && length.compareTo(LONGEST) <= 0) {
                return length;
            }
        }
        throw new IllegalArgumentException(
                "%s: \"%s\" is not possible; write a whole number and s, m or h, such as 90s, 30m or 1h, from %ds to %dh"
                        .formatted(LENGTH, text, SHORTEST.toSeconds(), LONGEST.toHours()));
    }

    private static long seed(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "%s: \"%s\" is not possible; write a whole number, such as 7".formatted(SEED, text), e);
        }
    }

    TroubleSettings withPlan(TroublePlan other) {
        return new TroubleSettings(length, seed, other, drawn);
    }

    /** The command that does the same again. */
    String replay() {
        return "mvn verify -Dit.test=TroubleIT -Dfailsafe.failIfNoSpecifiedTests=false -D%s=%ds -D%s=%d -D%s=%s"
                .formatted(LENGTH, length.toSeconds(), SEED, seed, DEEDS, plan);
    }
}
