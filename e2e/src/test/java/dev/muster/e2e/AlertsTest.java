package dev.muster.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The alerts, their tests, their runbooks and the dashboard agree with each other and with the README's metrics. */
class AlertsTest {
    // Maven runs tests in the module's directory.
    private static final Path ROOT = Path.of("..");
    private static final Path CHART = ROOT.resolve("charts/muster");
    private static final Path RULES = CHART.resolve("files/alerts.yaml");
    private static final Path DASHBOARD = CHART.resolve("files/dashboard.json");
    private static final Path TESTS = CHART.resolve("tests-rules");
    private static final Path RUNBOOKS = ROOT.resolve("docs/runbooks");

    /** What the chart replaces where somebody keeps runbooks elsewhere. */
    private static final String RUNBOOK_ADDRESS = "https://github.com/muster-dev/muster/blob/main/docs/runbooks/";

    /** The tests take about 40 s on two idle cores, and those are seldom idle here. */
    private static final Duration PROMTOOL_LIMIT = Duration.ofMinutes(5);

    private static final Pattern METRIC = Pattern.compile("\\b(?:muster|process|jvm)_[a-z_]+\\b");

    /** Not Muster's own, and named by the README as a group. */
    private static final Set<String> OF_THE_PROCESS = Set.of(
            "process_resident_memory_bytes",
            "process_cpu_seconds_total",
            "process_start_time_seconds",
            "process_open_fds",
            "jvm_memory_used_bytes",
            "jvm_memory_committed_bytes",
            "jvm_memory_max_bytes",
            "jvm_threads_current");

    private record Alert(String name, String expression, Map<String, Object> labels, Map<String, Object> annotations) {}

    private record Check(String alert, boolean fires) {}

    private record Case(String name, List<Check> checks) {}

