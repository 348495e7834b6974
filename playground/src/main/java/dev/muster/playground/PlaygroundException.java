package dev.muster.playground;

/** The playground cannot do what was asked. The message says what, why and what to do about it. */
public final class PlaygroundException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PlaygroundException(String message) {
        super(message);
    }

    public PlaygroundException(String message, Throwable cause) {
        super(message, cause);
    }
}
