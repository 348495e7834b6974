package dev.muster.interleaving;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Runs blocking code of the product one request at a time, without a thread: it runs from the start, gets the answers that
 * it got before, makes one request more, and is left when it wants to make another one. So anything may happen between
 * any two of its requests, and what it is doing is a value: its answers until then.
 */
final class Turn {
    /** The code wants to make another request. */
    private static final class Left extends RuntimeException {
        private static final long serialVersionUID = 1;

        Left() {
            super("made its request", null, false, false);
        }
    }

    private final List<Object> answers;
    private int next;
    private boolean asked;

    Turn(List<Object> before) {
        answers = new ArrayList<>(before);
    }

    /** What the code returned; empty if it was left. */
    <T> Optional<T> run(Supplier<T> code) {
        try {
            return Optional.of(code.get());
        } catch (Left e) {
            return Optional.empty();
        }
    }

    /** Called by the ports for each request. */
    @SuppressWarnings("unchecked")
    <T> T ask(Supplier<T> request) {
        if (next == answers.size()) {
            if (asked) {
                throw new Left();
            }
            asked = true;
            answers.add(request.get());
        }
        return (T) answers.get(next++);
    }

    List<Object> answers() {
        return List.copyOf(answers);
    }
}