    @Test
    void allAlertsAreThere() throws IOException {
        assertThat(names(alerts()))
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
    void eachAlertNamesItsSetSeverityAndRunbook() throws IOException {
        assertThat(alerts()).allSatisfy(alert -> {
            assertThat(alert.labels().get("severity")).as(alert.name()).isIn("critical", "warning", "info");
            for (String text : List.of("summary", "description")) {
                assertThat(String.valueOf(alert.annotations().get(text)))
                        .as(alert.name() + " " + text)
                        .contains("{{ $labels.namespace }}/{{ $labels.statefulset }} ({{ $labels.replica_set }})");
            }
            assertThat(alert.annotations().get("runbook_url"))
                    .as(alert.name())
                    .isEqualTo(RUNBOOK_ADDRESS + alert.name() + ".md");
        });
    }

    @Test
    void eachAlertHasARunbookAndTheListNamesItWithItsSeverity() throws IOException {
        String list = Files.readString(RUNBOOKS.resolve("README.md"));
        assertThat(fileNames(RUNBOOKS, ".md"))
                .containsExactlyInAnyOrderElementsOf(Stream.concat(names(alerts()).stream(), Stream.of("README"))
                        .toList());
        assertThat(alerts()).allSatisfy(alert -> {
            String severity = String.valueOf(alert.labels().get("severity"));
            assertThat(list.lines().filter(line -> line.startsWith("| [" + alert.name() + "](")))
                    .as("row of " + alert.name())
                    .singleElement()
                    .asString()
                    .contains("](" + alert.name() + ".md)", severity);
            assertThat(Files.readString(RUNBOOKS.resolve(alert.name() + ".md")))
                    .startsWith("# " + alert.name() + "\n")
                    .contains(
                            "Severity: ",
                            severity,
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
        for (String name : fileNames(RUNBOOKS, ".md")) {
            List<String> targets = link.matcher(Files.readString(RUNBOOKS.resolve(name + ".md")))
                    .results()
                    .map(match -> match.group(1))
                    .toList();
            assertThat(targets)
                    .as(name)
                    .allSatisfy(target -> assertThat(RUNBOOKS.resolve(target)).exists());
        }
    }

    /** A rule that never fires passes every quiet test, and one that always fires every other. */
    @Test
    void eachAlertIsTestedBothWays() throws IOException {
        List<Case> cases = cases();
        for (String alert : names(alerts())) {
            assertThat(cases)
                    .as("a case in which %s fires", alert)
                    .anyMatch(each -> each.checks().contains(new Check(alert, true)));
            assertThat(cases)
                    .as("a case in which %s is quiet throughout", alert)
                    .anyMatch(each -> each.checks().contains(new Check(alert, false))
                            && !each.checks().contains(new Check(alert, true)));
        }
    }

    /** Prometheus gives no error for an alert that it does not know: the check would be empty for ever. */
    @Test
    void theTestsNameNoOtherAlert() throws IOException {
        assertThat(cases().stream().flatMap(each -> each.checks().stream()).map(Check::alert))
                .isSubsetOf(names(alerts()));
    }

    @Test
    void caseNamesSayWhatTheyExpect() throws IOException {
        for (Case each : cases()) {
            boolean fires = each.checks().stream().anyMatch(Check::fires);
            if (each.name().startsWith("quiet")) {
                assertThat(fires && !each.name().contains("; fires"))
                        .as(each.name())
                        .isFalse();
            } else if (each.name().startsWith("fires")) {
                assertThat(fires).as(each.name()).isTrue();
            }
        }
    }

    @Test
    void rulesAndDashboardUseOnlyMetricsThatTheReadmeNames() throws IOException {
        Set<String> known = documentedMetrics();
        assertThat(alerts())
                .allSatisfy(alert -> assertThat(metricsIn(alert.expression()))
                        .as(alert.name())
                        .isNotEmpty()
                        .isSubsetOf(known));
        assertThat(metricsIn(Files.readString(RULES))).isSubsetOf(known);
        known.addAll(OF_THE_PROCESS);
        assertThat(metricsIn(Files.readString(DASHBOARD)))
                .hasSizeGreaterThan(15)
                .isSubsetOf(known);
    }

    /** A value that would otherwise be one set's shows that of all. */
    @Test
    void eachPanelOfTheDashboardHasAUnitAndItsSet() throws IOException {
        Map<String, Object> dashboard = map(yaml(DASHBOARD));
        assertThat(maps(map(dashboard.get("templating")).get("list")))
                .extracting(variable -> variable.get("name"))
                .containsExactly("datasource", "namespace", "replica_set", "statefulset");
        List<Map<String, Object>> panels = maps(dashboard.get("panels"));
        assertThat(panels).extracting(panel -> panel.get("id")).doesNotHaveDuplicates();
        assertThat(panels)
                .filteredOn(panel -> !"row".equals(panel.get("type")))
                .hasSizeGreaterThan(15)
                .allSatisfy(panel -> {
                    String title = String.valueOf(panel.get("title"));
                    assertThat(map(map(panel.get("fieldConfig")).get("defaults")))
                            .as(title)
                            .containsKey("unit");
                    assertThat(map(panel.get("datasource"))).as(title).containsEntry("uid", "${datasource}");
                    assertThat(maps(panel.get("targets")))
                            .as(title)
                            .isNotEmpty()
                            .allSatisfy(target -> assertThat(String.valueOf(target.get("expr")))
                                    .contains("$namespace", "$replica_set", "$statefulset"));
                });
    }

    @Test
    void promtoolAcceptsTheRules(@TempDir Path directory) throws IOException, InterruptedException {
        promtool(directory, List.of("check", "rules", RULES.toString()));
    }

    @Test
    void promtoolTestsTheRules(@TempDir Path directory) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("test", "rules"));
        fileNames(TESTS, ".yaml")
                .forEach(name -> arguments.add(TESTS.resolve(name + ".yaml").toString()));
        promtool(directory, arguments);
    }

    private static void promtool(Path directory, List<String> arguments) throws IOException, InterruptedException {
        assumeTrue(
                isOnPath("promtool"),
                "not run: promtool is not on the PATH (Debian's package prometheus has it), so the rules were not"
                        + " evaluated");
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(arguments);
        // Into a file: a pipe that nobody empties would hold up promtool for ever.
        Path output = directory.resolve("promtool.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended;
        try {
            ended = process.waitFor(PROMTOOL_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(ended)
                .as("promtool ended within %s: %s", PROMTOOL_LIMIT, said)
                .isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        assertThat(said).contains("SUCCESS");
    }

    private static boolean isOnPath(String program) {
        String path = System.getenv("PATH");
        return path != null
                && Arrays.stream(path.split(File.pathSeparator, -1))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private static List<Alert> alerts() throws IOException {
        List<Alert> alerts = new ArrayList<>();
        for (Map<String, Object> group : maps(map(yaml(RULES)).get("groups"))) {
            for (Map<String, Object> rule : maps(group.get("rules"))) {
                alerts.add(new Alert(
                        String.valueOf(rule.get("alert")),
                        String.valueOf(rule.get("expr")),
                        map(rule.get("labels")),
                        map(rule.get("annotations"))));
            }
        }
        assertThat(alerts).isNotEmpty();
        return alerts;
    }

    private static Set<String> names(List<Alert> alerts) {
        return alerts.stream().map(Alert::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String name : fileNames(TESTS, ".yaml")) {
            for (Map<String, Object> test :
                    maps(map(yaml(TESTS.resolve(name + ".yaml"))).get("tests"))) {
                cases.add(new Case(
                        String.valueOf(test.get("name")),
                        maps(test.get("alert_rule_test")).stream()
                                .map(check -> new Check(
                                        String.valueOf(check.get("alertname")),
                                        !((Collection<?>) check.getOrDefault("exp_alerts", List.of())).isEmpty()))
                                .toList()));
            }
        }
        return cases;
    }

    private static Set<String> documentedMetrics() throws IOException {
        return Pattern.compile("(?m)^\\| `(muster_[a-z_]+)` \\|")
                .matcher(Files.readString(ROOT.resolve("README.md")))
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

    private static List<String> fileNames(Path directory, String ending) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending))
                    .map(name -> name.substring(0, name.length() - ending.length()))
                    .sorted()
                    .toList();
        }
    }

    /** JSON is YAML too. */
    private static Object yaml(Path file) throws IOException {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(@Nullable Object value) {
        return (Map<String, Object>) requireNonNull(value, "the key is missing");
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> maps(@Nullable Object value) {
        return (List<Map<String, Object>>) requireNonNull(value, "the key is missing");
    }
}
