package dev.muster.secrets;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The keys of a keyfile, as {@code mongod} reads them: one key, or a YAML list of two while keys are rotated. White
 * space within a key does not count. No message and no {@link #toString} ever contains a key.
 */
public final class Keyfile {
    // "Security key size is out range", "Only two keys are supported in the security key file": mongod 8.2.
    private static final int SHORTEST_KEY = 6;
    private static final int LONGEST_KEY = 1024;
    private static final int MOST_KEYS = 2;
    // Two keys of the longest kind, each broken into lines, take a fraction of this.
    private static final int LARGEST_FILE_BYTES = 16 * 1024;
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/=]+");
    private static final Pattern LIST_ITEM = Pattern.compile("(?m)^\\s*-\\s+");

    private final List<String> keys;
    private final byte[] content;

    private Keyfile(List<String> keys, byte[] content) {
        this.keys = keys;
        this.content = content;
    }

    /**
     * Reads and checks a keyfile.
     *
     * @throws IOException when it cannot be read, or {@code mongod} would refuse its content; the message says which in
     *     one line
     */
    public static Keyfile read(Path path) throws IOException {
        byte[] content;
        try (InputStream in = Files.newInputStream(path)) {
            content = in.readNBytes(LARGEST_FILE_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new IOException("keyfile " + path + " does not exist", e);
        } catch (IOException e) {
            throw new IOException(
                    "keyfile " + path + " cannot be read: " + e.getClass().getSimpleName(), e);
        }
        if (content.length > LARGEST_FILE_BYTES) {
            throw new IOException("keyfile " + path + " is larger than " + LARGEST_FILE_BYTES + " bytes");
        }
        List<String> keys = split(new String(content, StandardCharsets.UTF_8));
        Optional<String> fault = fault(keys);
        if (fault.isPresent()) {
            throw new IOException("keyfile " + path + ": " + fault.orElseThrow());
        }
        return new Keyfile(keys, content);
    }

    /** The keys without white space, one or two. {@code mongod} itself authenticates with the first. */
    public List<String> keys() {
        return keys;
    }

    public byte[] content() {
        return content.clone();
    }

    /** Never a key. */
    @Override
    public String toString() {
        return keys.size() == 1 ? "Keyfile[1 key]" : "Keyfile[" + keys.size() + " keys]";
    }

    private static List<String> split(String text) {
        String body = text.strip();
        Stream<String> items;
        if (body.startsWith("- ")) {
            items = LIST_ITEM.splitAsStream(body).skip(1);
        } else if (body.startsWith("[") && body.endsWith("]")) {
            items = Stream.of(body.substring(1, body.length() - 1).split(",", -1));
        } else {
            items = Stream.of(body);
        }
        return items.map(Keyfile::withoutWhiteSpaceAndQuotes).toList();
    }

    private static String withoutWhiteSpaceAndQuotes(String item) {
        String key = item.replaceAll("\\s", "");
        boolean quoted = key.length() >= 2
                && (key.startsWith("\"") || key.startsWith("'"))
                && key.charAt(0) == key.charAt(key.length() - 1);
        return quoted ? key.substring(1, key.length() - 1) : key;
    }

    private static Optional<String> fault(List<String> keys) {
        if (keys.size() > MOST_KEYS) {
            return Optional.of("holds " + keys.size() + " keys; mongod accepts one, or two during a key rotation");
        }
        for (String key : keys) {
            if (key.length() < SHORTEST_KEY || key.length() > LONGEST_KEY) {
                return Optional.of("a key has %d characters; mongod accepts %d to %d, not counting white space"
                        .formatted(key.length(), SHORTEST_KEY, LONGEST_KEY));
            }
            if (!KEY.matcher(key).matches()) {
                return Optional.of("a key has a character that is not base64 (A-Z a-z 0-9 + / =)");
            }
        }
        return Optional.empty();
    }
}
