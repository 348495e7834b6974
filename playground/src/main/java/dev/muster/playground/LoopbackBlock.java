package dev.muster.playground;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.random.RandomGenerator;

/**
 * The addresses {@code 127.x.y.0/24} of one set: member N has 127.x.y.(10+N), the name server 127.x.y.253.
 * The name server's sockets are bound first and held until close: they are the claim by which sets of other
 * processes leave this block alone.
 */
final class LoopbackBlock implements AutoCloseable {
    /** A replica set has at most 50 members. */
    static final int MAX_MEMBERS = 50;

    static final int MONGOD_PORT = 27017;
    static final int HTTP_PORT = 8017;
    private static final int NAME_SERVER_PORT = 5353;

    private static final int FIRST_MEMBER = 10;
    private static final int NAME_SERVER = 253;
    private static final int ATTEMPTS = 200;

    private final int x;
    private final int y;
    private final ServerSocket streams;
    private final DatagramSocket datagrams;

    private LoopbackBlock(int x, int y, ServerSocket streams, DatagramSocket datagrams) {
        this.x = x;
        this.y = y;
        this.streams = streams;
        this.datagrams = datagrams;
    }

    /** Claims a block in which the ports of all members are free. */
    static LoopbackBlock claim() {
        RandomGenerator random = RandomGenerator.getDefault();
        String lastFailure = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            // The lower blocks are where other software puts its own loopback addresses.
            int x = random.nextInt(64, 255);
            int y = random.nextInt(1, 255);
            try {
                return claim(x, y);
            } catch (IOException e) {
                lastFailure = e.getMessage();
            }
        }
        throw new PlaygroundException("found no loopback block 127.x.y.0/24 with ports " + MONGOD_PORT + ", "
                + HTTP_PORT + " and " + NAME_SERVER_PORT + " free (" + ATTEMPTS + " tried, the last: " + lastFailure
                + "); something listens on one of them at all addresses: stop it first");
    }

    private static LoopbackBlock claim(int x, int y) throws IOException {
        InetSocketAddress server = new InetSocketAddress(address(x, y, NAME_SERVER), NAME_SERVER_PORT);
        ServerSocket streams = new ServerSocket();
        try {
            streams.bind(server);
            DatagramSocket datagrams = new DatagramSocket(server);
            try {
                for (int ordinal = 0; ordinal < MAX_MEMBERS; ordinal++) {
                    InetAddress member = address(x, y, FIRST_MEMBER + ordinal);
                    requireFree(new InetSocketAddress(member, MONGOD_PORT));
                    requireFree(new InetSocketAddress(member, HTTP_PORT));
                }
                return new LoopbackBlock(x, y, streams, datagrams);
            } catch (IOException e) {
                datagrams.close();
                throw e;
            }
        } catch (IOException e) {
            streams.close();
            throw e;
        }
    }

    private static void requireFree(InetSocketAddress address) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(address);
        }
    }

    /** The address of the member with that ordinal. */
    InetAddress member(int ordinal) {
        if (ordinal < 0 || ordinal >= MAX_MEMBERS) {
            throw new IllegalArgumentException("no member " + ordinal + "; ordinals are 0 to " + (MAX_MEMBERS - 1));
        }
        return address(x, y, FIRST_MEMBER + ordinal);
    }

    /** The block as packet filters write it. */
    String network() {
        return "127." + x + "." + y + ".0/24";
    }

    /** Where the set's name server listens, as {@code address:port}. */
    String nameServer() {
        return address(x, y, NAME_SERVER).getHostAddress() + ":" + NAME_SERVER_PORT;
    }

    ServerSocket streams() {
        return streams;
    }

    DatagramSocket datagrams() {
        return datagrams;
    }

    @Override
    public void close() {
        datagrams.close();
        try {
            streams.close();
        } catch (IOException e) {
            throw new PlaygroundException("cannot release the loopback block " + network(), e);
        }
    }

    private static InetAddress address(int x, int y, int z) {
        try {
            return InetAddress.getByAddress(new byte[] {127, (byte) x, (byte) y, (byte) z});
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }
}
