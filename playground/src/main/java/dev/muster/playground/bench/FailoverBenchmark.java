package dev.muster.playground.bench;

import dev.muster.playground.LocalMember;
import dev.muster.playground.LocalSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The primary's mongod is killed: how long after another one became a writable primary does the sidecar beside it
 * decide as the primary's. Not measured is the election itself, which is the server's.
 */
final class FailoverBenchmark implements Benchmark {
    private static final String NAME = "failover";
    private static final String FIGURE = "writable primary → acts as its sidecar";
    private static final double LIMIT_MILLIS = 100;

    /** What the sidecar of a member says that is not primary, or not known to be. */
    private static final Set<String> OF_A_SECONDARY = Set.of("FOLLOWING", "NO_PRIMARY");

    /** Longer than a settled sidecar sleeps: the next one is killed in the steady state, not while it settles. */
    private static final Duration QUIET = Duration.ofSeconds(3);

    private final Series muster = new Series();
    private final Series polling = new Series();

    @Override
    public void measure(Extent extent, Report report) {
        try (LocalSet set = LocalSet.builder().build()) {
            set.start();
            Formation formation = new Formation(set);
            for (int run = 1; run <= extent.runs(); run++) {
                formation.awaitAnswering();
                formation.await();
                Poll.sleep(QUIET);
                LocalMember killed = Poll.forValue("a primary", formation::primary);
                String words = failOver(set, killed);
                report.progress(NAME, run, extent.runs(), "both", words);
                killed.startMongod();
            }
        }
        report.add(Row.of(
                        NAME,
                        FIGURE,
                        "Muster",
                        muster,
                        Unit.MILLISECONDS,
                        Target.atMost(Unit.MILLISECONDS, LIMIT_MILLIS, muster.median()))
                .against(polling));
        report.add(Row.of(NAME, FIGURE, "a loop that asks `hello` each second", polling, Unit.MILLISECONDS));
    }

    private String failOver(LocalSet set, LocalMember primary) {
        List<HelloLoop> loops = set.members().stream()
                .filter(member -> member.ordinal() != primary.ordinal())
                .map(HelloLoop::start)
                .toList();
        try {
            Instant killed = Instant.now();
            primary.killMongod();
            HelloLoop loop = Poll.forValue(
                    "a new primary",
                    () -> loops.stream().filter(each -> each.seen().isPresent()).findFirst());
            LocalMember elected = loop.member();
            Instant writable = Poll.forValue(
                    elected.name() + "'s log tells of its election",
                    () -> new MongodLog(elected).writableAfter(killed));
            SidecarLog.Line acted = Poll.forValue(
                    elected.name() + "'s sidecar acts as the primary's", () -> firstAsPrimary(elected, killed));
            double own = Duration.between(writable, acted.at()).toMillis();
            double polled =
                    Duration.between(writable, loop.seen().orElseThrow()).toMillis();
            muster.add(own);
            polling.add(polled);
            return "%s, writable %.1f s after the kill: Muster (%s) after %s, polling after %s"
                    .formatted(
                            elected.name(),
                            Duration.between(killed, writable).toMillis() / 1000.0,
                            acted.reason(),
                            Unit.MILLISECONDS.text(own),
                            Unit.MILLISECONDS.text(polled));
        } finally {
            loops.forEach(HelloLoop::close);
        }
    }

    /** Counted from the kill: a sidecar may see the new role some milliseconds before the server allows writes. */
    private static Optional<SidecarLog.Line> firstAsPrimary(LocalMember member, Instant killed) {
        return new SidecarLog(member)
                .first(line -> line.at().isAfter(killed) && !OF_A_SECONDARY.contains(line.reason()));
    }
}
