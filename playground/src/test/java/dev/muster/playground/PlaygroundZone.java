package dev.muster.playground;

import dev.muster.contract.ContractZoneWithFaults;
import dev.muster.dns.DnsNames;
import dev.muster.dns.Names;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;

/** The playground's name server for the contract. */
final class PlaygroundZone implements ContractZoneWithFaults {
    private static final Duration TIMEOUT = Duration.ofMillis(300);

    private final LoopbackBlock block = LoopbackBlock.claim();
    private final NameServer server = NameServer.start(block, LocalSet.ZONE);
    private final DatagramSocket deaf;

    PlaygroundZone() {
        try {
            deaf = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    NameServer server() {
        return server;
    }

    @Override
    public Names names() {
        String[] parts = block.nameServer().split(":", -1);
        return names(new InetSocketAddress(parts[0], Integer.parseInt(parts[1])));
    }

    @Override
    public Names namesOfNobody() {
        return names(new InetSocketAddress(deaf.getLocalAddress(), deaf.getLocalPort()));
    }

    private static Names names(InetSocketAddress address) {
        return new DnsNames(Optional.of(address), TIMEOUT, (_, _) -> {});
    }

    @Override
    public Duration timeout() {
        return TIMEOUT;
    }

    @Override
    public String service() {
        return LocalSet.ZONE;
    }

    @Override
    public void publish(int ordinal, InetAddress address) {
        server.put(host(ordinal), address);
        server.behave(host(ordinal), new NameBehaviour.Served());
    }

    @Override
    public void withdraw(int ordinal) {
        server.behave(host(ordinal), new NameBehaviour.Absent());
    }

    @Override
    public void fault(String name, Fault fault) {
        server.behave(
                name.equals(service()) ? server.serviceName() : name,
                switch (fault) {
                    case NO_SUCH_NAME -> new NameBehaviour.Absent();
                    case NO_ADDRESS -> new NameBehaviour.Empty();
                    case FAILING -> new NameBehaviour.Failing();
                    case SILENT -> new NameBehaviour.Silent();
                });
    }

    @Override
    public Duration latest() {
        return Duration.ofSeconds(5);
    }

    @Override
    public void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime());
    }

    @Override
    public void close() {
        server.close();
        block.close();
        deaf.close();
    }
}
