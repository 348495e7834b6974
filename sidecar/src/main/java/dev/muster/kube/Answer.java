package dev.muster.kube;

import static java.util.Objects.requireNonNull;

import dev.muster.plan.Outcome;
import org.bson.Document;

/** What the API server answered to one request. */
sealed interface Answer {
    /** It did what was asked. */
    record Ok(Document body) implements Answer {
        public Ok {
            requireNonNull(body, "body is null");
        }
    }

    /** 404. */
    record NotFound() implements Answer {}

    /** 409: another writer was faster. */
    record Conflict(String message) implements Answer {
        public Conflict {
            requireNonNull(message, "message is null");
        }
    }

    /**
     * Anything else.
     *
     * @param code the HTTP status; -1 without an answer, when a write may still have taken effect
     */
    record Failed(int code, String message) implements Answer {
        public Failed {
            requireNonNull(message, "message is null");
        }
    }

    /** The outcome, for the answer to a write. */
    default Outcome asOutcome() {
        return switch (this) {
            case Ok ok -> new Outcome.Done();
            case NotFound none -> new Outcome.Stale("the object no longer exists");
            case Conflict conflict -> new Outcome.Stale(conflict.message());
            case Failed failed -> new Outcome.Failed(failed.code(), failed.message());
        };
    }
}
