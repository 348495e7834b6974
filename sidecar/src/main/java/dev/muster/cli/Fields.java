package dev.muster.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.bson.Document;

/** Reads a document of which any field may be absent, null or of a type that a newer sidecar chose. */
record Fields(Document document) {
    /** A text or a number as text; {@code otherwise} for everything else. */
    String text(String name, String otherwise) {
        Object value = document.get(name);
        return value instanceof String || value instanceof Number ? String.valueOf(value) : otherwise;
    }

    boolean isTrue(String name) {
        return Boolean.TRUE.equals(document.get(name));
    }

    Optional<Boolean> truth(String name) {
        return document.get(name) instanceof Boolean truth ? Optional.of(truth) : Optional.empty();
    }

    OptionalDouble number(String name) {
        return document.get(name) instanceof Number number
                ? OptionalDouble.of(number.doubleValue())
                : OptionalDouble.empty();
    }

    /** An embedded document; empty when it is absent. */
    Fields part(String name) {
        return new Fields(document.get(name) instanceof Document part ? part : new Document(Map.of()));
    }

    /** The documents of a list; none when it is absent. */
    List<Fields> parts(String name) {
        return document.get(name) instanceof List<?> list
                ? list.stream()
                        .filter(Document.class::isInstance)
                        .map(Document.class::cast)
                        .map(Fields::new)
                        .toList()
                : List.of();
    }
}
