package dev.muster.sidecar;

import dev.muster.config.Settings;
import dev.muster.control.ControlSocket;
import dev.muster.control.Pause;
import dev.muster.dns.DnsNames;
import dev.muster.dns.Names;
import dev.muster.kube.ApiKubernetes;
import dev.muster.kube.Kubernetes;
import dev.muster.kube.NoKubernetes;
import dev.muster.loop.ControlLoop;
import dev.muster.metrics.MusterMetrics;
import dev.muster.mongo.Connector;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.MongodDetails;
import dev.muster.secrets.Keyfile;
import dev.muster.start.HeldStart;
import dev.muster.tell.Announcement;
import dev.muster.tell.Announcer;
import dev.muster.tell.CycleListener;
import dev.muster.tell.CycleReport;
import dev.muster.web.HttpEndpoint;
import dev.muster.web.Liveness;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One sidecar: everything that {@code muster run} runs. */
public final class Sidecar {
    private static final Logger LOG = LoggerFactory.getLogger("muster");

    /** A cycle that asks every peer and then hands over may take twenty seconds. No cycle takes three times that. */
    private static final Duration LIVE_LIMIT = Duration.ofSeconds(60);

    private final Settings settings;
    private final UnaryOperator<Mongod> around;
    private final AtomicReference<@Nullable Mongod> local = new AtomicReference<>();
    private final AtomicReference<@Nullable Wiring> wiring = new AtomicReference<>();

    public Sidecar(Settings settings) {
        this(settings, UnaryOperator.identity());
    }

    /**
     * A sidecar with a wrapped local {@code mongod}.
     *
     * @param around wraps the local {@code mongod}, for tests that stop between two writes
     */
    public Sidecar(Settings settings, UnaryOperator<Mongod> around) {
        this.settings = settings;
        this.around = around;
    }

    /**
     * Runs until the process gets a signal to end.
     *
     * @return the exit code: 0 after a signal to end, 1 when it could not start; the log says why
     */
    public int run() {
        Optional<String> key;
        try {
            key = settings.mongodKeyfile().isPresent()
                    ? Optional.of(
                            Keyfile.read(settings.mongodKeyfile().get()).keys().getFirst())
                    : Optional.empty();
        } catch (IOException e) {
            LOG.error("cannot use the keyfile: {}", e.getMessage());
            return 1;
        }
        MusterMetrics metrics = new MusterMetrics(settings.self().setName(), this::report, this::details);
        Connector connector = new Connector(settings.self().setName(), key, metrics::commandError);
        Names names = new DnsNames(settings.dnsServer(), settings.dnsTimeout(), metrics::dnsLookup);
        Pause pause = new Pause(settings.socket());
        Clock clock = Clock.systemUTC();
        try (Kubernetes kubernetes = kubernetes(clock);
                Mongod mongod = around.apply(connector.local(settings.mongod(), this::wakeForRole, this::wake));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Announcer announcer = new Announcer(new Announcement(kubernetes, clock, System::nanoTime));
                Wiring wired = new Wiring(
                        settings,
                        new Wiring.Ports(mongod, start(), names, connector, connector.watcher(this::wake), kubernetes),
                        threads,
                        clock,
                        Thread::sleep,
                        pause::isPaused,
                        CycleListener.all(List.of(metrics, announcer)))) {
            local.set(mongod);
            wiring.set(wired);
            return serve(wired, metrics, pause);
        }
    }

    private Kubernetes kubernetes(Clock clock) {
        return settings.kubernetes() ? ApiKubernetes.connect(settings.self(), clock, this::wake) : new NoKubernetes();
    }

    private HeldStart start() {
        return settings.startOrder().map(HeldStart::by).orElse(HeldStart.NEVER);
    }

    private int serve(Wiring wired, MusterMetrics metrics, Pause pause) {
        ControlLoop loop = wired.loop();
        try (HttpEndpoint http = new HttpEndpoint(
                        settings.http(),
                        loop::report,
                        () -> Liveness.ofAge(loop.sinceLastTurn(), LIVE_LIMIT),
                        metrics::scrape,
                        wired::hold);
                ControlSocket control = new ControlSocket(
                        settings.socket(), wired.commands(pause).byName())) {
            http.start();
            control.start();
            endWithTheProcess(Thread.currentThread());
            LOG.info(
                    "{} of set {}: mongod at {}, HTTP at {}, Kubernetes {}",
                    settings.self().podName(),
                    settings.self().setName(),
                    settings.mongod(),
                    settings.http(),
                    settings.kubernetes() ? "on" : "off");
            loop.run();
        } catch (IOException e) {
            LOG.error("cannot start: {}", e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            // The signal to end. Nothing of this thread runs after it that could be interrupted again.
            LOG.debug("ends");
        }
        return 0;
    }

    /** A signal to end interrupts the loop, and waits for a while for the step that runs. */
    private static void endWithTheProcess(Thread thread) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            thread.interrupt();
            try {
                thread.join(Duration.ofSeconds(5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    private Optional<CycleReport> report() {
        return Optional.ofNullable(wiring.get()).flatMap(wired -> wired.loop().report());
    }

    private void wake() {
        Wiring wired = wiring.get();
        if (wired != null) {
            wired.loop().wake();
        }
    }

    private void wakeForRole(boolean primary) {
        Wiring wired = wiring.get();
        if (wired != null) {
            wired.loop().wakeAfter(wired.delayAfterRoleChange(primary));
        }
    }

    /** Only of a member: a mongod that does not answer would delay the scrape. */
    private Optional<MongodDetails> details() {
        boolean member = report().flatMap(seen -> seen.snapshot().inSet()).isPresent();
        return member ? Optional.ofNullable(local.get()).flatMap(Mongod::details) : Optional.empty();
    }
}
