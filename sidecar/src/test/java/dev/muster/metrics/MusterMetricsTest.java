package dev.muster.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.ReferencePage;
import dev.muster.model.Approval;
import dev.muster.model.SetRecord;
import dev.muster.mongo.MongodDetails;
import dev.muster.tell.CycleReport;
import dev.muster.tell.CycleReports;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MusterMetricsTest {
    private static final Pattern ROW = Pattern.compile("([a-z0-9_]+)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern HELP = Pattern.compile("(?m)^# HELP (\\S+) (.+)$");
    private static final MongodDetails DETAILS = new MongodDetails(
            "8.2.3", "8.2", Optional.of(Duration.ofHours(30)), OptionalLong.of(1000), OptionalLong.of(2000));

    /** Names and labels are what dashboards and alerts are written with: a change here is a change for every user. */
    @Test
    void namesAndLabelsOfAHealthySet() {
        assertThat(namesAndLabels(scrape(CycleReports.healthy(), Optional.of(DETAILS))))
                .containsExactly(
                        "jvm_gc_collection_seconds_count{gc}",
                        "jvm_gc_collection_seconds_sum{gc}",
                        "jvm_memory_committed_bytes{area}",
                        "jvm_memory_max_bytes{area}",
                        "jvm_memory_used_bytes{area}",
                        "jvm_threads_current{}",
                        "muster_approval_pending{kind,replica_set}",
                        "muster_build_info{java,replica_set,revision,version}",
                        "muster_command_errors_total{code,command,replica_set}",
                        "muster_config_drift{kind,replica_set}",
                        "muster_config_members{kind,replica_set}",
                        "muster_config_term{replica_set}",
                        "muster_config_version{replica_set}",
                        "muster_controller_active{replica_set}",
                        "muster_decision_info{decision,reason,replica_set}",
                        "muster_dns_lookups_total{replica_set,result,type}",
                        "muster_election_term{replica_set}",
                        "muster_initialized{replica_set}",
                        "muster_last_election_timestamp_seconds{replica_set}",
                        "muster_member_health{member,replica_set}",
                        "muster_member_ping_seconds{member,replica_set}",
                        "muster_member_replication_lag_seconds{member,replica_set}",
                        "muster_member_state_code{member,replica_set}",
                        "muster_member_state{replica_set,state}",
                        "muster_mongod_up{replica_set}",
                        "muster_operations_total{operation,replica_set,result}",
                        "muster_oplog_max_size_bytes{replica_set}",
                        "muster_oplog_size_bytes{replica_set}",
                        "muster_oplog_window_seconds{replica_set}",
                        "muster_paused{replica_set}",
                        "muster_peers{replica_set,status}",
                        "muster_reconcile_duration_seconds_bucket{le,phase,replica_set}",
                        "muster_reconcile_duration_seconds_count{phase,replica_set}",
                        "muster_reconcile_duration_seconds_max{phase,replica_set}",
                        "muster_reconcile_duration_seconds_sum{phase,replica_set}",
                        "muster_reconcile_last_success_timestamp_seconds{replica_set}",
                        "muster_reconciles_total{replica_set,result}",
                        "muster_replica_set_info{fcv,mongodb_version,replica_set,replica_set_id}",
                        "muster_voting_members_healthy{replica_set}",
                        "muster_writable_primary{replica_set}",
                        "process_cpu_seconds_total{}",
                        "process_open_fds{}",
                        "process_resident_memory_bytes{}",
                        "process_start_time_seconds{}");
    }

    @Test
    void aCloneUnderWayAndADelayedMemberAddTheirRows() {
        Set<String> names = namesAndLabels(scrape(CycleReports.cloning(), Optional.of(DETAILS)));
        Set<String> added = new TreeSet<>(names);
        added.removeAll(namesAndLabels(scrape(CycleReports.healthy(), Optional.of(DETAILS))));

        assertThat(added)
                .containsExactly(
                        "muster_clone_source_info{by,replica_set,source}",
                        "muster_initial_sync_attempts{replica_set}",
                        "muster_initial_sync_progress_ratio{replica_set}",
                        "muster_initial_sync_remaining_seconds{replica_set}",
                        "muster_member_delay_seconds{member,replica_set}");
    }

    /** Unknown is absent: neither zero, nor what was last known. */
    @Test
    void anUnreachableMongodHasNoValuesOfTheSet() {
        assertThat(namesAndLabels(scrape(CycleReports.unreachable(), Optional.empty())))
                .filteredOn(name -> name.startsWith("muster_"))
                .filteredOn(name -> !name.matches("muster_(reconcile|operations|command|dns).*"))
                .containsExactly(
                        "muster_approval_pending{kind,replica_set}",
                        "muster_build_info{java,replica_set,revision,version}",
                        "muster_controller_active{replica_set}",
                        "muster_decision_info{decision,reason,replica_set}",
                        "muster_mongod_up{replica_set}",
                        "muster_paused{replica_set}",
                        "muster_peers{replica_set,status}");
        assertThat(scrape(CycleReports.unreachable(), Optional.empty()))
                .contains("muster_mongod_up{replica_set=\"rs0\"} 0.0");
    }

    @Test
    void anApprovalIsPendingWhileTheRecordHasIt() {
        Approval newSet = new Approval.NewSet(CycleReports.ID, CycleReports.NOW);

        assertThat(scrape(CycleReports.recorded(new SetRecord.Formed(CycleReports.ID, newSet)), Optional.empty()))
                .contains(
                        "muster_approval_pending{kind=\"new-set\",replica_set=\"rs0\"} 1.0",
                        "muster_approval_pending{kind=\"force-reconfig\",replica_set=\"rs0\"} 0.0");
        assertThat(scrape(CycleReports.recorded(new SetRecord.Unavailable("away")), Optional.empty()))
                .as("not known")
                .doesNotContain("muster_approval_pending");
    }

    @Test
    void theReferenceDocumentsEachMetric() throws IOException {
        // Between them, they have every metric.
        List<String> scrapes = Stream.of(CycleReports.healthy(), CycleReports.cloning())
                .map(state -> scrape(state, Optional.of(DETAILS)))
                .toList();
        Map<String, Set<String>> labels = new TreeMap<>();
        scrapes.stream()
                .flatMap(scrape -> rows(scrape).stream())
                .forEach(row -> labels.computeIfAbsent(withoutSuffix(row.name()), _ -> new TreeSet<>())
                        .addAll(row.labels().keySet()));
        // The bounds of a histogram's buckets, and the label that every metric has.
        labels.values().forEach(names -> names.removeAll(Set.of("le", "replica_set")));
        Map<String, String> help = new TreeMap<>();
        scrapes.forEach(scrape -> HELP.matcher(scrape)
                .results()
                .filter(line -> line.group(1).startsWith("muster_"))
                .forEach(line -> help.put(withoutSuffix(line.group(1)), line.group(2))));
        ReferencePage.check(
                "metrics",
                ReferencePage.row("Metric", "Labels", "Meaning"),
                help.keySet().stream()
                        .map(name -> ReferencePage.row(
                                "`" + name + "`",
                                labels.getOrDefault(name, Set.of()).stream()
                                        .map(label -> "`" + label + "`")
                                        .collect(Collectors.joining(", ")),
                                help.getOrDefault(name, ""))));
    }

    /** A histogram is one metric, under several names. */
    private static String withoutSuffix(String name) {
        return name.replaceFirst("(duration_seconds)_(bucket|count|sum|max)$", "$1");
    }

    @Test
    void beforeTheFirstCycleOnlyWhatIsCountedIsThere() {
        assertThat(namesAndLabels(metrics(Optional.empty(), Optional.empty()).scrape()))
                .contains("muster_build_info{java,replica_set,revision,version}")
                .noneMatch(name -> name.startsWith("muster_mongod_up"));
    }

    @Test
    void values() {
        assertThat(scrape(CycleReports.cloning(), Optional.of(DETAILS)))
                .contains(
                        "muster_clone_source_info{by=\"predecessor\",replica_set=\"rs0\",source=\"mongo-1\"} 1",
                        "muster_initial_sync_progress_ratio{replica_set=\"rs0\"} 0.42",
                        "muster_initial_sync_attempts{replica_set=\"rs0\"} 2.0",
                        "muster_config_drift{kind=\"host\",replica_set=\"rs0\"} 1.0",
                        "muster_config_drift{kind=\"votes\",replica_set=\"rs0\"} 1.0",
                        "muster_member_health{member=\"10.1.2.3:27017\",replica_set=\"rs0\"} 0.0",
                        "muster_controller_active{replica_set=\"rs0\"} 0.0",
                        "muster_operations_total{operation=\"add\",replica_set=\"rs0\",result=\"done\"} 1.0",
                        "muster_operations_total{operation=\"add\",replica_set=\"rs0\",result=\"failed\"} 0.0")
                .doesNotContain("muster_member_replication_lag_seconds{member=\"10.1.2.3")
                .doesNotContain("muster_member_replication_lag_seconds{member=\"mongo-2");
    }

    @Test
    void labelValuesAreBounded() {
        MusterMetrics metrics = metrics(Optional.empty(), Optional.empty());
        for (int i = 0; i < 1000; i++) {
            metrics.commandError("command" + i, i);
            metrics.dnsLookup("type" + i, "result" + i);
        }

        assertThat(rows(metrics.scrape()))
                .filteredOn(row -> row.name().equals("muster_dns_lookups_total"))
                .hasSizeLessThan(70)
                .anyMatch(row -> "other".equals(row.labels().get("result")));
        assertThat(rows(metrics.scrape()))
                .filteredOn(row -> row.name().equals("muster_command_errors_total"))
                .hasSizeLessThan(70);
    }

    /** What {@code promtool check metrics} checks, on machines that do not have it. */
    @Test
    void promtoolWouldFindNothing() {
        for (CycleReport state : List.of(CycleReports.healthy(), CycleReports.cloning(), CycleReports.unreachable())) {
            Map<String, String> types = new TreeMap<>();
            Set<String> helped = new HashSet<>();
            Set<String> series = new HashSet<>();
            scrape(state, Optional.of(DETAILS)).lines().forEach(line -> {
                List<String> words = List.of(line.split(" ", 4));
                if (line.startsWith("# HELP ")) {
                    assertThat(words).as(line).hasSize(4);
                    assertThat(words.get(3)).as(line).isNotBlank();
                    assertThat(helped.add(words.get(2))).as("twice: " + line).isTrue();
                } else if (line.startsWith("# TYPE ")) {
                    assertThat(types.put(words.get(2), words.get(3)))
                            .as("twice: " + line)
                            .isNull();
                } else {
                    assertThat(series.add(line.substring(0, line.lastIndexOf(' '))))
                            .as("twice: " + line)
                            .isTrue();
                }
            });
            assertThat(helped).isEqualTo(types.keySet());
            types.forEach((name, type) -> {
                assertThat(name.endsWith("_total")).as(name + " is a " + type).isEqualTo(type.equals("counter"));
                assertThat(name).matches("[a-z][a-z0-9_]*").doesNotContain("gauge", "counter", "histogram", "summary");
                assertThat(name)
                        .doesNotMatch(
                                ".*_(milliseconds|ms|ns|us|minutes|hours|days|kilobytes|megabytes|kb|mb|percent)(_.*)?");
                assertThat(name.endsWith("_count") || name.endsWith("_sum") || name.endsWith("_bucket"))
                        .as(name)
                        .isFalse();
            });
        }
    }

    private static Set<String> namesAndLabels(String scrape) {
        Set<String> result = new TreeSet<>();
        for (Row row : rows(scrape)) {
            result.add(row.name() + "{" + String.join(",", row.labels().keySet()) + "}");
        }
        return result;
    }

    private record Row(String name, Map<String, String> labels, String value) {}

    private static List<Row> rows(String scrape) {
        List<Row> rows = new ArrayList<>();
        scrape.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher row = ROW.matcher(line);
            assertThat(row.matches()).as(line).isTrue();
            Map<String, String> labels = new TreeMap<>();
            Matcher label = LABEL.matcher(row.group(2) == null ? "" : row.group(2));
            while (label.find()) {
                labels.put(label.group(1), label.group(2));
            }
            rows.add(new Row(row.group(1), labels, row.group(3)));
        });
        return rows;
    }

    private static String scrape(CycleReport state, Optional<MongodDetails> details) {
        return metrics(Optional.of(state), details).scrape();
    }

    private static MusterMetrics metrics(Optional<CycleReport> state, Optional<MongodDetails> details) {
        MusterMetrics metrics =
                new MusterMetrics("rs0", () -> state, () -> details, InstantSource.fixed(CycleReports.NOW));
        metrics.reported(CycleReports.healthy());
        metrics.reported(CycleReports.added());
        metrics.commandError("replSetReconfig", 103);
        metrics.dnsLookup("SRV", "answer");
        return metrics;
    }
}
