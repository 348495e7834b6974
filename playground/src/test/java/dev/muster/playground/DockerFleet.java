package dev.muster.playground;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.VolumesFrom;
import dev.muster.contract.Fleet;
import dev.muster.model.HostAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.awaitility.Awaitility;
import org.testcontainers.containers.Network;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.mongodb.MongoDBContainer;
import org.testcontainers.utility.DockerImageName;

/** A {@link Fleet} of containers of the official image's kind, on a network of their own. */
final class DockerFleet extends RealFleet {
    private static final DockerImageName IMAGE = DockerImageName.parse("mongo:8.2");
    /** {@code mongodb} in the image. */
    private static final int USER = 999;

    private static final String KEYFILE = "/etc/mongod.key";

    private final Network network = Network.newNetwork();
    /** Each member's, the newest last: one that is started otherwise than before is another container. */
    private final Map<Integer, List<Started>> containers = new TreeMap<>();

    private final Set<Integer> mayCrash = new HashSet<>();
    private final List<String> crashes = new ArrayList<>();

    private record Started(MongoDBContainer container, Launch launch) {}

    private final Map<Integer, Integer> ports = new TreeMap<>();

    @Override
    void launch(int member, Launch launch) {
        List<Started> before = containers.computeIfAbsent(member, _ -> new ArrayList<>());
        if (!before.isEmpty() && before.getLast().launch().equals(launch)) {
            MongoDBContainer existing = before.getLast().container();
            existing.getDockerClient()
                    .startContainerCmd(existing.getContainerId())
                    .exec();
            return;
        }
        // Its data is in the volumes of its first container.
        Optional<String> dataOf = before.stream()
                .map(started -> started.container().getContainerId())
                .findFirst();
        MongoDBContainer container = new MongoDBContainer(IMAGE)
                // A registry is never asked: what the engine has is what is tested.
                .withImagePullPolicy(_ -> false)
                .withNetwork(network)
                .withNetworkAliases(
                        Fleet.host(member).host(), Fleet.secondHost(member).host())
                .withCreateContainerCmdModifier(create -> {
                    create.withUser(USER + ":" + USER);
                    dataOf.map(VolumesFrom::new)
                            .ifPresent(
                                    Optional.ofNullable(create.getHostConfig()).orElseThrow()::withVolumesFrom);
                })
                .withCommand(command(launch).toArray(String[]::new));
        launch.key().ifPresent(key -> container.withCopyToContainer(new Secret(key), KEYFILE));
        // Fixed, because a container that is started again would get another one.
        container.setPortBindings(List.of("%d:%d".formatted(address(member).port(), HostAddress.DEFAULT_PORT)));
        before.add(new Started(container, launch));
        container.start();
    }

    private static List<String> command(Launch launch) {
        List<String> words = new ArrayList<>(List.of("mongod", "--bind_ip_all", "--wiredTigerCacheSizeGB", "0.25"));
        launch.setName().ifPresent(name -> words.addAll(List.of("--replSet", name)));
        words.addAll(launch.parameters());
        if (launch.key().isPresent()) {
            words.addAll(List.of("--keyFile", KEYFILE));
        }
        return words;
    }

    @Override
    public void kill(int member) {
        MongoDBContainer container = container(member);
        container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
        // The engine answers the kill before the container has ended.
        Awaitility.await("the killed container has ended").until(() -> hasEnded(member));
    }

    @Override
    public boolean hasEnded(int member) {
        return !container(member).isRunning();
    }

    @Override
    public void wipe(int member) {
        // Its data is in a volume of its own, which goes with the first container.
        stop(member);
        containers.remove(member);
    }

    @Override
    public void freeze(int member) {
        MongoDBContainer container = container(member);
        DockerClient client = container.getDockerClient();
        client.pauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void thaw(int member) {
        MongoDBContainer container = container(member);
        DockerClient client = container.getDockerClient();
        client.unpauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void expectCrash(int member) {
        mayCrash.add(member);
    }

    private void stop(int member) {
        for (Started started : containers.getOrDefault(member, List.of()).reversed()) {
            // Only its log tells: the engine has the exit status of a container's last run alone.
            List<String> lastWords = started.container().getContainerId() == null
                    ? List.of()
                    : CrashWatch.lastWords(started.container().getLogs().lines());
            if (!mayCrash.contains(member)) {
                lastWords.forEach(
                        line -> crashes.add("the mongod of member " + member + " crashed: it logged " + line));
            }
            started.container().stop();
        }
    }

    private MongoDBContainer container(int member) {
        return newest(member).orElseThrow(() -> new IllegalStateException("member " + member + " was never started"));
    }

    private Optional<MongoDBContainer> newest(int member) {
        List<Started> started = containers.getOrDefault(member, List.of());
        return started.isEmpty()
                ? Optional.empty()
                : Optional.of(started.getLast().container());
    }

    @Override
    public HostAddress address(int member) {
        return new HostAddress(
                newest(member)
                        .filter(container -> container.getContainerId() != null)
                        .map(MongoDBContainer::getHost)
                        .orElse("127.0.0.1"),
                ports.computeIfAbsent(member, _ -> freePort()));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void end() {
        List.copyOf(containers.keySet()).forEach(this::stop);
        network.close();
        CrashWatch.failWith(crashes);
    }

    /** A keyfile as mongod accepts it: its own, readable by nobody else. */
    private record Secret(String text) implements Transferable {
        private static final int MODE = 0100400;

        @Override
        public long getSize() {
            return getBytes().length;
        }

        @Override
        public byte[] getBytes() {
            return text.getBytes(UTF_8);
        }

        @Override
        public void transferTo(TarArchiveOutputStream tar, String destination) {
            try {
                TarArchiveEntry entry = new TarArchiveEntry(destination);
                entry.setSize(getSize());
                entry.setMode(MODE);
                entry.setIds(USER, USER);
                tar.putArchiveEntry(entry);
                tar.write(getBytes());
                tar.closeArchiveEntry();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String getDescription() {
            return "a keyfile";
        }

        @Override
        public String toString() {
            return "Secret[]";
        }
    }
}
