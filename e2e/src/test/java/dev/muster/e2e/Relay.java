package dev.muster.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Relays TCP connections. Those that are open can be made silent: they stay open, and nothing gets through any more. */
final class Relay implements AutoCloseable {
    private static final int BUFFER = 8192;

    private final ServerSocket server;
    private final List<Connection> connections = new ArrayList<>();

    private record Connection(Socket client, Socket target, AtomicBoolean silent) {}

    Relay() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** The local port that leads there. */
    int to(String host, int port) {
        Thread.ofVirtual().start(() -> accept(host, port));
        return server.getLocalPort();
    }

    private void accept(String host, int port) {
        try {
            while (true) {
                Connection connection = new Connection(server.accept(), new Socket(host, port), new AtomicBoolean());
                synchronized (connections) {
                    connections.add(connection);
                }
                Thread.ofVirtual().start(() -> copy(connection, connection.client(), connection.target()));
                Thread.ofVirtual().start(() -> copy(connection, connection.target(), connection.client()));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private static void copy(Connection connection, Socket from, Socket into) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = into.getOutputStream();
            int length = in.read(buffer);
            while (length >= 0) {
                if (!connection.silent().get()) {
                    out.write(buffer, 0, length);
                    out.flush();
                }
                length = in.read(buffer);
            }
            if (!connection.silent().get()) {
                into.shutdownOutput();
            }
        } catch (IOException e) {
            // One end is closed.
        }
    }

    /** Makes all connections silent that are open now. */
    void silence() {
        synchronized (connections) {
            connections.forEach(connection -> connection.silent().set(true));
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            synchronized (connections) {
                for (Connection connection : connections) {
                    connection.client().close();
                    connection.target().close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
