package dev.muster.playground;

import dev.muster.contract.Fleet;
import dev.muster.model.HostAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A {@link Fleet} of processes of this machine: a {@link LocalSet} always has a set's name, this need not. */
final class PlaygroundFleet extends RealFleet {
    private final MongodBinary binary = MongodBinary.provide();
    private final LoopbackBlock block = LoopbackBlock.claim();
    private final SetDirectory directory;
    private final HostsFile hosts;
    private final Map<Integer, ChildProcess> running = new TreeMap<>();
    private final CrashWatch crashWatch = new CrashWatch();

    PlaygroundFleet() {
        try {
            directory = SetDirectory.create();
            hosts = HostsFile.create(directory.path().resolve("hosts"), Path.of("/etc/hosts"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int member = 0; member < MEMBERS; member++) {
            hosts.put(Fleet.host(member).host(), block.member(member));
            hosts.put(Fleet.secondHost(member).host(), block.member(member));
        }
    }

    @Override
    void launch(int member, Launch launch) {
        try {
            Path place = Files.createDirectories(directory.path().resolve("member-" + member));
            Path log = place.resolve("mongod.out");
            ChildProcess process = Spawner.start(new Spawner.Order(
                    "mongod of " + name(member),
                    hosts.path(),
                    place,
                    log,
                    Optional.empty(),
                    binary.environment(),
                    command(member, launch, place)));
            crashWatch.watch(name(member), process, List.of(log));
            running.put(member, process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(int member) {
        return "member " + member;
    }

    private List<String> command(int member, Launch launch, Path place) throws IOException {
        List<String> words = new ArrayList<>(binary.command());
        words.addAll(List.of("--bind_ip", block.member(member).getHostAddress(), "--nounixsocket"));
        words.addAll(List.of("--port", Integer.toString(address(member).port())));
        words.addAll(List.of(
                "--dbpath",
                Files.createDirectories(place.resolve("data")).toString(),
                "--wiredTigerCacheSizeGB",
                "0.25"));
        launch.setName().ifPresent(name -> words.addAll(List.of("--replSet", name)));
        words.addAll(launch.parameters());
        if (launch.key().isPresent()) {
            Path keyfile = place.resolve("keyfile");
            Files.deleteIfExists(keyfile);
            Files.createFile(
                    keyfile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(keyfile, launch.key().get());
            words.addAll(List.of("--keyFile", keyfile.toString()));
        }
        return words;
    }

    @Override
    public void kill(int member) {
        process(member).kill();
    }

    @Override
    public boolean hasEnded(int member) {
        return !process(member).isAlive();
    }

    @Override
    public void wipe(int member) {
        crashWatch.look(name(member));
        try {
            FileTree.delete(directory.path().resolve("member-" + member));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void freeze(int member) {
        ChildProcess process = process(member);
        process.signal(ChildProcess.Signal.STOP);
        // The signal is sent, but a thread that runs on another processor stops a little later.
        Awaitility.await("the process stops").until(() -> isStopped(process));
    }

    private static boolean isStopped(ChildProcess process) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/%d/task".formatted(process.pid())))) {
            for (Path thread : threads.toList()) {
                String status = Files.readString(thread.resolve("stat"));
                // The state follows the name, which may hold anything but is in parentheses.
                if (!status.substring(status.lastIndexOf(')') + 2).startsWith("T")) {
                    return false;
                }
            }
            return true;
        }
    }

    @Override
    public void thaw(int member) {
        process(member).signal(ChildProcess.Signal.CONT);
    }

    @Override
    public void expectCrash(int member) {
        crashWatch.expect(name(member));
    }

    long pid(int member) {
        return process(member).pid();
    }

    boolean isAlive(int member) {
        return process(member).isAlive();
    }

    private ChildProcess process(int member) {
        return Optional.ofNullable(running.get(member))
                .orElseThrow(() -> new IllegalStateException("member " + member + " was never started"));
    }

    @Override
    public HostAddress address(int member) {
        return new HostAddress(block.member(member).getHostAddress(), LoopbackBlock.MONGOD_PORT);
    }

    @Override
    void end() {
        running.values().forEach(ChildProcess::kill);
        List<String> crashes = crashWatch.unexpected();
        block.close();
        directory.close();
        CrashWatch.failWith(crashes);
    }
}
