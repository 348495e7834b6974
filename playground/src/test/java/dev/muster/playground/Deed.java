package dev.muster.playground;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One thing that is done to a real set. Written as {@code 8.5:kill-mongod:primary:3.2}: when, what, to which member, and
 * for how long, in seconds.
 *
 * @param at not before then, since the trouble began
 * @param ordinal the member; empty for the one that is primary then
 * @param lasting until it is undone
 */
record Deed(Duration at, Kind kind, Optional<Integer> ordinal, Duration lasting) {
    /** What is done. */
    enum Kind {
        /** SIGKILL; it is started again. */
        KILL_MONGOD(5, 0, 12),
        /** SIGTERM, which takes a secondary 15 s; it is started again. */
        STOP_MONGOD(2, 0, 5),
        FREEZE_MONGOD(4, 2, 20),
        /** Killed; its data is deleted while it is down, and it comes back empty. */
        LOSE_VOLUME(4, 0, 8),
        /** The primary is told to step down; it cannot be elected that long. */
        STEP_DOWN(3, 5, 10),
        /** Neither mongod nor sidecar reach the other members and their clients. Needs root. */
        CUT(4, 3, 20),
        /** SIGKILL; it is started again. */
        KILL_SIDECAR(4, 0, 20),
        FREEZE_SIDECAR(4, 3, 30);

        private final int weight;
        private final int fromSeconds;
        private final int toSeconds;

        Kind(int weight, int fromSeconds, int toSeconds) {
            this.weight = weight;
            this.fromSeconds = fromSeconds;
            this.toSeconds = toSeconds;
        }

        /** Whether the set is without that member's vote and data, or cannot have it as its primary. */
        boolean takesMember() {
            return switch (this) {
                case KILL_MONGOD, STOP_MONGOD, FREEZE_MONGOD, LOSE_VOLUME, STEP_DOWN, CUT -> true;
                case KILL_SIDECAR, FREEZE_SIDECAR -> false;
            };
        }

        /** In the words of a list of deeds. */
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Kind draw(RandomGenerator random) {
            int left = random.nextInt(
                    Arrays.stream(values()).mapToInt(kind -> kind.weight).sum());
            for (Kind kind : values()) {
                left -= kind.weight;
                if (left < 0) {
                    return kind;
                }
            }
            throw new AssertionError("a number below the sum of all weights belongs to one of them");
        }

        Duration drawLasting(RandomGenerator random) {
            return Duration.ofMillis(100L * random.nextInt(10 * fromSeconds, 10 * toSeconds + 1));
        }
    }

    /** More helps nothing: after some seconds, the set has noticed whatever it will notice. */
    static final Duration MOST_LASTING = Duration.ofMinutes(5);

    private static final String PRIMARY = "primary";
    private static final String NUMBER = "(\\d{1,5}(?:\\.\\d)?)";
    private static final Pattern NOTATION = Pattern.compile(NUMBER + ":([a-z-]+):(\\d|" + PRIMARY + "):" + NUMBER);

    /**
     * Reads one.
     *
     * @param members how many there are
     * @throws IllegalArgumentException with what is wrong and what is allowed
     */
    static Deed parse(String text, int members) {
        Matcher matcher = NOTATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "\"%s\" is not a deed; write <at>:<what>:<member>:<lasting> with times in seconds, such as"
                                    .formatted(text)
                            + " 8.5:kill-mongod:primary:3.2");
        }
        Kind kind = Arrays.stream(Kind.values())
                .filter(each -> each.word().equals(matcher.group(2)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"%s\" in \"%s\" is not possible; it is one of %s"
                        .formatted(
                                matcher.group(2),
                                text,
                                Arrays.stream(Kind.values()).map(Kind::word).collect(Collectors.joining(", ")))));
        Optional<Integer> ordinal = Optional.of(matcher.group(3))
                .filter(word -> !word.equals(PRIMARY))
                .map(Integer::valueOf);
        if (ordinal.filter(number -> number >= members).isPresent()) {
            throw new IllegalArgumentException("\"%s\" is about a member that is not there; it is 0 to %d, or %s"
                    .formatted(text, members - 1, PRIMARY));
        }
        if (kind == Kind.STEP_DOWN && ordinal.isPresent()) {
            throw new IllegalArgumentException(
                    "\"%s\" is not possible; only the %s can step down".formatted(text, PRIMARY));
        }
        Duration lasting = duration(matcher.group(4));
        if (lasting.compareTo(MOST_LASTING) > 0) {
            throw new IllegalArgumentException(
                    "\"%s\" lasts too long; it is up to %s seconds".formatted(text, MOST_LASTING.toSeconds()));
        }
        return new Deed(duration(matcher.group(1)), kind, ordinal, lasting);
    }

    /** When it is undone, if it is done in time. */
    Duration end() {
        return at.plus(lasting);
    }

    private static Duration duration(String seconds) {
        return Duration.ofMillis(new BigDecimal(seconds).movePointRight(3).longValueExact());
    }

    private static String seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString();
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return "%s:%s:%s:%s"
                .formatted(
                        seconds(at), kind.word(), ordinal.map(String::valueOf).orElse(PRIMARY), seconds(lasting));
    }
}
