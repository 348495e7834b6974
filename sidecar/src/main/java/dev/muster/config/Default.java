package dev.muster.config;

import static java.util.Objects.requireNonNull;

/** The value of an option that is not given. */
public sealed interface Default {
    /** A fixed value, written as an operator would write it. */
    record Literal(String text) implements Default {
        public Literal {
            requireNonNull(text, "text is null");
        }
    }

    /**
     * A value that depends on where Muster runs.
     *
     * @param source where it comes from; Markdown
     */
    record Derived(String source) implements Default {
        public Derived {
            requireNonNull(source, "source is null");
        }
    }

    /** The option is off. */
    record None() implements Default {}

    /** There is no default: the option must be given. */
    record Required() implements Default {}

    static Default literal(String text) {
        return new Literal(text);
    }

    static Default derived(String source) {
        return new Derived(source);
    }

    static Default none() {
        return new None();
    }

    static Default required() {
        return new Required();
    }

    /** For a table or a help text; Markdown. */
    default String asMarkdown() {
        return switch (this) {
            case Literal literal -> "`" + literal.text() + "`";
            case Derived derived -> derived.source();
            case None none -> "none";
            case Required required -> "required";
        };
    }
}
