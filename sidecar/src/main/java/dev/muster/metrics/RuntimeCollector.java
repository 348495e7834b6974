package dev.muster.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The process and the JVM, under the names that Prometheus' own clients use. Not by Micrometer's binders: they start
 * the JVM's management at once, megabytes and tenths of a second of the start, and give the process other names. Here
 * it starts with the first scrape, if one ever comes.
 */
final class RuntimeCollector implements MultiCollector {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    @Override
    public MetricSnapshots collect() {
        List<MetricSnapshot> all = new ArrayList<>();
        addProcess(all);
        addMemory(all);
        SummarySnapshot.Builder collections = SummarySnapshot.builder()
                .name("jvm_gc_collection_seconds")
                .help("Time spent in the garbage collector.");
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            collections.dataPoint(SummarySnapshot.SummaryDataPointSnapshot.builder()
                    .labels(Labels.of("gc", collector.getName()))
                    .count(collector.getCollectionCount())
                    .sum(collector.getCollectionTime() / 1000.0)
                    .build());
        }
        all.add(collections.build());
        all.add(gauge(
                "jvm_threads_current",
                "Platform threads.",
                ManagementFactory.getThreadMXBean().getThreadCount()));
        return new MetricSnapshots(all);
    }

    private static void addProcess(List<MetricSnapshot> all) {
        ProcessHandle.Info info = ProcessHandle.current().info();
        info.totalCpuDuration()
                .ifPresent(time -> all.add(CounterSnapshot.builder()
                        .name("process_cpu_seconds")
                        .help("CPU time used.")
                        .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                                .value(seconds(time))
                                .build())
                        .build()));
        info.startInstant()
                .map(Instant::toEpochMilli)
                .ifPresent(millis ->
                        all.add(gauge("process_start_time_seconds", "When the process started.", millis / 1000.0)));
        residentBytes()
                .ifPresent(
                        bytes -> all.add(gauge("process_resident_memory_bytes", "Resident memory.", (double) bytes)));
        openFiles().ifPresent(count -> all.add(gauge("process_open_fds", "Open file descriptors.", (double) count)));
    }

    private static void addMemory(List<MetricSnapshot> all) {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        MemoryUsage other = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
        all.add(areas("jvm_memory_used_bytes", "Memory that the JVM uses.", heap.getUsed(), other.getUsed()));
        all.add(areas(
                "jvm_memory_committed_bytes",
                "Memory that the JVM has committed.",
                heap.getCommitted(),
                other.getCommitted()));
        // -1 where it has no limit.
        all.add(areas("jvm_memory_max_bytes", "The most memory that the JVM may use.", heap.getMax(), other.getMax()));
    }

    private static GaugeSnapshot areas(String name, String help, long heap, long nonHeap) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        if (heap >= 0) {
            gauge.dataPoint(GaugeDataPointSnapshot.builder()
                    .labels(Labels.of("area", "heap"))
                    .value((double) heap)
                    .build());
        }
        if (nonHeap >= 0) {
            gauge.dataPoint(GaugeDataPointSnapshot.builder()
                    .labels(Labels.of("area", "nonheap"))
                    .value((double) nonHeap)
                    .build());
        }
        return gauge.build();
    }

    private static GaugeSnapshot gauge(String name, String help, double value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
                .build();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** Empty where there is no /proc: on a developer's other system. */
    private static Optional<Long> residentBytes() {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> openFiles() {
        try (Stream<Path> files = Files.list(OPEN_FILES)) {
            return Optional.of(files.count());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
