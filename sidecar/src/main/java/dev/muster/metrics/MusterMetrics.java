package dev.muster.metrics;

import dev.muster.mongo.MongodDetails;
import dev.muster.plan.Decision;
import dev.muster.tell.CycleListener;
import dev.muster.tell.CycleReport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * All metrics. Events are counted here by the code that causes them; the state of the set is read at each scrape.
 * Safe for use by several threads.
 */
public final class MusterMetrics implements CycleListener {
    /** The result of a cycle that ended in an exception; every other result is a success. */
    private static final String ERROR = "error";

    /** A cycle takes 1 to 10 ms; a step that waits for a majority, seconds. */
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(3),
        Duration.ofMillis(10),
        Duration.ofMillis(30),
        Duration.ofMillis(100),
        Duration.ofMillis(300),
        Duration.ofSeconds(1),
        Duration.ofSeconds(3),
        Duration.ofSeconds(10)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final InstantSource clock;
    private final AtomicLong lastSuccessMillis = new AtomicLong();

    private final BoundedLabel results = new BoundedLabel(8, "settled", "wait", "act", "refuse", ERROR);
    private final BoundedLabel phases = new BoundedLabel(8, "observe", "plan", "act");
    private final BoundedLabel operations = new BoundedLabel(
            32,
            "initiate",
            "add",
            "promote",
            "rename",
            "demote",
            "remove",
            "take_empty_vote",
            "return_vote",
            "forget_emptied",
            "restore_heartbeat",
            "sync_from",
            "create_root_user",
            "update_root_password",
            "hand_over",
            "record_intended",
            "record_formed",
            "withdraw_approval",
            "force_reconfigure");
    private final BoundedLabel operationResults = new BoundedLabel(8, "done", "stale", "failed");
    private final BoundedLabel commands = new BoundedLabel(32);
    /** The server has hundreds of codes; a set meets a dozen. */
    private final BoundedLabel codes = new BoundedLabel(32);

    private final BoundedLabel types = new BoundedLabel(4, "SRV", "A", "AAAA");
    private final BoundedLabel answers =
            new BoundedLabel(10, "answer", "nxdomain", "nodata", "servfail", "refused", "timeout");

    /**
     * @param setName the label {@code replica_set} of all that is Muster's
     * @param state what the last cycle came to; empty before the first
     * @param details asked at each scrape, so it has to answer at once
     */
    public MusterMetrics(
            String setName, Supplier<Optional<CycleReport>> state, Supplier<Optional<MongodDetails>> details) {
        this(setName, state, details, InstantSource.system());
    }

    MusterMetrics(
            String setName,
            Supplier<Optional<CycleReport>> state,
            Supplier<Optional<MongodDetails>> details,
            InstantSource clock) {
        this.clock = clock;
        // Otherwise, of two names that become one, the second would be dropped with one line in the log.
        registry.throwExceptionOnRegistrationFailure();
        registry.config().commonTags("replica_set", setName);
        registry.getPrometheusRegistry().register(new SetCollector(setName, BuildVersion.read(), state, details));
        registry.getPrometheusRegistry().register(new RuntimeCollector());
        createKnown();
    }

    /** So that the first increase of a counter is seen: rate() needs the zero before it. */
    private void createKnown() {
        results.known().forEach(this::reconciles);
        phases.known().forEach(this::phaseTimer);
        for (String operation : operations.known()) {
            operationResults.known().forEach(result -> operations(operation, result));
        }
        for (String type : types.known()) {
            answers.known().forEach(result -> dnsLookups(type, result));
        }
    }

    @Override
    public void reported(CycleReport report) {
        if (!report.isFinished()) {
            return;
        }
        phaseTimer("observe").record(report.times().observe());
        phaseTimer("plan").record(report.times().plan());
        if (report.decision() instanceof Decision.Act act) {
            phaseTimer("act").record(report.times().act());
            report.outcome()
                    .ifPresent(outcome -> operations(
                                    operations.of(act.step().operation()), operationResults.of(outcome.word()))
                            .increment());
        }
        reconciles(results.of(report.decision().kind())).increment();
        if (lastSuccessMillis.getAndSet(clock.millis()) == 0) {
            // Registered by the first success: before it, there is no such time.
            Gauge.builder(
                            "muster.reconcile.last.success.timestamp",
                            lastSuccessMillis,
                            millis -> millis.doubleValue() / 1000)
                    .description("When a cycle last finished without an error.")
                    .baseUnit("seconds")
                    .register(registry);
        }
    }

    @Override
    public void failed(RuntimeException bug) {
        reconciles(results.of(ERROR)).increment();
    }

    /**
     * A command to a {@code mongod} failed.
     *
     * @param code the server's; 0 where none came, as when the connection broke
     */
    public void commandError(String command, int code) {
        Counter.builder("muster.command.errors")
                .description("Commands to a mongod that failed, by the server's error code; 0 where there is none.")
                .tag("command", commands.of(command))
                .tag("code", codes.of(code))
                .register(registry)
                .increment();
    }

    /**
     * A name was looked up.
     *
     * @param type {@code SRV}, {@code A} or {@code AAAA}
     * @param result {@code answer}, {@code nxdomain}, {@code nodata}, {@code servfail}, {@code refused} or
     *     {@code timeout}
     */
    public void dnsLookup(String type, String result) {
        dnsLookups(types.of(type), answers.of(result)).increment();
    }

    /** Everything, in Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }

    private Counter reconciles(String result) {
        return Counter.builder("muster.reconciles")
                .description("Cycles, by the kind of their decision, or error.")
                .tag("result", result)
                .register(registry);
    }

    private Timer phaseTimer(String phase) {
        return Timer.builder("muster.reconcile.duration")
                .description("How long each phase of a cycle took.")
                .tag("phase", phase)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private Counter operations(String operation, String result) {
        return Counter.builder("muster.operations")
                .description("Steps, by operation and result.")
                .tag("operation", operation)
                .tag("result", result)
                .register(registry);
    }

    private Counter dnsLookups(String type, String result) {
        return Counter.builder("muster.dns.lookups")
                .description("DNS queries, by record type and result.")
                .tag("type", type)
                .tag("result", result)
                .register(registry);
    }
}
