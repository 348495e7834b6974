package dev.muster.cli;

import dev.muster.config.Settings;
import dev.muster.config.SettingsReader;
import dev.muster.kube.ApiKubernetes;
import dev.muster.kube.Kubernetes;
import dev.muster.model.KubernetesFacts;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code muster check}: tries, from where it stands, everything that {@code run} will need. Changes nothing. */
final class CheckCommand implements Command {
    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create().name("check");
        RunOptions.addTo(spec);
        spec.usageMessage()
                .abbreviateSynopsis(true)
                .description(
                        "Tries the options, the files, the Kubernetes API, DNS, mongod and the keyfile, and changes nothing.")
                .footer(
                        "",
                        "Exit codes: 0 all is well, 1 there is a FAULT.",
                        "",
                        "Examples:",
                        "  muster check --replicas=3",
                        "  kubectl exec mongo-0 -c muster -- muster check");
        return spec;
    }

    @Override
    public int run(ParseResult arguments, Terminal terminal) {
        // What the libraries log would stand between the lines that say the same.
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
        System.setProperty("org.slf4j.simpleLogger.log.org.mongodb.driver", "off");
        Stream<Finding> findings = switch (RunOptions.read(arguments, terminal)) {
            case SettingsReader.Faulty faulty ->
                Stream.concat(
                        faulty.faults().stream().map(Finding::fault),
                        Stream.of(Finding.fault("the rest is tried when the options are valid")));
            case SettingsReader.Valid valid -> check(valid.settings());
        };
        // A stream, so that each line is there when it is known: a time-out takes its time.
        int faults = findings.peek(finding -> terminal.print(finding.line()))
                .mapToInt(finding -> finding.ok() ? 0 : 1)
                .sum();
        return faults == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private static Stream<Finding> check(Settings settings) {
        Finding options = Finding.ok("options: %s is member %s of %s"
                .formatted(
                        settings.self().podName(),
                        settings.self().address(),
                        settings.self().setName()));
        Stream<Finding> files = Stream.of(settings).flatMap(known -> FilesCheck.run(known).stream());
        Stream<Finding> mongod = Stream.of(settings).flatMap(known -> MongodCheck.run(known).stream());
        return Stream.of(Stream.of(options), files, kubernetesAndNames(settings), mongod)
                .flatMap(part -> part);
    }

    /** Who is expected is what the StatefulSet says, where it is asked. */
    private static Stream<Finding> kubernetesAndNames(Settings settings) {
        if (!settings.kubernetes()) {
            return Stream.of(settings).flatMap(known -> DnsCheck.run(known, known.firstOrdinal(), known.replicas()));
        }
        return Stream.of(settings).flatMap(known -> {
            try (Kubernetes kubernetes = ApiKubernetes.connect(known.self(), Clock.systemUTC(), () -> {})) {
                KubernetesFacts now = kubernetes.factsNow();
                List<Finding> findings = KubernetesCheck.run(kubernetes, now, known.self());
                return now instanceof KubernetesFacts.Known facts
                        ? Stream.concat(findings.stream(), DnsCheck.run(known, facts.firstOrdinal(), facts.replicas()))
                        : findings.stream();
            }
        });
    }
}
