package dev.muster.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The alerts and their runbooks agree with each other. */
class AlertsTest {
    private static final Path RUNBOOKS = ChartTemplates.repository().resolve("docs/runbooks");

    /** What the chart replaces where somebody keeps runbooks elsewhere. */
    private static final String RUNBOOK_ADDRESS = "https://github.com/muster-dev/muster/blob/main/docs/runbooks/";

    @Test
    void allAlertsAreThere() {
        assertThat(Alerts.names())
                .containsExactlyInAnyOrder(
                        "MusterNoPrimary",
                        "MusterMultiplePrimaries",
                        "MusterSplitBrain",
                        "MusterMajorityAtRisk",
                        "MusterMajorityLost",
                        "MusterMemberUnhealthy",
                        "MusterMemberBadState",
                        "MusterInitialSyncSlow",
                        "MusterReplicationLagHigh",
                        "MusterReplicationHeadroomLow",
                        "MusterOplogWindowShort",
                        "MusterElectionsFrequent",
                        "MusterConfigDrift",
                        "MusterNotInitialized",
                        "MusterReconcileFailing",
                        "MusterReconcileStalled",
                        "MusterDnsFailing",
                        "MusterPaused",
                        "MusterMetricsAbsent");
    }

    @Test
    void eachAlertNamesItsSetSeverityAndRunbook() {
        assertThat(Alerts.all()).allSatisfy(alert -> {
            assertThat(alert.severity()).as(alert.name()).isIn("critical", "warning", "info");
            for (String text : List.of("summary", "description")) {
                assertThat(alert.annotation(text))
                        .as(alert.name() + " " + text)
                        .contains("{{ $labels.namespace }}/{{ $labels.statefulset }} ({{ $labels.replica_set }})");
            }
            assertThat(alert.annotation("runbook_url"))
                    .as(alert.name())
                    .isEqualTo(RUNBOOK_ADDRESS + alert.name() + ".md");
        });
    }

    @Test
    void eachAlertHasARunbookAndTheListNamesItWithItsSeverity() throws IOException {
        String list = Files.readString(RUNBOOKS.resolve("README.md"));
        assertThat(Alerts.fileNames(RUNBOOKS, ".md"))
                .containsExactlyInAnyOrderElementsOf(Stream.concat(Alerts.names().stream(), Stream.of("README"))
                        .toList());
        assertThat(Alerts.all()).allSatisfy(alert -> {
            assertThat(list.lines().filter(line -> line.startsWith("| [" + alert.name() + "](")))
                    .as("row of " + alert.name())
                    .singleElement()
                    .asString()
                    .contains("](" + alert.name() + ".md)", alert.severity());
            assertThat(Files.readString(RUNBOOKS.resolve(alert.name() + ".md")))
                    .startsWith("# " + alert.name() + "\n")
                    .contains(
                            "Severity: ",
                            alert.severity(),
                            "**What it means.**",
                            "**Is data at risk?**",
                            "## Look here first",
                            "## What to do",
                            "## What not to do",
                            "## When it ends");
        });
    }

    @Test
    void linksOfTheRunbooksLeadSomewhere() throws IOException {
        Pattern link = Pattern.compile("]\\((?!http)([^)#]+)\\)");
        for (String name : Alerts.fileNames(RUNBOOKS, ".md")) {
            List<String> targets = link.matcher(Files.readString(RUNBOOKS.resolve(name + ".md")))
                    .results()
                    .map(match -> match.group(1))
                    .toList();
            assertThat(targets)
                    .as(name)
                    .allSatisfy(target -> assertThat(RUNBOOKS.resolve(target)).exists());
        }
    }
}
