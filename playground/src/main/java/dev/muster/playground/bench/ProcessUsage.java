package dev.muster.playground.bench;

import dev.muster.playground.LocalMember;
import dev.muster.playground.PlaygroundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a process has taken from the machine up to one moment.
 *
 * @param anonymousMegabytes what is in memory of its own: no page cache can be given up for it
 * @param residentMegabytes anonymous memory, and pages of files that it shares with whoever maps them
 * @param cpu of all its threads since it started
 * @param nanos when, in {@link System#nanoTime}
 */
record ProcessUsage(double anonymousMegabytes, double residentMegabytes, Duration cpu, long nanos) {
    private static final double KILOBYTES = 1024;

    static ProcessUsage ofSidecar(LocalMember member) {
        long pid = member.sidecarPid()
                .orElseThrow(() -> new PlaygroundException(member.name() + "'s sidecar has ended by itself"));
        Path memory = Path.of("/proc", Long.toString(pid), "smaps_rollup");
        Duration cpu = ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow(() -> new PlaygroundException("cannot see the CPU time of process " + pid));
        return new ProcessUsage(megabytes(memory, "Anonymous:"), megabytes(memory, "Rss:"), cpu, System.nanoTime());
    }

    /** The CPU time since an earlier look at the same process, as a part of one core. */
    double cpuPercentSince(ProcessUsage earlier) {
        return 100.0 * cpu.minus(earlier.cpu).toNanos() / (nanos - earlier.nanos);
    }

    private static double megabytes(Path file, String field) {
        try {
            return Files.readAllLines(file).stream()
                            .filter(line -> line.startsWith(field))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum()
                    / KILOBYTES;
        } catch (IOException e) {
            throw new PlaygroundException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
