package dev.muster.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The alerts of the chart, and promtool's tests of them. */
final class Alerts {
    static final Path RULES = ChartTemplates.chart().resolve("files/alerts.yaml");

    /** The directory of promtool's tests. */
    static final Path TESTS = ChartTemplates.chart().resolve("tests-rules");

    private Alerts() {}

    /** One alert. */
    record Alert(JsonNode rule) {
        String name() {
            return rule.path("alert").asText();
        }

        String expression() {
            return rule.path("expr").asText();
        }

        String severity() {
            return rule.at("/labels/severity").asText();
        }

        /** Empty where there is none. */
        String annotation(String name) {
            return rule.path("annotations").path(name).asText();
        }
    }

    /** Whether an alert fires at a moment of a case. */
    record Check(String alert, boolean fires) {}

    /** One of promtool's tests: a course of events, and what is expected of the alerts. */
    record Case(String name, List<Check> checks) {}

    static List<Alert> all() {
        List<Alert> alerts = ChartTemplates.elements(ChartTemplates.yaml(RULES).path("groups"))
                .flatMap(group -> ChartTemplates.elements(group.path("rules")))
                .map(Alert::new)
                .toList();
        assertThat(alerts).isNotEmpty();
        return alerts;
    }

    static Set<String> names() {
        return all().stream().map(Alert::name).collect(Collectors.toCollection(TreeSet::new));
    }

    static List<Case> cases() {
        return fileNames(TESTS, ".yaml").stream()
                .flatMap(name -> ChartTemplates.elements(
                        ChartTemplates.yaml(TESTS.resolve(name + ".yaml")).path("tests")))
                .map(test -> new Case(test.path("name").asText(), checks(test)))
                .toList();
    }

    private static List<Check> checks(JsonNode test) {
        JsonNode checks = test.path("alert_rule_test");
        assertThat(checks.isArray()).as(test.path("name").asText()).isTrue();
        return ChartTemplates.elements(checks)
                .map(check -> new Check(
                        check.path("alertname").asText(),
                        !check.path("exp_alerts").isEmpty()))
                .toList();
    }

    /** The names of a directory's files with that ending, without it. */
    static List<String> fileNames(Path directory, String ending) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending))
                    .map(name -> name.substring(0, name.length() - ending.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
