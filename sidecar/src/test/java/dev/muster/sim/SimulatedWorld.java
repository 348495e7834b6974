package dev.muster.sim;

import dev.muster.config.Settings;
import dev.muster.kube.Kubernetes;
import dev.muster.kube.NoKubernetes;
import dev.muster.model.CloneOrder;
import dev.muster.model.HostAddress;
import dev.muster.model.MemberState;
import dev.muster.model.Naming;
import dev.muster.model.Renaming;
import dev.muster.model.Self;
import dev.muster.model.SetConfig;
import dev.muster.model.SourcePreference;
import dev.muster.sidecar.Wiring;
import dev.muster.sim.cluster.ApiServer;
import dev.muster.sim.cluster.ClusterDns;
import dev.muster.sim.cluster.Containers;
import dev.muster.sim.cluster.Kubectl;
import dev.muster.sim.cluster.KubernetesObjects;
import dev.muster.sim.cluster.KubernetesObjects.Pod;
import dev.muster.sim.cluster.Nodes;
import dev.muster.sim.cluster.SimulatedKubernetes;
import dev.muster.sim.cluster.SimulatedNames;
import dev.muster.sim.cluster.StatefulSetController;
import dev.muster.sim.engine.Network;
import dev.muster.sim.engine.Scheduler;
import dev.muster.sim.engine.Transcript;
import dev.muster.sim.mongod.Launch;
import dev.muster.sim.mongod.MongodProcess;
import dev.muster.sim.mongod.Mongods;
import dev.muster.sim.mongod.Volume;
import dev.muster.sim.trouble.Sabotage;
import dev.muster.sim.trouble.Setting;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** One set on its machines: everything of one run, put together. */
final class SimulatedWorld implements Containers {
    static final String SET_NAME = "rs0";
    static final String KEY = "the key of all";
    static final Naming NAMING = new Naming("mongo", "mongo", "default", "cluster.local", 27017);
    /** What the names of {@link Setting.Before#OTHER_NAMES} end with. */
    static final String OTHER_DOMAIN = ".example.com";

    static final Duration MAX_LAG = Duration.ofSeconds(10);
    static final Duration GRACE = Duration.ofSeconds(60);

    private static final HostAddress LOCAL = new HostAddress("127.0.0.1", NAMING.port());
    private static final Duration DNS_TIMEOUT = Duration.ofSeconds(1);

    private final Setting setting;
    private final Sabotage sabotage;
    private final Scheduler scheduler;
    private final Network network;
    private final ApiServer server;
    private final Kubectl kubectl;
    private final Nodes nodes;
    private final ClusterDns nameServer;
    private final Mongods mongods;
    private final Checks checks;
    private final Clients clients;
    private final Availability availability;
    private final Transcript transcript;
    private final Map<String, PodRun> runs = new LinkedHashMap<>();
    private final Map<String, Volume> volumes = new TreeMap<>();
    private final Map<Integer, Duration> clockErrors = new TreeMap<>();
    private final Map<Integer, Double> slowDisks = new TreeMap<>();
    private final Set<Integer> clonesFromAnyone = new TreeSet<>();
    private final Counts counts = new Counts();
    private boolean sidecarsRun;

    SimulatedWorld(long seed, Setting setting, Sabotage sabotage) {
        this.setting = setting;
        this.sabotage = sabotage;
        sidecarsRun = setting.before() == Setting.Before.NOTHING;
        scheduler = new Scheduler(seed);
        transcript = new Transcript(scheduler);
        network = new Network(scheduler);
        server = new ApiServer(scheduler);
        kubectl = new Kubectl(server);
        nodes = new Nodes(server, network, this);
        nameServer = new ClusterDns(server, network, NAMING);
        checks = new Checks(this);
        clients = new Clients(this);
        availability = new Availability(this);
        mongods = new Mongods(scheduler, network, this::resolve, checks);
        scheduler.afterEach(checks::look);
        new StatefulSetController(server, nodes);
        kubectl.createStatefulSet(setting.replicas(), setting.firstOrdinal(), setting.policy(), GRACE);
    }

