package dev.muster.cli;

import dev.muster.config.Settings;
import dev.muster.config.SettingsReader;
import dev.muster.sidecar.Sidecar;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code muster run}: the sidecar itself. */
final class RunCommand implements Command {
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
                        "If options are wrong, all errors are listed at once, with exit code 2.",
                        "",
                        "Examples:",
                        "  muster run --replicas=3",
                        "  muster run --replicas=3 --keyfile=/etc/muster/keyfile --max-lag=30s",
                        "  MUSTER_REPLICAS=5 MUSTER_LOG_LEVEL=debug muster run");
        return spec;
    }

    @Override
    public int run(ParseResult arguments, Terminal terminal) {
        return switch (RunOptions.read(arguments, terminal)) {
            case SettingsReader.Valid valid -> start(valid.settings());
            case SettingsReader.Faulty faulty -> {
                faulty.faults().forEach(terminal::complain);
                terminal.complain("See 'muster run --help' for what is allowed.");
                yield ExitCode.USAGE;
            }
        };
    }

    private static int start(Settings settings) {
        // slf4j-simple reads it once, when the first logger is made: nothing up to here may make one.
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", settings.logLevel());
        return new Sidecar(settings).run();
    }
}
