package dev.muster.web;

import static java.util.Objects.requireNonNull;

import dev.muster.tell.CycleReport;
import dev.muster.tell.SetView;
import java.util.Optional;
import org.bson.Document;

/**
 * What only a member's own sidecar knows of it.
 *
 * @param clonedFrom from whom it clones or made its clone: a pod's name, or a host
 * @param cloneProgress the part copied of a clone under way, 0 to 1
 */
public record OwnPart(Optional<String> clonedFrom, Optional<Double> cloneProgress, Optional<Decided> decision) {
    /** A host's name and port take no more: DNS allows 253 characters. */
    private static final int NAME_LENGTH = 260;

    /** Longer than any message Muster makes for a set of ten; what is longer is cut, not refused. */
    private static final int MESSAGE_LENGTH = 2000;

    public OwnPart {
        requireNonNull(clonedFrom, "clonedFrom is null");
        requireNonNull(cloneProgress, "cloneProgress is null");
        requireNonNull(decision, "decision is null");
    }

    /** A sidecar's decision, in words. */
    public record Decided(String kind, String reason, String message) {
        public Decided {
            requireNonNull(kind, "kind is null");
            requireNonNull(reason, "reason is null");
            requireNonNull(message, "message is null");
        }
    }

    /** The part of this sidecar. */
    static OwnPart of(CycleReport state) {
        SetView view = new SetView(state.snapshot());
        return new OwnPart(
                view.cloneSource().map(view::nameOf),
                view.cloneProgress(),
                Optional.of(new Decided(
                        state.decision().kind(),
                        state.decision().reason().name(),
                        state.decision().message())));
    }

    /** Reads another sidecar's answer. It may be anybody's: what is not as expected counts as not said. */
    static OwnPart from(Document answer) {
        Optional<Decided> decided = answer.get("decision") instanceof Document decision
                ? text(decision, "kind", NAME_LENGTH)
                        .flatMap(kind -> text(decision, "reason", NAME_LENGTH)
                                .flatMap(reason -> text(decision, "message", MESSAGE_LENGTH)
                                        .map(message -> new Decided(kind, reason, message))))
                : Optional.empty();
        return new OwnPart(text(answer, "clonedFrom", NAME_LENGTH), progress(answer), decided);
    }

    Document toDocument() {
        Document document = new Document();
        clonedFrom.ifPresent(source -> document.append("clonedFrom", source));
        cloneProgress.ifPresent(progress -> document.append("cloneProgress", progress));
        decision.ifPresent(decided -> document.append(
                "decision",
                new Document("kind", decided.kind())
                        .append("reason", decided.reason())
                        .append("message", decided.message())));
        return document;
    }

    private static Optional<String> text(Document document, String key, int length) {
        return document.get(key) instanceof String text && !text.isEmpty()
                ? Optional.of(text.length() <= length ? text : text.substring(0, length) + "…")
                : Optional.empty();
    }

    private static Optional<Double> progress(Document document) {
        return document.get("cloneProgress") instanceof Number number
                        && number.doubleValue() >= 0
                        && number.doubleValue() <= 1
                ? Optional.of(number.doubleValue())
                : Optional.empty();
    }
}
