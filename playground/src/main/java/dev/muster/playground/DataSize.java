package dev.muster.playground;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An amount of data as people write it: {@code 200MB}, {@code 1 GB}, {@code 512kB}; units are powers of 1000. */
record DataSize(long bytes) {
    /** More than this would fill a development machine's disk by a slip of the finger. */
    static final DataSize MAX = new DataSize(100_000_000_000L);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,12})\\s*(B|KB|MB|GB)", Pattern.CASE_INSENSITIVE);

    /** The amount; empty when the text is none, or it is 0 or more than {@link #MAX}. */
    static Optional<DataSize> parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long unit = switch (matcher.group(2).toUpperCase(Locale.ROOT)) {
            case "KB" -> 1_000L;
            case "MB" -> 1_000_000L;
            case "GB" -> 1_000_000_000L;
            default -> 1L;
        };
        long number = Long.parseLong(matcher.group(1));
        if (number == 0 || number > MAX.bytes() / unit) {
            return Optional.empty();
        }
        return Optional.of(new DataSize(number * unit));
    }

    @Override
    public String toString() {
        return bytes >= 1_000_000 ? bytes / 1_000_000 + " MB" : bytes + " B";
    }
}
