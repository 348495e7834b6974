package dev.muster.playground;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bson.Document;

/**
 * A replica set of real mongods and sidecars on this machine, with names, DNS and network of its own, so that
 * several sets can run at once. Nothing runs after {@link Builder#build} but the name server. Nothing is left
 * behind by {@link #close}, nor when this JVM ends in any other way. A mongod that crashes is a failure, see
 * {@link LocalMember#expectCrash}. Safe for use by several threads.
 */
public final class LocalSet implements AutoCloseable {
    public static final String SET_NAME = "rs0";
    public static final String SERVICE = "mongo";
    public static final String NAMESPACE = "default";
    public static final String CLUSTER_DOMAIN = "cluster.local";
    /** What all FQDNs of members end with, after their dot. */
    public static final String ZONE = SERVICE + "." + NAMESPACE + ".svc." + CLUSTER_DOMAIN;

    /** Short against what is waited for, so that waiting adds next to nothing to a measured time. */
    private static final Duration POLL = Duration.ofMillis(10);

    private static final long HELLO_TIMEOUT_MILLIS = 1_000;

    private final MongodBinary binary;
    private final List<String> sidecarOptions;
    private final LoopbackBlock block;
    private final SetDirectory directory;
    private final HostsFile hosts;
    private final NameServer nameServer;
    private final LocalNames names;
    private final NetworkCut network;
    private final Optional<SecretFiles> credentials;
    private final Clients clients;
    private final CrashWatch crashWatch = new CrashWatch();
    private final List<LocalMember> members = new CopyOnWriteArrayList<>();
    private boolean released;
    private final Thread shutdownHook = new Thread(this::release, "muster-release-set");

    private LocalSet(MongodBinary binary, int size, boolean auth, List<String> sidecarOptions) throws IOException {
        NetworkCut.removeStale();
        this.binary = binary;
        this.sidecarOptions = sidecarOptions;
        this.directory = SetDirectory.create();
        this.block = LoopbackBlock.claim();
        this.hosts = HostsFile.create(directory.path().resolve("hosts"), Path.of("/etc/hosts"));
        this.nameServer = NameServer.start(block, ZONE);
        this.names = new LocalNames(this, hosts, nameServer);
        this.network = new NetworkCut(block);
        this.credentials = auth ? Optional.of(SecretFiles.create(directory.path())) : Optional.empty();
        this.clients = new Clients(hosts, SET_NAME, credentials);
        Runtime.getRuntime().addShutdownHook(shutdownHook);
        addMembers(size);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Three members without authentication, unless told otherwise. */
    public static final class Builder {
        private int members = 3;
        private boolean auth;
        private final List<String> sidecarOptions = new ArrayList<>();
        private Optional<MongodBinary> binary = Optional.empty();

        private Builder() {}

        public Builder members(int count) {
            if (count < 1 || count > LoopbackBlock.MAX_MEMBERS) {
                throw new IllegalArgumentException("members is 1 to " + LoopbackBlock.MAX_MEMBERS + ", not " + count);
            }
            members = count;
            return this;
        }

        /** Whether mongods run with a keyfile, and sidecars get it and a root user to create. */
        public Builder auth(boolean enabled) {
            auth = enabled;
            return this;
        }

        /** An option that every sidecar gets, beside those that it needs here. */
        public Builder sidecarOption(String option) {
            sidecarOptions.add(option);
            return this;
        }

        public Builder binary(MongodBinary mongod) {
            binary = Optional.of(mongod);
            return this;
        }

        /** Claims addresses and starts the name server; may install mongod first. */
        public LocalSet build() {
            try {
                return new LocalSet(
                        binary.orElseGet(MongodBinary::provide), members, auth, List.copyOf(sidecarOptions));
            } catch (IOException e) {
                throw new PlaygroundException("cannot prepare a set: " + e.getMessage(), e);
            }
        }
    }

    /** The members in the order of their ordinals. */
    public List<LocalMember> members() {
        return List.copyOf(members);
    }

    public LocalMember member(int ordinal) {
        return members.get(ordinal);
    }

    /** What the sidecars are told as --replicas when they start. */
    public int replicas() {
        return members.size();
    }

    List<String> sidecarOptions() {
        return sidecarOptions;
    }

    public LocalNames names() {
        return names;
    }

    /** Keyfile and root user of a set with authentication. */
    public Optional<SecretFiles> credentials() {
        return credentials;
    }

    /** Holds everything that the set writes. */
    public Path directory() {
        return directory.path();
    }

    public void startMongods() {
        members.forEach(LocalMember::startMongod);
    }

    public void startSidecars() {
        members.forEach(LocalMember::startSidecar);
    }

    /** Starts all mongods and all sidecars. */
    public void start() {
        startMongods();
        startSidecars();
    }

    /** Waits until every mongod answers {@code hello}. */
    public void awaitAnswering(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (LocalMember member : members) {
            while (!isAnswering(member)) {
                if (System.nanoTime() - deadline > 0) {
                    throw failure(member.name() + "'s mongod does not answer after " + timeout.toSeconds() + " s");
                }
                pause();
            }
        }
    }

    /**
     * Waits until all members are PRIMARY or SECONDARY, up to seven of them vote, and the configuration is
     * committed; throws with what is missing and the end of every log when that takes longer.
     */
    public SetState awaitFormed(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            Optional<String> missing = new SetObserver(this, false).observe().missing();
            if (missing.isEmpty()) {
                return observe();
            }
            if (System.nanoTime() - deadline > 0) {
                throw failure("the set did not form within " + timeout.toSeconds() + " s: " + missing.get());
            }
            pause();
        }
    }

