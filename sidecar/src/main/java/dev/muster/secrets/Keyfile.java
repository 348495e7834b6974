package dev.muster.secrets;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The keys of a keyfile, as {@code mongod} reads them: YAML, of which the first document is one string, or a list of two
 * while keys are rotated. White space within a key does not count. No message and no {@link #toString} ever contains a key.
 */
public final class Keyfile {
    // "Security key size is out range", "Only two keys are supported in the security key file": mongod 8.2.
    private static final int SHORTEST_KEY = 6;
    private static final int LONGEST_KEY = 1024;
    private static final int MOST_KEYS = 2;
    // Two keys of the longest kind, each broken into lines, take a fraction of this.
    private static final int LARGEST_FILE_BYTES = 16 * 1024;
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/=]*");
    // What mongod 8.2 removes: a tab to a carriage return, and a space.
    private static final Pattern WHITE_SPACE = Pattern.compile("[\\t-\\r ]+");
    private static final Pattern KEY_ALONE = Pattern.compile("[\\t-\\r A-Za-z0-9+/=]*");

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
        try {
            List<String> keys =
                    strings(content).stream().map(Keyfile::withoutWhiteSpace).toList();
            check(keys);
            return new Keyfile(keys, content);
        } catch (KeyfileFault e) {
            throw new IOException("keyfile " + path + ": " + e.getMessage(), e);
        }
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

    /**
     * The strings before white space is removed. A key alone needs no YAML parser, and then its classes need no memory: it is
     * the same with and without one, except that some characters that do not count, such as a leading tab, are no YAML.
     */
    private static List<String> strings(byte[] content) throws KeyfileFault {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        return KEY_ALONE.matcher(text).matches() ? List.of(text) : KeyfileYaml.strings(content);
    }

    private static String withoutWhiteSpace(String key) {
        return WHITE_SPACE.matcher(key).replaceAll("");
    }

    private static void check(List<String> keys) throws KeyfileFault {
        if (keys.isEmpty() || keys.equals(List.of(""))) {
            throw new KeyfileFault("holds no key");
        }
        if (keys.size() > MOST_KEYS) {
            throw new KeyfileFault("holds " + keys.size() + " keys; mongod accepts one, or two during a key rotation");
        }
        for (String key : keys) {
            if (!KEY.matcher(key).matches()) {
                throw new KeyfileFault("a key has a character that is not base64 (A-Z a-z 0-9 + / =)"
                        + (key.contains("#") ? "; a comment begins with a space and #" : ""));
            }
            if (key.length() < SHORTEST_KEY || key.length() > LONGEST_KEY) {
                throw new KeyfileFault("a key has %d characters; mongod accepts %d to %d, not counting white space"
                        .formatted(key.length(), SHORTEST_KEY, LONGEST_KEY));
            }
        }
    }
}
