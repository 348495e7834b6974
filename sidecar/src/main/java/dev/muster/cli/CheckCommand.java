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

/** {@code muster check}: tests, from inside the pod, everything that {@code run} needs. Changes nothing. */
final class CheckCommand implements Command {
    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create().name("check");
        RunOptions.addTo(spec);
        spec.usageMessage()
                .abbreviateSynopsis(true)
                .description("Tests the options, files, Kubernetes API, DNS, mongod and keyfile. Changes nothing.")
                .footer(
                        "",
                        "Exit codes: 0 everything is ok, 1 at least one line is a FAULT.",
                        "",
                        "Examples:",
                        "  muster check --replicas=3",
                        "  kubectl exec mongo-0 -c muster -- muster check");
        return spec;
    }

    @Override
    public int run(ParseResult arguments, Terminal terminal) {
        // The libraries would log the same findings between these lines.
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
        System.setProperty("org.slf4j.simpleLogger.log.org.mongodb.driver", "off");
        Stream<Finding> findings = switch (RunOptions.read(arguments, terminal)) {
            case SettingsReader.Faulty faulty ->
                Stream.concat(
                        faulty.faults().stream().map(Finding::fault),
                        Stream.of(Finding.fault("nothing else was tested; correct the options first")));
            case SettingsReader.Valid valid -> check(valid.settings());
        };
        // A stream, so that each line is printed as soon as it is known: a timeout takes a while.
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

    /** With Kubernetes, the StatefulSet determines which members are expected. */
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
