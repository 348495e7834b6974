package dev.muster.playground;

import com.mongodb.client.MongoClient;
import dev.muster.playground.ChildProcess.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One member of a {@link LocalSet}: a mongod and the sidecar beside it, each started, stopped and broken on
 * its own. Starting what runs and stopping what does not are no failures. Safe for use by several threads.
 */
public final class LocalMember {
    /** A secondary's mongod takes 15 s to end by SIGTERM (its quiesce mode), a busy one a little longer. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

    private static final int PROBE_TIMEOUT_MILLIS = 500;

    private final LocalSet set;
    private final int ordinal;
    private final Path directory;
    private Optional<ChildProcess> mongod = Optional.empty();
    private Optional<ChildProcess> sidecar = Optional.empty();
    private boolean inReplicaSet = true;
    private boolean copiesFromSecondaries = true;
    private String sidecarMainClass = SidecarProgram.MAIN_CLASS;
    private SidecarJvm sidecarJvm = SidecarJvm.TUNED;
    private List<String> sidecarJvmOptions = List.of();
    private boolean frozen;

    LocalMember(LocalSet set, int ordinal, Path directory) {
        this.set = set;
        this.ordinal = ordinal;
        this.directory = directory;
    }

    public int ordinal() {
        return ordinal;
    }

    /** The pod's name, {@code mongo-N}. */
    public String name() {
        return LocalSet.SERVICE + "-" + ordinal;
    }

    public String fqdn() {
        return name() + "." + LocalSet.ZONE;
    }

    /** The name by which the configuration has it: FQDN and port. */
    public String host() {
        return fqdn() + ":" + LoopbackBlock.MONGOD_PORT;
    }

    /** The loopback address of mongod and status page. */
    public InetAddress address() {
        return set.block().member(ordinal);
    }

    /** The sidecar's address for people and probes. */
    public String statusPage() {
        return "http://" + address().getHostAddress() + ":" + LoopbackBlock.HTTP_PORT + "/";
    }

    /** The sidecar's socket for commands. */
    public Path socket() {
        return set.directory().resolve("muster-" + ordinal + ".sock");
    }

    public Path dataDirectory() {
        return directory.resolve("data");
    }

    public Path mongodLog() {
        return directory.resolve("mongod.log");
    }

    /** What mongod writes before it has opened its log. */
    Path mongodOutput() {
        return directory.resolve("mongod.out");
    }

    public Path sidecarLog() {
        return directory.resolve("sidecar.log");
    }

    /** A client of this member alone, see {@link LocalSet#mongo}. */
    public MongoClient mongo() {
        return set.mongo(ordinal);
    }

    /** Whether its mongod, from its next start on, is started with {@code --replSet}; otherwise it is a standalone. */
    public synchronized void setInReplicaSet(boolean enabled) {
        inReplicaSet = enabled;
    }

    /**
     * Whether its mongod, from its next start on, is told to copy from a secondary where there is one; otherwise
     * the server's default decides.
     */
    public synchronized void setCopiesFromSecondaries(boolean enabled) {
        copiesFromSecondaries = enabled;
    }

    /** How its sidecar's JVM is started from its next start on. */
    public synchronized void setSidecarJvm(SidecarJvm jvm) {
        sidecarJvm = jvm;
    }

    /** JVM options that its sidecar gets from its next start on. */
    public synchronized void setSidecarJvmOptions(List<String> options) {
        sidecarJvmOptions = List.copyOf(options);
    }

    /** The class to start as the sidecar, where it is started from a class path: tests wrap the real one. */
    public synchronized void setSidecarMainClass(String mainClass) {
        sidecarMainClass = mainClass;
    }

    public synchronized void startMongod() {
        if (isMongodAlive()) {
            return;
        }
        createDirectory(dataDirectory());
        frozen = false;
        ChildProcess started = set.start(
                this, "mongod", mongodOutput(), mongodCommand(), set.binary().environment());
        set.crashWatch().watch(name(), started, List.of(mongodLog(), mongodOutput()));
        mongod = Optional.of(started);
    }

    /** Says that its mongod crashes by what is done to it; otherwise {@link LocalSet#close} fails. */
    public void expectCrash() {
        set.crashWatch().expect(name());
    }

    /** SIGTERM, and waits until it has ended: about 15 s for a member with peers. */
    public void stopMongod() {
        Optional<ChildProcess> process;
        // Not while it waits: others look at this member meanwhile.
        synchronized (this) {
            thawMongod();
            process = mongod;
        }
        process.ifPresent(LocalMember::stop);
    }

    public synchronized void killMongod() {
        mongod.ifPresent(ChildProcess::kill);
        frozen = false;
    }

    /** SIGSTOP: the process keeps its connections and answers nothing. */
    public synchronized void freezeMongod() {
        mongod.ifPresent(process -> process.signal(Signal.STOP));
        frozen = isMongodAlive();
    }

    public synchronized void thawMongod() {
        mongod.ifPresent(process -> process.signal(Signal.CONT));
        frozen = false;
    }

    public synchronized boolean isMongodAlive() {
        return mongod.filter(ChildProcess::isAlive).isPresent();
    }

    public synchronized boolean isMongodFrozen() {
        return frozen && isMongodAlive();
    }

    /** The process id of mongod; empty when it does not run. */
    public synchronized Optional<Long> mongodPid() {
        return mongod.filter(ChildProcess::isAlive).map(ChildProcess::pid);
    }

