package dev.muster.e2e;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One thing that is done to a set, in the notation {@code 12.4s cut mongo-1 for 20.0s}, {@code 30.0s scale 5},
 * {@code 41.0s kill-mongod primary}, {@code 50.0s roll-out}.
 *
 * @param at when, since the clients began; later if the set is not ready for it
 * @param number a member's ordinal, or how many members; empty for the primary and where nothing is named
 * @param lasting after which time it is taken back; empty if it is not
 */
record Deed(Duration at, DeedKind kind, Optional<Integer> number, Optional<Duration> lasting) {
    /** Members that are there whatever the number of members is. */
    static final int ALWAYS = 3;

    static final int MOST = 5;

    private static final Pattern NOTATION = Pattern.compile("(?<at>\\d{1,6}(\\.\\d{1,3})?)s (?<kind>[a-z-]+)"
            + "( (?<target>primary|mongo-\\d|\\d))?( for (?<lasting>\\d{1,3}(\\.\\d{1,3})?)s)?");

    Deed {
        requireNonNull(at, "at is null");
        requireNonNull(kind, "kind is null");
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with what is wrong and what is allowed
     */
    static Deed parse(String text) {
        Matcher matcher = NOTATION.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    ("`%s` is no deed; a deed is like `12.4s cut mongo-1 for 20.0s`, `41s kill-mongod primary` or"
                                    + " `30s scale 5`")
                            .formatted(text.strip()));
        }
        DeedKind kind = DeedKind.of(matcher.group("kind"))
                .orElseThrow(() -> new IllegalArgumentException("`%s` is no kind of deed; the kinds are %s"
                        .formatted(
                                matcher.group("kind"),
                                Arrays.stream(DeedKind.values())
                                        .map(DeedKind::word)
                                        .collect(Collectors.joining(", ")))));
        return new Deed(
                seconds(matcher.group("at")),
                kind,
                number(text.strip(), kind, Optional.ofNullable(matcher.group("target"))),
                lasting(text.strip(), kind, Optional.ofNullable(matcher.group("lasting"))));
    }

    private static Optional<Integer> number(String text, DeedKind kind, Optional<String> object) {
        String allowed = switch (kind.target()) {
            case NONE -> "";
            case MEMBER -> "primary|mongo-[0-%d]".formatted(ALWAYS - 1);
            case COUNT -> "[%d-%d]".formatted(ALWAYS, MOST);
        };
        if (!object.orElse("").matches(allowed)) {
            throw new IllegalArgumentException("`%s`: %s is for %s"
                    .formatted(text, kind.word(), allowed.isEmpty() ? "the whole set and names nothing" : allowed));
        }
        return object.filter(word -> !word.equals("primary"))
                .map(word -> Integer.parseInt(word.substring(word.length() - 1)));
    }

    private static Optional<Duration> lasting(String text, DeedKind kind, Optional<String> seconds) {
        Optional<Duration> lasting = seconds.map(Deed::seconds);
        if (kind == DeedKind.SCALE) {
            return lasting;
        }
        if (kind.lasts() != lasting.isPresent()) {
            throw new IllegalArgumentException("`%s`: %s %s"
                    .formatted(text, kind.word(), kind.lasts() ? "needs a time, such as `for 20s`" : "does not last"));
        }
        if (lasting.filter(time -> time.compareTo(kind.longest()) > 0).isPresent()) {
            throw new IllegalArgumentException("`%s`: %s lasts for %d s at most"
                    .formatted(text, kind.word(), kind.longest().toSeconds()));
        }
        return lasting;
    }

    private static Duration seconds(String text) {
        return Duration.ofMillis(Math.round(Double.parseDouble(text) * 1000));
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1fs", time.toMillis() / 1000.0);
    }

    @Override
    public String toString() {
        String object = switch (kind.target()) {
            case NONE -> "";
            case MEMBER -> " " + number.map(Release::podName).orElse("primary");
            case COUNT -> " " + number.orElseThrow();
        };
        return seconds(at) + " " + kind.word() + object
                + lasting.map(time -> " for " + seconds(time)).orElse("");
    }
}
