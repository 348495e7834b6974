package dev.muster.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** What the chart brings for Prometheus and Grafana. */
class ChartMonitoringTest {
    @Test
    void alertsAndDashboardAreTheFilesOfTheChart() {
        ChartTemplates templates = ChartTemplates.render("""
                prometheusRule: {enabled: true, runbookUrl: 'https://example.org/books/'}
                dashboard: {enabled: true}
                """);
        JsonNode file = ChartTemplates.yaml(ChartTemplates.chart().resolve("files/alerts.yaml"));
        JsonNode groups = templates.document("PrometheusRule/mongo").at("/spec/groups");
        assertThat(groups).hasSameSizeAs(file.path("groups"));
        assertThat(groups.findValuesAsText("runbook_url"))
                .isNotEmpty()
                .allMatch(url -> url.startsWith("https://example.org/books/"));
        assertThat(groups.findValuesAsText("expr")).isEqualTo(file.findValuesAsText("expr"));
        JsonNode dashboard = templates.document("ConfigMap/mongo-dashboard");
        assertThat(ChartTemplates.text(dashboard.at("/metadata/labels/grafana_dashboard")))
                .isEqualTo("1");
        assertThat(dashboard.at("/data/muster.json").asText()).startsWith("{").endsWith("}");
    }
}
