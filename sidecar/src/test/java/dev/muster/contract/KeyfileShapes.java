package dev.muster.contract;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Keyfiles of every shape that matters, and the keys that mongod 8.2.0 reads from each. They were measured: a process was
 * started with each, and each key tried as {@code __system}. The playground does so again with some.
 */
public final class KeyfileShapes {
    /** A key. */
    public static final String ONE = "c2VjcmV0S2V5";
    /** Another. */
    public static final String OTHER = "b3RoZXJLZXkx";

    private static final String BYTE_ORDER_MARK = "\ufeff";

    private KeyfileShapes() {}

    /**
     * A keyfile.
     *
     * @param keys that mongod reads; none where it refuses the file
     */
    public record Shape(String name, String text, Charset charset, List<String> keys) {
        public Shape {
            keys = List.copyOf(keys);
        }

        /** The file's. */
        public byte[] content() {
            return text.getBytes(charset);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** What mongod accepts. */
    public static List<Shape> accepted() {
        return List.of(
                shape("one key", "A", ONE),
                shape("with a line end", "A\n", ONE),
                shape("in lines", "c2Vjcm\nV0S2V5\n", ONE),
                shape("in lines of DOS", "c2Vjcm\r\nV0S2V5\r\n", ONE),
                shape("indented, with tabs in it", "\tc2Vjcm\tV0S2V5\t\n", ONE),
                shape("with a form feed and a vertical tab", "c2Vj\fcmV0\u000bS2V5", ONE),
                shape("with signs of base64 in front", "=+/abcde", "=+/abcde"),
                shape("digits", "01234567\n", "01234567"),
                shape("the shortest", "abcdef", "abcdef"),
                shape("the longest, in lines", "abcdefgh\n".repeat(128), "abcdefgh".repeat(128)),
                shape("double quotes", "\"A\"\n", ONE),
                shape("single quotes", "'A'\n", ONE),
                shape("quotes over lines, with an escape", "\"c2Vj\n  cmV0\\nS2V5\"\n", ONE),
                shape("a list", "- A\n- B\n", ONE, OTHER),
                shape("a list of one", "- A\n", ONE),
                shape("the same key twice", "- A\n- A\n", ONE, ONE),
                shape("an indented list of DOS", "  - A\r\n  - B\r\n", ONE, OTHER),
                shape("a list with quotes", "- 'A'\n- \"B\"\n", ONE, OTHER),
                shape("a list of keys in lines", "- c2Vjcm\n  V0S2V5\n- B\n", ONE, OTHER),
                shape("a tab behind the dash", "-\tA\n- \t B\n", ONE, OTHER),
                shape("a line end behind the dash", "-\n  A\n-\n  B\n", ONE, OTHER),
                shape("a flow list", "[A, B]\n", ONE, OTHER),
                shape("a flow list over lines", "[\n  A,\n  B,\n] # keys\n", ONE, OTHER),
                shape("a flow list without spaces", "[A,B]", ONE, OTHER),
                shape("a list in a list", "- - A\n  - B\n", ONE, OTHER),
                shape("a comment before", "# rotated\nA\n", ONE),
                shape("a comment behind", "A # rotated\n", ONE),
                shape("a comment after", "A\n# rotated\n", ONE),
                shape("a comment between the lines ends the key", "c2Vjcm\n# c\nV0S2V5\n", "c2Vjcm"),
                shape("comments in a list", "# a\n- A # new\n# b\n- B # old\n", ONE, OTHER),
                shape("a literal block", "|\n  c2Vjcm\n  V0S2V5\n", ONE),
                shape("a folded block", ">-\n  c2Vjcm\n  V0S2V5\n", ONE),
                shape("a list of blocks", "- |\n  c2Vjcm\n  V0S2V5\n- >-\n  B\n", ONE, OTHER),
                shape("a document's start", "---\nA\n", ONE),
                shape("a document's start on the same line", "--- A\n", ONE),
                shape("a document's start before a list", "--- # keys\n- A\n- B\n", ONE, OTHER),
                shape("a document's end", "A\n...\n", ONE),
                shape("a second document", "A\n---\nB\n", ONE),
                shape("anything behind the end", "A\n...\n%%%: [\n", ONE),
                shape("a directive", "%YAML 1.2\n---\nA\n", ONE),
                shape("a byte order mark", BYTE_ORDER_MARK + "A\n", ONE),
                shape("a byte order mark before a list", BYTE_ORDER_MARK + "- A\n- B\n", ONE, OTHER),
                shape("a byte order mark before a comment", BYTE_ORDER_MARK + "# a\nA\n", ONE),
                shape("UTF-16", BYTE_ORDER_MARK + "A\n", StandardCharsets.UTF_16LE, ONE),
                shape("an alias", "- &a A\n- *a\n", ONE, ONE),
                shape("a tag", "!!binary A\n", ONE));
    }

    /** What it refuses. */
    public static List<Shape> refused() {
        return List.of(
                shape("nothing", ""),
                shape("white space", " \n \n"),
                shape("a comment alone", "# A\n"),
                shape("an empty list", "[]\n"),
                shape("three keys", "- A\n- B\n- A\n"),
                shape("an empty item", "- A\n-\n"),
                shape("a null item", "- A\n- ~\n"),
                shape("too short", "abcde\n"),
                shape("too short without its spaces", "a b c d e\n"),
                shape("too long", "a".repeat(1025)),
                shape("another character", "abc-defg\n"),
                shape("another character in the second key", "- A\n- bad!key\n"),
                shape("a comment without a space", "A#c\n"),
                shape("a comment in quotes", "\"A # c\"\n"),
                shape("a dash without a space", "-A\n"),
                shape("a block that is not indented", "|\nA\n"),
                shape("an item that is not indented", "-\nA\n"),
                shape("a list behind a key", "A\n- B\n"),
                shape("a mapping", "key: A\n"),
                shape("a list of mappings", "- key: A\n"),
                shape("a flow mapping", "{A}\n"),
                shape("a key with a colon", "A:\n"),
                shape("a flow list without its end", "[A\n"),
                shape("a sign that begins no YAML", "@abcdef\n"),
                shape("a space that is not ASCII", "abc\u00a0defg\n"),
                shape("a line end that is not ASCII", "abc\u0085defg\n"),
                shape("a zero", "abc\0defg\n"),
                shape("Latin-1", "abc\u00e4defg\n", StandardCharsets.ISO_8859_1));
    }

    /** What it accepts by its parser's mistake, and Muster does not. */
    public static List<Shape> acceptedByMistake() {
        return List.of(
                shape("double quotes without their end", "\"A\n", ONE),
                shape("single quotes without their end", "'A\n", ONE),
                shape("a key behind a list", "- A\nB\n", ONE));
    }

    private static Shape shape(String name, String text, String... keys) {
        return shape(name, text, StandardCharsets.UTF_8, keys);
    }

    /** {@code A} and {@code B} alone stand for the two keys. */
    private static Shape shape(String name, String text, Charset charset, String... keys) {
        String content = text.replaceAll("(?<![A-Za-z0-9])A(?![A-Za-z0-9])", ONE)
                .replaceAll("(?<![A-Za-z0-9])B(?![A-Za-z0-9])", OTHER);
        return new Shape(name, content, charset, List.of(keys));
    }
}
