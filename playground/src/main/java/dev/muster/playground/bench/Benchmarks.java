package dev.muster.playground.bench;

import dev.muster.playground.PlaygroundException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./muster benchmark}: measures, and prints one table on standard output. */
@Command(
        name = "benchmark",
        mixinStandardHelpOptions = true,
        description = {
            "Measures Muster on real replica sets on this machine, each figure against what",
            "it replaces, both sides in this run and in turns. Prints one Markdown table:",
            "medians, ranges, ratios, and which targets are met.",
            "",
            "form      all three mongods answer, to PRIMARY, two SECONDARY, three voters;",
            "          against replSetInitiate naming all three    (each run takes 30 s)",
            "busy      five mongods answer, to five voters, while every core has other",
            "          work; against the driver, one by one        (each run takes 60 s)",
            "clone     who serves the clones of a set of five; against the server's",
            "          own choice                                  (each run takes 20 s)",
            "memory    the sidecars' anonymous memory and its growth; against the same",
            "          with the JVM's defaults                     (--minutes, and 1)",
            "cpu       the sidecars' CPU in the steady state       (together with memory)",
            "failover  the new primary is writable, to its sidecar acts so; against a",
            "          poll each second                            (each run takes 20 s)",
            "crash     the primary's mongod is killed, to the next acknowledged write;",
            "          against the election timeout                (each run takes 90 s)",
            "handover  the primary hands over under writes on busy cores: replSetStepDown",
            "          against replSetStepUp                       (each run takes 40 s)",
            "start     a sidecar's launch, to its first decision; against the same with",
            "          the JVM's defaults                          (each run takes 4 s)",
            "",
            "All of them, with the defaults, take about 25 minutes. Nothing else should run",
            "meanwhile. The exit status is 0 also when a target is missed; it is 1 when",
            "something could not be measured. playground/BENCHMARKS.md tells more."
        })
public final class Benchmarks implements Callable<Integer> {
    enum Name {
        form,
        busy,
        clone,
        memory,
        cpu,
        failover,
        crash,
        handover,
        start
    }

    private static final int MAX_RUNS = 100;
    private static final int MAX_MINUTES = 1_440;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "what to measure (default: all)")
    private List<Name> names = List.of();

    @Option(names = "--runs", paramLabel = "N", description = "repetitions of each side (default: 5)")
    private int runs = 5;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "how long memory and cpu watch the steady state (default: 10)")
    private int minutes = 10;

    private Benchmarks() {}

    /** The command line's entry. Exits 0, 1 when something could not be measured, 2 for a wrong option. */
    public static void main(String... arguments) {
        // The driver logs every lost connection, and members are killed here.
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
        System.exit(new CommandLine(new Benchmarks())
                .setExecutionExceptionHandler((failure, _, _) -> {
                    if (failure instanceof PlaygroundException) {
                        System.err.println("muster: " + failure.getMessage());
                        return 1;
                    }
                    throw failure;
                })
                .execute(arguments));
    }

    @Override
    public Integer call() {
        validate();
        String machine = Machine.describe();
        Report report = new Report();
        Benchmark.Extent extent = new Benchmark.Extent(runs, Duration.ofMinutes(minutes));
        try {
            benchmarks().forEach(benchmark -> benchmark.measure(extent, report));
        } finally {
            // What was measured before a failure took minutes, and counts.
            report.print(System.out, machine);
        }
        return 0;
    }

    private void validate() {
        if (runs < 1 || runs > MAX_RUNS) {
            throw new ParameterException(spec.commandLine(), "--runs: " + runs + " is not possible; 1 to " + MAX_RUNS);
        }
        if (minutes < 1 || minutes > MAX_MINUTES) {
            throw new ParameterException(
                    spec.commandLine(), "--minutes: " + minutes + " is not possible; 1 to " + MAX_MINUTES);
        }
    }

    /** In the order of the help, whatever the order of the names. */
    private List<Benchmark> benchmarks() {
        Set<Name> wanted = names.isEmpty() ? EnumSet.allOf(Name.class) : EnumSet.copyOf(names);
        List<Benchmark> chosen = new ArrayList<>();
        boolean memory = wanted.contains(Name.memory);
        boolean cpu = wanted.contains(Name.cpu);
        if (wanted.contains(Name.form)) {
            chosen.add(new FormBenchmark());
        }
        if (wanted.contains(Name.busy)) {
            chosen.add(new BusyBenchmark());
        }
        if (wanted.contains(Name.clone)) {
            chosen.add(new CloneBenchmark());
        }
        if (memory || cpu) {
            chosen.add(new SteadyBenchmark(memory, cpu));
        }
        if (wanted.contains(Name.failover)) {
            chosen.add(new FailoverBenchmark());
        }
        if (wanted.contains(Name.crash)) {
            chosen.add(new CrashBenchmark());
        }
        if (wanted.contains(Name.handover)) {
            chosen.add(new HandOverBenchmark());
        }
        if (wanted.contains(Name.start)) {
            chosen.add(new StartBenchmark());
        }
        return chosen;
    }
}
