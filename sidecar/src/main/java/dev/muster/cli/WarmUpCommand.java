package dev.muster.cli;

import dev.muster.loop.WarmUp;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code muster warm-up}: loads what {@code run} loads and ends, so that the JVM can record an archive of classes. */
final class WarmUpCommand implements Command {
    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create().name("warm-up");
        spec.usageMessage()
                .hidden(true)
                .description("Loads the classes of the sidecar and ends; for building an image.")
                .footer("", "Examples:", "  java -XX:AOTCacheOutput=muster.aot -jar muster.jar warm-up");
        return spec;
    }

    @Override
    public int run(ParseResult arguments, Terminal terminal) {
        WarmUp.run();
        return ExitCode.OK;
    }
}
