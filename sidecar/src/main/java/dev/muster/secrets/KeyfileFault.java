package dev.muster.secrets;

/** What {@code mongod} would not accept in a keyfile, as the end of a sentence. Never contains a key. */
final class KeyfileFault extends Exception {
    private static final long serialVersionUID = 1;

    KeyfileFault(String message) {
        // Without a cause: a parser's message quotes the text that it cannot read.
        super(message);
    }
}