    /** As a pod's /etc/hosts says for its own name, and the name server for all others. */
    private Optional<InetAddress> resolve(int place, HostAddress host) {
        for (PodRun run : runs.values()) {
            if (run.pod().place() == place
                    && NAMING.address(run.pod().ordinal()).equals(searched(host))) {
                return Optional.of(run.pod().address());
            }
        }
        return nameServer.resolve(searched(host), place);
    }

    /** Whether the name of that pod leads to it, asked from a place. */
    boolean resolves(int place, Pod pod) {
        return resolve(place, NAMING.address(pod.ordinal())).equals(Optional.of(pod.address()));
    }

    /**
     * A name that ends with the Service's own, as the search list of a pod's resolv.conf completes it; and one of the other
     * domain, which is an alias of a pod's.
     */
    private static HostAddress searched(HostAddress host) {
        if (host.host().endsWith(OTHER_DOMAIN)) {
            int ordinal = Integer.parseInt(
                    host.host().substring("db".length(), host.host().length() - OTHER_DOMAIN.length()));
            return new HostAddress(NAMING.address(ordinal).host(), host.port());
        }
        return host.host().endsWith("." + NAMING.service())
                ? new HostAddress(host.host().replace("." + NAMING.service(), "." + NAMING.serviceName()), host.port())
                : host;
    }

    /** Whose name that is, in full or short. */
    static OptionalInt ordinalOf(HostAddress host) {
        return NAMING.ordinalOf(searched(host));
    }

    /** Adds a sidecar to every pod, and to those to come. */
    void addSidecars() {
        sidecarsRun = true;
        transcript.note("PERSON", "adds the sidecars");
        runs().forEach(PodRun::startSidecar);
    }

    boolean sidecarsRun() {
        return sidecarsRun;
    }

    /** Ends every fiber: a thread that is parked for ever would keep the whole world in memory. */
    void close() {
        runs().forEach(PodRun::kill);
    }

    Sabotage sabotage() {
        return sabotage;
    }

