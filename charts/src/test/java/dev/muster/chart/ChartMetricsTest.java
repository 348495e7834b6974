package dev.muster.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The alerts and the dashboard use the metrics that docs/reference.md names, each set's apart from the others'. */
class ChartMetricsTest {
    private static final Path DASHBOARD = ChartTemplates.chart().resolve("files/dashboard.json");

    private static final Pattern METRIC = Pattern.compile("\\b(?:muster|process|jvm)_[a-z_]+\\b");

    /** Not Muster's own, and named in docs/reference.md as a group. */
    private static final Set<String> OF_THE_PROCESS = Set.of(
            "process_resident_memory_bytes",
            "process_cpu_seconds_total",
            "process_start_time_seconds",
            "process_open_fds",
            "jvm_memory_used_bytes",
            "jvm_memory_committed_bytes",
            "jvm_memory_max_bytes",
            "jvm_threads_current");

    @Test
    void rulesAndDashboardUseOnlyMetricsThatTheReferenceNames() throws IOException {
        Set<String> known = documentedMetrics();
        assertThat(Alerts.all())
                .allSatisfy(alert -> assertThat(metricsIn(alert.expression()))
                        .as(alert.name())
                        .isNotEmpty()
                        .isSubsetOf(known));
        assertThat(metricsIn(Files.readString(Alerts.RULES))).isSubsetOf(known);
        known.addAll(OF_THE_PROCESS);
        assertThat(metricsIn(Files.readString(DASHBOARD)))
                .hasSizeGreaterThan(15)
                .isSubsetOf(known);
    }

    /** A value that would otherwise be one set's shows that of all. */
    @Test
    void eachPanelOfTheDashboardHasAUnitAndItsSet() {
        JsonNode dashboard = ChartTemplates.yaml(DASHBOARD);
        assertThat(dashboard.at("/templating/list").findValuesAsText("name"))
                .containsExactly("datasource", "namespace", "replica_set", "statefulset");
        List<JsonNode> panels =
                ChartTemplates.elements(dashboard.path("panels")).toList();
        assertThat(panels).extracting(panel -> panel.path("id").asText()).doesNotHaveDuplicates();
        assertThat(panels)
                .filteredOn(panel -> !panel.path("type").asText().equals("row"))
                .hasSizeGreaterThan(15)
                .allSatisfy(panel -> {
                    String title = panel.path("title").asText();
                    assertThat(panel.at("/fieldConfig/defaults").has("unit"))
                            .as(title)
                            .isTrue();
                    assertThat(panel.at("/datasource/uid").asText()).as(title).isEqualTo("${datasource}");
                    assertThat(ChartTemplates.elements(panel.path("targets")))
                            .as(title)
                            .isNotEmpty()
                            .allSatisfy(target -> assertThat(target.path("expr").asText())
                                    .contains("$namespace", "$replica_set", "$statefulset"));
                });
    }

    private static Set<String> documentedMetrics() throws IOException {
        return Pattern.compile("(?m)^\\| `(muster_[a-z_]+)` \\|")
                .matcher(Files.readString(ChartTemplates.repository().resolve("docs/reference.md")))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> metricsIn(String text) {
        return METRIC.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(name -> name.replaceFirst("(duration_seconds)_(bucket|count|sum|max)$", "$1"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
