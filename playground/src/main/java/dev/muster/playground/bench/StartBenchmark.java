package dev.muster.playground.bench;

import dev.muster.playground.LocalMember;
import dev.muster.playground.LocalSet;
import dev.muster.playground.PlaygroundException;
import dev.muster.playground.SidecarJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;

/** From the launch of a sidecar's process to its first decision, beside a mongod that runs and answers. */
final class StartBenchmark implements Benchmark {
    private static final String NAME = "start";
    private static final String FIGURE = "launch → first decision";
    private static final String SETTLED = "SETTLED";
    private static final String CACHE_REFUSED = "Unable to map shared spaces";
    private static final double LIMIT_SECONDS = 0.6;

    private final Map<SidecarJvm, Series> seconds = new EnumMap<>(SidecarJvm.class);

    @Override
    public void measure(Extent extent, Report report) {
        try (LocalSet set = LocalSet.builder().members(1).build()) {
            set.start();
            new Formation(set).await();
            LocalMember member = set.member(0);
            Poll.until(
                    "the set is settled",
                    () -> new SidecarLog(member)
                            .first(line -> line.reason().equals(SETTLED))
                            .isPresent());
            for (int run = 1; run <= extent.runs(); run++) {
                for (SidecarJvm jvm : SidecarJvm.values()) {
                    double taken = start(member, jvm, report);
                    values(jvm).add(taken);
                    report.progress(NAME, run, extent.runs(), words(jvm), Unit.SECONDS.text(taken));
                }
            }
        }
        Series defaults = values(SidecarJvm.DEFAULTS);
        Series tuned = values(SidecarJvm.TUNED);
        Target target = Target.atMost(Unit.SECONDS, LIMIT_SECONDS, tuned.median());
        report.add(Row.of(NAME, FIGURE, words(SidecarJvm.TUNED), tuned, Unit.SECONDS, target)
                .against(defaults));
        SidecarJvm uncached = SidecarJvm.TUNED_WITHOUT_CACHE;
        report.add(Row.of(NAME, FIGURE, words(uncached), values(uncached), Unit.SECONDS)
                .against(defaults));
        report.add(Row.of(NAME, FIGURE, words(SidecarJvm.DEFAULTS), defaults, Unit.SECONDS));
    }

    private static double start(LocalMember member, SidecarJvm jvm, Report report) {
        member.killSidecar();
        member.setSidecarJvm(jvm);
        // The log has milliseconds.
        Instant launched = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        member.startSidecar();
        SidecarLog.Line first = Poll.forValue(
                "the first decision of the sidecar of " + member.name(),
                () -> new SidecarLog(member).first(line -> !line.at().isBefore(launched)));
        if (!first.reason().equals(SETTLED)) {
            report.note("start: the first decision (%s) was %s, not SETTLED".formatted(words(jvm), first.reason()));
        }
        if (jvm == SidecarJvm.TUNED && !usesCache(member)) {
            report.note("start: the JVM had no cache of classes, or refused it, because it was made from another jar:"
                    + " delete sidecar/target/muster.aot, and `./muster benchmark` makes it anew");
        }
        return Duration.between(launched, first.at()).toMillis() / 1000.0;
    }

    /** The JVM starts without a cache that does not fit, and says so in the sidecar's log. */
    private static boolean usesCache(LocalMember member) {
        long pid = member.sidecarPid().orElseThrow(() -> new PlaygroundException("the sidecar has ended by itself"));
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                            .contains("-XX:AOTCache=")
                    && !Files.readString(member.sidecarLog()).contains(CACHE_REFUSED);
        } catch (IOException e) {
            throw new PlaygroundException("cannot see how the sidecar was started", e);
        }
    }

    private Series values(SidecarJvm jvm) {
        return seconds.computeIfAbsent(jvm, _ -> new Series());
    }

    private static String words(SidecarJvm jvm) {
        return switch (jvm) {
            case TUNED -> "Muster, `jvm.options` and cache of classes";
            case TUNED_WITHOUT_CACHE -> "Muster, `jvm.options` alone";
            case DEFAULTS -> "Muster with the JVM's defaults";
        };
    }
}