    Setting setting() {
        return setting;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    Network network() {
        return network;
    }

    ApiServer server() {
        return server;
    }

    Kubectl kubectl() {
        return kubectl;
    }

    Nodes nodes() {
        return nodes;
    }

    ClusterDns nameServer() {
        return nameServer;
    }

    Mongods mongods() {
        return mongods;
    }

    Checks checks() {
        return checks;
    }

    Clients clients() {
        return clients;
    }

    Availability availability() {
        return availability;
    }

    Transcript transcript() {
        return transcript;
    }

    Counts counts() {
        return counts;
    }

    /** Every pod whose containers were started and have not ended; those of a lost node too. */
    List<PodRun> runs() {
        return List.copyOf(runs.values());
    }

    /** The containers of the pod that has that ordinal's name now. */
    Optional<PodRun> run(int ordinal) {
        return server.pod(ordinal).map(pod -> runs.get(pod.uid()));
    }

    /** The containers of the pod that has the name of that member now; empty for a host that is no pod's. */
    Optional<PodRun> run(HostAddress member) {
        OptionalInt ordinal = ordinalOf(member);
        return ordinal.isPresent() ? run(ordinal.getAsInt()) : Optional.empty();
    }

    /** The containers of the pod with that uid. */
    Optional<PodRun> runOfPod(String uid) {
        return Optional.ofNullable(runs.get(uid));
    }

    /** Those of which {@code mongod} runs. */
    List<MongodProcess> processes() {
        List<MongodProcess> processes = new ArrayList<>();
        for (PodRun run : runs.values()) {
            run.mongod().ifPresent(processes::add);
        }
        return processes;
    }

    /** The member that calls itself primary, of the newest election. */
    Optional<PodRun> primary() {
        PodRun newest = null;
        for (PodRun run : runs.values()) {
            Optional<MongodProcess> process = run.mongod()
                    .filter(running -> running.state() == MemberState.PRIMARY)
                    .filter(running -> checks.isMeant(running.volume().replicaSetId()));
            if (process.isPresent()
                    && (newest == null
                            || newest.mongod().orElseThrow().term()
                                    < process.get().term())) {
                newest = run;
            }
        }
        return Optional.ofNullable(newest);
    }

    /** The configuration as that member has it. */
    Optional<SetConfig> configOfPrimary() {
        return primary().flatMap(PodRun::mongod).flatMap(MongodProcess::setConfig);
    }

    /** The disk of a claim that exists; empty where no pod has used it yet. */
    Optional<Volume> volumeOf(int ordinal) {
        KubernetesObjects.Claim claim = server.claims().get(ordinal);
        return claim == null ? Optional.empty() : Optional.ofNullable(volumes.get(claim.uid()));
    }

    /** The lowest ordinal that the StatefulSet asks for. */
    int firstOrdinal() {
        return server.statefulSet().map(set -> set.content().firstOrdinal()).orElse(setting.firstOrdinal());
    }

    /** How many members the StatefulSet asks for. */
    int replicas() {
        return server.statefulSet().map(set -> set.content().replicas()).orElse(0);
    }

    /** The disks of all claims. */
    Stream<Volume> volumes() {
        return server.claims().values().stream()
                .flatMap(claim -> Optional.ofNullable(volumes.get(claim.uid())).stream());
    }

    /** Puts another disk in the place of a pod's. */
    void replaceVolume(PodRun run, Volume volume) {
        volumes.put(run.pod().claimUid(), volume);
        run.replaceVolume(volume);
        checks.writes().disksLost();
    }

    /**
     * A sidecar lets {@code mongod} start on an empty volume. Without a record nobody could know whether it may, nor where
     * voters have names that are no pod's.
     */
    void startsEmpty(PodRun run) {
        transcript.note(name(run.pod()), "lets its mongod start on the empty volume");
        boolean hasOtherNames = volumes()
                .flatMap(volume -> Optional.ofNullable(volume.config()).stream())
                .flatMap(config -> config.members().stream())
                .anyMatch(member -> ordinalOf(member.host()).isEmpty()
                        || NAMING.ordinalOf(member.host()).isEmpty());
        if (!isRecorded() || hasOtherNames) {
            checks.writes().disksLost();
        }
    }

    /** Whether the record names the set that is meant. */
    boolean isRecorded() {
        return server.record()
                .filter(record -> checks.isLiving(record.content().replicaSetId()))
                .isPresent();
    }

    void clockError(int place, Duration error) {
        clockErrors.put(place, error);
    }

    /** Whether what is known there of the time is true. */
    boolean hasRightClock(int place) {
        return clockErrors.getOrDefault(place, Duration.ZERO).isZero();
    }

    void slowDisk(int place, double factor) {
        slowDisks.put(place, factor);
        runs.values().stream()
                .filter(run -> run.pod().place() == place)
                .forEach(run -> run.mongod().ifPresent(process -> process.slowDisk(factor)));
    }

    @Override
    public void started(Pod pod) {
        Volume volume = volumes.computeIfAbsent(pod.claimUid(), _ -> new Volume());
        PodRun run = new PodRun(this, pod, volume);
        runs.put(pod.uid(), run);
        transcript.note(name(pod), "starts" + (volume.isEmpty() ? " with an empty volume" : ""));
        run.start();
    }

    @Override
    public void stopping(Pod pod, Instant killedAt, Runnable ended) {
        PodRun run = runs.get(pod.uid());
        if (run == null || run.isOver()) {
            ended.run();
            return;
        }
        transcript.note(name(pod), "is to stop");
        run.stop(() -> {
            transcript.note(name(pod), "has ended");
            // One that was killed meanwhile has given its address back, and another may have it by now.
            if (runs.remove(pod.uid()) != null) {
                server.addresses().isFree(pod.address());
            }
            ended.run();
        });
    }

    @Override
    public void killed(Pod pod) {
        PodRun run = runs.remove(pod.uid());
        if (run != null) {
            transcript.note(name(pod), "is killed");
            run.kill();
            server.addresses().isFree(pod.address());
            if (server.claims().values().stream().noneMatch(claim -> claim.uid().equals(pod.claimUid()))) {
                // Its claim was deleted before it: until now its disk still counted for what a majority has.
                checks.writes().claimsLost();
            }
        }
    }

    @Override
    public boolean isReady(Pod pod) {
        PodRun run = runs.get(pod.uid());
        return run != null
                && run.sidecar()
                        .flatMap(SidecarRun::last)
                        .filter(report -> report.readiness().ready())
                        .isPresent();
    }

    static String name(Pod pod) {
        return NAMING.podName(pod.ordinal());
    }

    /** The pod's name of a process, for people. */
    String nameOf(MongodProcess process) {
        for (PodRun run : runs.values()) {
            if (run.volume() == process.volume()) {
                return name(run.pod());
            }
        }
        return process.toString();
    }

    /** An operator restarts this {@code mongod} without the option that limits its clone source to secondaries. */
    void letCloneFromAnyone(PodRun run) {
        clonesFromAnyone.add(run.pod().ordinal());
        run.killMongod();
    }

    MongodProcess mongodOf(PodRun run) {
        Pod pod = run.pod();
        // As the chart starts them.
        boolean secondaryOnly = CloneOrder.hasOneSecondaryBefore(pod.ordinal() - firstOrdinal())
                && !clonesFromAnyone.contains(pod.ordinal());
        SourcePreference preference =
                secondaryOnly ? SourcePreference.SECONDARY_ONLY : SourcePreference.SECONDARY_PREFERRED;
        MongodProcess process = mongods.process(
                pod.place(),
                pod.address(),
                NAMING.port(),
                run.volume(),
                new Launch(
                        Optional.of(SET_NAME), Optional.of(run.hasWrongKeyfile() ? "another key" : KEY), preference));
        process.hostname(NAMING.podName(pod.ordinal()));
        process.slowDisk(slowDisks.getOrDefault(pod.place(), 1.0));
        process.onExit(run::mongodEnded);
        return process;
    }

    SidecarRun sidecarOf(PodRun run) {
        Pod pod = run.pod();
        return new SidecarRun(
                scheduler,
                name(pod) + " sidecar",
                settings(pod),
                process -> ports(run, process),
                scheduler.clock(() -> clockErrors.getOrDefault(pod.place(), Duration.ZERO)),
                sabotage.paused(run::isPaused),
                turn -> checks.turned(run, turn),
                run::sidecarDied);
    }

    private Settings settings(Pod pod) {
        return new Settings(
                new Self(pod.ordinal(), NAMING, SET_NAME),
                LOCAL,
                setting.kubernetes(),
                setting.kubernetes() ? 0 : setting.replicas(),
                setting.kubernetes() ? 0 : setting.firstOrdinal(),
                setting.kubernetes() ? OptionalInt.empty() : setting.seed(),
                Optional.of(Path.of("keyfile")),
                Optional.empty(),
                RootUserFiles.SAME_FOR_ALL,
                new InetSocketAddress(8080),
                Path.of("socket"),
                sabotage.maxLag(MAX_LAG),
                Renaming.WHEN_UNSTABLE,
                true,
                Optional.empty(),
                DNS_TIMEOUT,
                "info");
    }

    private Wiring.Ports ports(PodRun run, SidecarRun process) {
        Pod pod = run.pod();
        Self self = new Self(pod.ordinal(), NAMING, SET_NAME);
        Kubernetes kubernetes = new NoKubernetes();
        if (setting.kubernetes()) {
            SimulatedKubernetes watching =
                    new SimulatedKubernetes(server, network, self, pod.address(), pod.place(), process::wake);
            sabotage.inside(watching);
            kubernetes = watching;
        }
        return sabotage.of(
                self,
                new Wiring.Ports(
                        mongods.local(
                                pod.place(),
                                LOCAL,
                                pod.address(),
                                SET_NAME,
                                Optional.of(KEY),
                                process::wakeForRole,
                                process::wake),
                        run.heldStart(),
                        new SimulatedNames(nameServer, pod.place(), DNS_TIMEOUT),
                        mongods.peersFrom(pod.place(), SET_NAME, Optional.of(KEY)),
                        mongods.watcherFrom(pod.place(), process::wake),
                        kubernetes));
    }
}
