package dev.muster.playground.bench;

import dev.muster.playground.LocalMember;
import dev.muster.playground.LocalSet;
import dev.muster.playground.SidecarJvm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What the sidecars of a formed set of three take while nothing happens: memory, CPU, or both from one set. */
final class SteadyBenchmark implements Benchmark {
    private static final String MEMORY = "memory";
    private static final String CPU = "cpu";
    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final double LIMIT_MEGABYTES = 64;
    /** What counts as no growth: less than a heap of 32 MB leaves untouched between two collections. */
    private static final double LIMIT_GROWTH_MEGABYTES = 1;

    private static final double LIMIT_CPU_PERCENT = 0.5;
    private static final String MUSTER = "Muster";
    private static final String DEFAULTS = "Muster with the JVM's defaults";

    private final boolean memory;
    private final boolean cpu;

    SteadyBenchmark(boolean memory, boolean cpu) {
        this.memory = memory;
        this.cpu = cpu;
    }

    /** The looks at the sidecars of one set, by the time since their start; each in the order of ordinals. */
    private record Looks(Map<Duration, List<ProcessUsage>> byTime, Duration length) {
        private List<ProcessUsage> at(Duration time) {
            List<ProcessUsage> looks = byTime.get(time);
            if (looks == null) {
                throw new IllegalArgumentException("nobody looked at " + time);
            }
            return looks;
        }

        private Series values(Duration time, ToDoubleFunction<ProcessUsage> figure) {
            return Series.of(at(time).stream().map(figure::applyAsDouble).toList());
        }

        private Series growth() {
            return Series.of(IntStream.range(0, at(length).size())
                    .mapToObj(ordinal -> at(length).get(ordinal).anonymousMegabytes()
                            - at(FIRST).get(ordinal).anonymousMegabytes())
                    .toList());
        }

        /** Over the second half: the first one also has the start and the forming. */
        private Series cpuPercent() {
            return Series.of(IntStream.range(0, at(length).size())
                    .mapToObj(ordinal -> at(length)
                            .get(ordinal)
                            .cpuPercentSince(at(length.dividedBy(2)).get(ordinal)))
                    .toList());
        }
    }

    @Override
    public void measure(Extent extent, Report report) {
        Looks defaults = look(SidecarJvm.DEFAULTS, FIRST, report);
        Looks muster = look(SidecarJvm.TUNED, extent.length(), report);
        if (memory) {
            addMemory(muster, defaults, report);
        }
        if (cpu) {
            addCpu(muster, defaults, report);
        }
    }

    private static void addMemory(Looks muster, Looks defaults, Report report) {
        Duration end = muster.length();
        Series anonymous = muster.values(end, ProcessUsage::anonymousMegabytes);
        report.add(Row.of(
                MEMORY,
                "anonymous memory " + after(end),
                MUSTER,
                anonymous,
                Unit.MEGABYTES,
                Target.atMost(Unit.MEGABYTES, LIMIT_MEGABYTES, anonymous.highest())));
        Series growth = muster.growth();
        report.add(Row.of(
                MEMORY,
                "growth of it " + after(FIRST),
                MUSTER,
                growth,
                Unit.MEGABYTES,
                Target.atMost(Unit.MEGABYTES, LIMIT_GROWTH_MEGABYTES, growth.highest())));
        Series first = muster.values(FIRST, ProcessUsage::anonymousMegabytes);
        Series firstOfDefaults = defaults.values(FIRST, ProcessUsage::anonymousMegabytes);
        String afterFirst = "anonymous memory " + after(FIRST);
        report.add(Row.of(MEMORY, afterFirst, MUSTER, first, Unit.MEGABYTES).against(firstOfDefaults));
        report.add(Row.of(MEMORY, afterFirst, DEFAULTS, firstOfDefaults, Unit.MEGABYTES));
        Series resident = muster.values(FIRST, ProcessUsage::residentMegabytes);
        Series residentOfDefaults = defaults.values(FIRST, ProcessUsage::residentMegabytes);
        String residentFirst = "resident memory " + after(FIRST);
        report.add(
                Row.of(MEMORY, residentFirst, MUSTER, resident, Unit.MEGABYTES).against(residentOfDefaults));
        report.add(Row.of(MEMORY, residentFirst, DEFAULTS, residentOfDefaults, Unit.MEGABYTES));
    }

    private static void addCpu(Looks muster, Looks defaults, Report report) {
        Series percent = muster.cpuPercent();
        report.add(Row.of(
                CPU,
                "of one core, second half of " + minutes(muster.length()),
                MUSTER,
                percent,
                Unit.PERCENT,
                Target.atMost(Unit.PERCENT, LIMIT_CPU_PERCENT, percent.highest())));
        report.add(Row.of(
                CPU,
                "of one core, second half of " + minutes(defaults.length()),
                DEFAULTS,
                defaults.cpuPercent(),
                Unit.PERCENT));
    }

    private static Looks look(SidecarJvm jvm, Duration length, Report report) {
        try (LocalSet set = LocalSet.builder().build()) {
            set.members().forEach(member -> member.setSidecarJvm(jvm));
            set.start();
            long started = System.nanoTime();
            new Formation(set).await();
            Map<Duration, List<ProcessUsage>> byTime = new TreeMap<>();
            for (Duration time : new TreeSet<>(List.of(length.dividedBy(2), FIRST, length))) {
                byTime.put(time, at(started, time, set, jvm, report));
            }
            return new Looks(byTime, length);
        }
    }

    private static List<ProcessUsage> at(
            long startedNanos, Duration time, LocalSet set, SidecarJvm jvm, Report report) {
        Duration rest = time.minusNanos(System.nanoTime() - startedNanos);
        if (rest.isPositive()) {
            Poll.sleep(rest);
        }
        List<ProcessUsage> looks =
                set.members().stream().map(ProcessUsage::ofSidecar).toList();
        for (LocalMember member : set.members()) {
            report.progress(
                    MEMORY + " and " + CPU,
                    1,
                    1,
                    jvm + ", " + member.name() + " after " + time.toSeconds() + " s",
                    Unit.MEGABYTES.text(looks.get(member.ordinal()).anonymousMegabytes()));
        }
        return looks;
    }

    private static String after(Duration time) {
        return "after " + minutes(time);
    }

    private static String minutes(Duration time) {
        return time.toMinutes() + " min";
    }
}
