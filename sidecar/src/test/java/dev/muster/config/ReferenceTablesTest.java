package dev.muster.config;

import static dev.muster.ReferencePage.row;

import dev.muster.ReferencePage;
import dev.muster.plan.Reason;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The reference documents every option and every reason as the code has them. */
class ReferenceTablesTest {
    @Test
    void options() throws IOException {
        ReferencePage.check(
                "options",
                row("Flag", "Variable", "Default", "Allowed", "Meaning"),
                Arrays.stream(Option.values())
                        .map(option -> row(
                                "`" + option.flag() + "`",
                                "`" + option.variable() + "`",
                                option.defaultValue().asMarkdown(),
                                option.allowed().replace("<", "&lt;").replace(">", "&gt;"),
                                option.description())));
    }

    @Test
    void reasons() throws IOException {
        ReferencePage.check(
                "reasons",
                row("Reason", "Meaning", "What to do"),
                Arrays.stream(Reason.values())
                        .map(reason -> row("`" + reason.name() + "`", reason.meaning(), reason.whatToDo())));
    }
}
