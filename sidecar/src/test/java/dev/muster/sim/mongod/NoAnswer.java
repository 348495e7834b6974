package dev.muster.sim.mongod;

import dev.muster.model.PeerMongod.Cause;

/** A call that ended without what it asked for: refused by the server with a code, or not answered. */
final class NoAnswer extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int code;
    private final Cause cause;

    private NoAnswer(int code, Cause cause, String words) {
        super(words, null, false, false);
        this.code = code;
        this.cause = cause;
    }

    /** The server's refusal, in the words of the driver's side. */
    static NoAnswer refused(CommandReply answer) {
        return new NoAnswer(answer.code(), Cause.TIMEOUT, "%s (code %d)".formatted(answer.message(), answer.code()));
    }

    /** Authentication is wanted, and there was none. */
    static NoAnswer unauthorized() {
        return new NoAnswer(13, Cause.AUTHENTICATION, "Command requires authentication (code 13)");
    }

    static NoAnswer wrongKey() {
        return new NoAnswer(-1, Cause.AUTHENTICATION, "authentication failed");
    }

    static NoAnswer unreachable() {
        return new NoAnswer(-1, Cause.UNREACHABLE, "connection refused or closed");
    }

    static NoAnswer timeout() {
        return new NoAnswer(-1, Cause.TIMEOUT, "no answer in time");
    }

    /** The server's; -1 where no server answered. */
    int code() {
        return code;
    }

    Cause why() {
        return cause;
    }

    String words() {
        return String.valueOf(getMessage());
    }
}