    /** Looks once at all mongods and their logs. */
    public SetState observe() {
        return new SetObserver(this, true).observe();
    }

    /** Adds members up to that count, starts their mongods, and starts all sidecars anew with the new count. */
    public void grow(int count) {
        grow(count, _ -> {});
    }

    /** The same, with something done to each new member before its mongod starts. */
    void grow(int count, Consumer<LocalMember> prepared) {
        if (count <= members.size() || count > LoopbackBlock.MAX_MEMBERS) {
            throw new PlaygroundException("grow takes " + (members.size() + 1) + " to " + LoopbackBlock.MAX_MEMBERS
                    + " for a set of " + members.size() + ", not " + count);
        }
        int before = members.size();
        addMembers(count);
        members.subList(before, count).forEach(prepared);
        startMongods();
        members.forEach(LocalMember::stopSidecar);
        startSidecars();
    }

    /** Why {@link #cut} is not possible on this machine; empty when it is. */
    public static Optional<String> cutObstacle() {
        NetworkCut.installMissing();
        return NetworkCut.obstacle();
    }

    /**
     * Cuts the network between that member's mongod and all others, this JVM's clients among them. Its sidecar
     * still reaches it; name server and status pages stay reachable. Throws where cutting is not possible.
     */
    public void cut(int ordinal) {
        network.cut(ordinal, member(ordinal).pids());
    }

    /** Joins that member's network again; one that is not cut is no failure. */
    public void heal(int ordinal) {
        network.heal(ordinal);
    }

    public boolean isCut(int ordinal) {
        return network.isCut(ordinal);
    }

    /**
     * A client of one member alone, in whatever state it is, with full authority (as {@code __system} when the
     * set has authentication). Belongs to the set.
     */
    public MongoClient mongo(int ordinal) {
        return clients.direct(ordinal, block.member(ordinal));
    }

    /**
     * A client of the whole set as an application has one: found by names, majority writes, retried; as the
     * root user when the set has authentication. Belongs to the set.
     */
    public MongoClient client() {
        return clients.replicaSet(members.stream().map(LocalMember::fqdn).toList());
    }

    /** Says that what the set was for failed: its directory stays when the property muster.keep is set. */
    public void failed() {
        directory.failed();
    }

    /** Ends all that runs and deletes the directory; then throws if a mongod crashed and nothing expected it. */
    @Override
    public void close() {
        List<String> crashes = release();
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            // The JVM is going down already, and the hook finds all released.
            return;
        }
        CrashWatch.failWith(crashes);
    }

    /** Kills instead of stopping: the data is thrown away, and a stop takes 15 s. Returns what crashed before. */
    private synchronized List<String> release() {
        if (released) {
            return List.of();
        }
        released = true;
        members.forEach(LocalMember::killSidecar);
        members.forEach(LocalMember::killMongod);
        List<String> crashes = crashWatch.unexpected();
        if (!crashes.isEmpty()) {
            failed();
        }
        clients.close();
        nameServer.close();
        block.close();
        network.healAll();
        directory.close();
        return crashes;
    }

    CrashWatch crashWatch() {
        return crashWatch;
    }

    MongodBinary binary() {
        return binary;
    }

    LoopbackBlock block() {
        return block;
    }

    ChildProcess start(
            LocalMember member, String kind, Path output, List<String> command, Map<String, String> environment) {
        return Spawner.start(new Spawner.Order(
                kind + " of " + member.name(),
                hosts.path(),
                directory.path(),
                output,
                NetworkCut.group(member.ordinal()),
                environment,
                command));
    }

    private void addMembers(int count) {
        for (int ordinal = members.size(); ordinal < count; ordinal++) {
            Path place = directory.path().resolve(SERVICE + "-" + ordinal);
            if (!place.toFile().mkdir()) {
                throw new PlaygroundException("cannot create " + place);
            }
            LocalMember member = new LocalMember(this, ordinal, place);
            members.add(member);
            nameServer.put(member.fqdn(), member.address());
            hosts.put(member.fqdn(), member.address());
        }
    }

    private static boolean isAnswering(LocalMember member) {
        if (!member.isListening()) {
            return false;
        }
        try {
            member.mongo()
                    .withTimeout(HELLO_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                    .getDatabase("admin")
                    .runCommand(new Document("hello", 1));
            return true;
        } catch (MongoException e) {
            return false;
        }
    }

    private PlaygroundException failure(String message) {
        failed();
        return new PlaygroundException(message + "\n" + LogTail.ofAll(members));
    }

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlaygroundException("interrupted while waiting for the set", e);
        }
    }
}