    /** Volume lost: kills mongod, deletes its data, starts it again. */
    public synchronized void wipe() {
        loseVolume();
        startMongod();
    }

    /** Kills mongod and deletes its data. */
    public synchronized void loseVolume() {
        killMongod();
        try {
            FileTree.delete(dataDirectory());
        } catch (IOException e) {
            throw new PlaygroundException("cannot delete the data of " + name() + ": " + e.getMessage(), e);
        }
    }

    public synchronized void startSidecar() {
        if (isSidecarAlive()) {
            return;
        }
        sidecar = Optional.of(set.start(this, "sidecar", sidecarLog(), sidecarCommand(), Map.of()));
    }

    /** SIGTERM, and waits until it has ended. */
    public synchronized void stopSidecar() {
        thawSidecar();
        sidecar.ifPresent(LocalMember::stop);
    }

    public synchronized void killSidecar() {
        sidecar.ifPresent(ChildProcess::kill);
    }

    /** SIGSTOP: its loop stands still, and its connections stay open. */
    public synchronized void freezeSidecar() {
        sidecar.ifPresent(process -> process.signal(Signal.STOP));
    }

    public synchronized void thawSidecar() {
        sidecar.ifPresent(process -> process.signal(Signal.CONT));
    }

    public synchronized boolean isSidecarAlive() {
        return sidecar.filter(ChildProcess::isAlive).isPresent();
    }

    /** The process id of the sidecar; empty when it does not run. */
    public synchronized Optional<Long> sidecarPid() {
        return sidecar.filter(ChildProcess::isAlive).map(ChildProcess::pid);
    }

    /** Waits until the sidecar has ended by itself, and returns its exit status. */
    public int awaitSidecarExit(Duration timeout) {
        ChildProcess process;
        synchronized (this) {
            process = sidecar.orElseThrow(() -> new IllegalStateException(name() + " has no sidecar"));
        }
        process.awaitExit(timeout);
        return process.exitStatus();
    }

    /** Whether something accepts connections at its mongod's port. */
    public boolean isListening() {
        try (Socket probe = new Socket()) {
            probe.connect(new InetSocketAddress(address(), LoopbackBlock.MONGOD_PORT), PROBE_TIMEOUT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Its copy's source as its log tells it, see {@link CloneSource}. */
    public Optional<String> clonedFrom() {
        return CloneSource.inLog(mongodLog());
    }

    /** Both processes, for {@link NetworkCut}. */
    List<Long> pids() {
        return Stream.of(mongodPid(), sidecarPid()).flatMap(Optional::stream).toList();
    }

    private List<String> mongodCommand() {
        List<String> words = new ArrayList<>(set.binary().command());
        if (inReplicaSet) {
            words.addAll(List.of("--replSet", LocalSet.SET_NAME));
        }
        words.addAll(List.of("--port", Integer.toString(LoopbackBlock.MONGOD_PORT)));
        words.addAll(List.of("--bind_ip", address().getHostAddress(), "--nounixsocket"));
        words.addAll(List.of("--dbpath", dataDirectory().toString()));
        words.addAll(List.of("--logpath", mongodLog().toString(), "--logappend"));
        words.addAll(List.of("--wiredTigerCacheSizeGB", "0.25"));
        if (copiesFromSecondaries) {
            words.addAll(List.of("--setParameter", "initialSyncSourceReadPreference=" + sourcePreference()));
        }
        words.addAll(List.of("--setParameter", "diagnosticDataCollectionEnabled=false"));
        set.credentials()
                .ifPresent(credentials ->
                        words.addAll(List.of("--keyFile", credentials.keyfile().toString())));
        return words;
    }

    /**
     * As Muster writes it into a pod's {@code mongod.conf}. The third member finds the one secondary there is; the sidecar directs
     * later ones.
     */
    private String sourcePreference() {
        return ordinal() == 2 ? "secondary" : "secondaryPreferred";
    }

    private List<String> sidecarCommand() {
        String address = address().getHostAddress();
        List<String> words = new ArrayList<>(SidecarProgram.command(sidecarJvm, sidecarJvmOptions, sidecarMainClass));
        words.addAll(List.of(
                "run",
                "--kubernetes=off",
                "--set-name=" + LocalSet.SET_NAME,
                "--pod-name=" + name(),
                "--service=" + LocalSet.SERVICE,
                "--namespace=" + LocalSet.NAMESPACE,
                "--cluster-domain=" + LocalSet.CLUSTER_DOMAIN,
                "--mongod=" + address + ":" + LoopbackBlock.MONGOD_PORT,
                "--port=" + LoopbackBlock.MONGOD_PORT,
                "--replicas=" + set.replicas(),
                "--http-address=" + address,
                "--http-port=" + LoopbackBlock.HTTP_PORT,
                "--socket=" + socket(),
                "--dns-server=" + set.block().nameServer()));
        words.addAll(set.sidecarOptions());
        set.credentials()
                .ifPresent(credentials -> words.addAll(List.of(
                        "--keyfile=" + credentials.keyfile(),
                        "--root-user-file=" + credentials.rootUserFile(),
                        "--root-password-file=" + credentials.rootPasswordFile())));
        return words;
    }

    private static void stop(ChildProcess process) {
        process.signal(Signal.TERM);
        process.awaitExit(STOP_TIMEOUT);
    }

    private static void createDirectory(Path path) {
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new PlaygroundException("cannot create " + path + ": " + e.getMessage(), e);
        }
    }
}
