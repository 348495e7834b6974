package dev.muster.playground;

import java.io.Console;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./muster playground}: a real replica set to look at and to break. */
@Command(
        name = "playground",
        mixinStandardHelpOptions = true,
        description = {
            "Starts real mongods and their sidecars on this machine, and shows how they become one replica set.",
            "Then takes commands that break it; type help. Leaves nothing behind when it ends."
        })
public final class PlaygroundCommand implements Callable<Integer> {
    private static final int MAX_MEMBERS = 7;

    enum Output {
        text,
        json
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private CommandSpec spec;

    @Option(names = "--members", paramLabel = "N", description = "how many members, 1 to 7 (default: 3)")
    private int members = 3;

    @Option(names = "--auth", description = "with a keyfile and a root user")
    private boolean auth;

    @Option(names = "--once", description = "form the set, print the table, stop everything")
    private boolean once;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "with --once: text or json (default: text)")
    private Output output = Output.text;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "with --once: how long the set may take to form (default: 60)")
    private int timeoutSeconds = 60;

    private PlaygroundCommand() {}

    /** The command line's entry. Exits 0, 1 when the set did not form, 2 for a wrong option. */
    public static void main(String... arguments) {
        // The driver logs every lost connection; losing them is what the playground is for.
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
        System.exit(run(arguments));
    }

    /** As {@link #main}, and returns the exit status. */
    static int run(String... arguments) {
        return new CommandLine(new PlaygroundCommand())
                .setExecutionExceptionHandler((failure, commandLine, parsed) -> {
                    if (failure instanceof PlaygroundException) {
                        System.err.println("muster: " + failure.getMessage());
                        return 1;
                    }
                    throw failure;
                })
                .execute(arguments);
    }

    @Override
    public Integer call() {
        validate();
        try (LocalSet set = LocalSet.builder().members(members).auth(auth).build()) {
            set.start();
            if (once) {
                return formOnce(set);
            }
            for (LocalMember member : set.members()) {
                System.out.println(member.name() + "  status page " + member.statusPage());
            }
            new LivePlayground(set, isTerminal()).run();
            // You may break it by other means than the playground's commands, such as kill -9.
            set.members().forEach(LocalMember::expectCrash);
            return 0;
        }
    }

    @SuppressWarnings("SystemConsoleNull") // it may be null still when the provider is chosen by a property
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private void validate() {
        if (members < 1 || members > MAX_MEMBERS) {
            throw new ParameterException(
                    spec.commandLine(), "--members: " + members + " is not possible; 1 to " + MAX_MEMBERS);
        }
        if (timeoutSeconds < 1 || timeoutSeconds > 3600) {
            throw new ParameterException(
                    spec.commandLine(), "--timeout: " + timeoutSeconds + " is not possible; 1 to 3600 seconds");
        }
        if (output == Output.json && !once) {
            throw new ParameterException(spec.commandLine(), "-o: json is possible only together with --once");
        }
    }

    private int formOnce(LocalSet set) {
        Duration timeout = Duration.ofSeconds(timeoutSeconds);
        long started = System.nanoTime();
        try {
            set.awaitAnswering(timeout);
            long answering = System.nanoTime();
            SetState view = set.awaitFormed(timeout.minusNanos(answering - started));
            Duration bootstrap = Duration.ofNanos(System.nanoTime() - answering);
            if (output == Output.json) {
                System.out.println(MemberTable.json(view, bootstrap));
            } else {
                System.out.print(MemberTable.text(view));
                System.out.println("formed " + bootstrap.toMillis() / 1000.0 + " s after all mongods answered");
            }
            return 0;
        } catch (PlaygroundException e) {
            System.err.println("muster: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("it failed"));
            for (LocalMember member : set.members()) {
                System.err.println("the last word of " + member.name() + "'s sidecar: "
                        + LogTail.lastLine(member.sidecarLog()).orElse("(nothing)"));
            }
            return 1;
        }
    }
}
