package dev.muster.cli;

import dev.muster.config.Settings;
import dev.muster.config.SettingsReader;
import dev.muster.config.StartOptions;
import dev.muster.sidecar.Sidecar;
import dev.muster.start.MongodStart;
import dev.muster.start.StartGate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code muster run}: the sidecar itself. */
final class RunCommand implements Command {
    /**
     * The kubelet starts mongod's container once it has seen the sidecar running. It looks once in a second, and later on a
     * busy node. A sidecar that ends before that, again and again, would keep mongod down.
     */
    private static final Duration SEEN_BY_THE_KUBELET = Duration.ofSeconds(10);

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create().name("run");
        RunOptions.addTo(spec);
        spec.usageMessage()
                .abbreviateSynopsis(true)
                .description("Runs the sidecar, which watches the mongod in this pod and manages the replica set.")
                .footer(
                        "",
                        "A flag takes precedence over its environment variable.",
                        "If options are wrong, all errors are listed at once, with exit code 2. With --start-dir,",
                        "mongod is allowed to start all the same, unless --start-dir or --keyfile is wrong.",
                        "",
                        "Examples:",
                        "  muster run --replicas=3",
                        "  muster run --replicas=3 --keyfile=/etc/muster/keyfile --max-lag=30s",
                        "  muster run --start-dir=/etc/muster --keyfile=/secret/keyfile --data-dir=/data/db",
                        "  MUSTER_REPLICAS=5 MUSTER_LOG_LEVEL=debug muster run");
        return spec;
    }

    @Override
    public int run(ParseResult arguments, Terminal terminal) throws InterruptedException {
        // First of all: mongod waits for it, and nothing that is wrong further down should keep a member down.
        MongodBeginning beginning = letMongodBegin(arguments, terminal);
        int code = switch (RunOptions.read(arguments, terminal)) {
            case SettingsReader.Valid valid ->
                beginning == MongodBeginning.FAILED ? ExitCode.FAILED : start(valid.settings());
            case SettingsReader.Faulty faulty -> {
                faulty.faults().forEach(terminal::complain);
                terminal.complain("See 'muster run --help' for what is allowed.");
                yield ExitCode.USAGE;
            }
        };
        if (code != ExitCode.OK) {
            awaitKubelet(beginning, terminal);
        }
        return code;
    }

    @Override
    public void afterRefusal(ParseResult understood, Terminal terminal) throws InterruptedException {
        awaitKubelet(letMongodBegin(understood, terminal), terminal);
    }

    /** What became of mongod's start. */
    private enum MongodBeginning {
        /** It starts by itself, or it waits. */
        NOT_OURS,
        ALLOWED,
        FAILED
    }

    private static MongodBeginning letMongodBegin(ParseResult arguments, Terminal terminal) {
        return switch (RunOptions.readStart(arguments, terminal)) {
            case StartOptions.None _ -> MongodBeginning.NOT_OURS;
            case StartOptions.Faulty _ -> {
                // The faults are listed with those of the other options.
                terminal.complain(
                        "If mongod has not started in this pod yet, it waits until --start-dir and --keyfile are correct.");
                yield MongodBeginning.FAILED;
            }
            case StartOptions.Known known -> write(known, terminal);
        };
    }

    private static MongodBeginning write(StartOptions.Known known, Terminal terminal) {
        try {
            StartGate gate = known.hasRecord() ? StartGate.EMPTY_WAITS : StartGate.OPEN;
            MongodStart.Outcome outcome = new MongodStart(known, gate).write();
            String written = outcome.written().isEmpty()
                    ? "All files in " + known.order().directory() + " are up to date"
                    : outcome.written().stream().map(Path::toString).collect(Collectors.joining(", ", "Wrote ", ""));
            terminal.print("%s. mongod %s. Its data directory %s."
                    .formatted(
                            written,
                            outcome.begun()
                                    ? "may start"
                                    : "waits until the sidecar knows whether a set counts on this member",
                            outcome.data().words()));
            return outcome.begun() ? MongodBeginning.ALLOWED : MongodBeginning.NOT_OURS;
        } catch (IOException e) {
            terminal.complain("mongod waits: " + e.getMessage() + ".");
            return MongodBeginning.FAILED;
        }
    }

    private static void awaitKubelet(MongodBeginning beginning, Terminal terminal) throws InterruptedException {
        Instant now = Instant.now();
        Duration rest = remaining(ProcessHandle.current().info().startInstant().orElse(now), now);
        if (beginning == MongodBeginning.ALLOWED && rest.isPositive()) {
            terminal.complain("Exits in %d s, so that Kubernetes starts mongod's container first."
                    .formatted(rest.plusMillis(999).toSeconds()));
            Thread.sleep(rest);
        }
    }

    /** For how long a process that cannot go on has to stay. A clock that was set back makes it no longer than that. */
    static Duration remaining(Instant started, Instant now) {
        Duration age = Duration.between(started, now);
        if (age.isNegative()) {
            return SEEN_BY_THE_KUBELET;
        }
        return age.compareTo(SEEN_BY_THE_KUBELET) < 0 ? SEEN_BY_THE_KUBELET.minus(age) : Duration.ZERO;
    }

    private static int start(Settings settings) {
        // slf4j-simple reads it once, when the first logger is made: nothing up to here may make one.
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", settings.logLevel());
        return new Sidecar(settings).run();
    }
}
