package dev.muster.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One line of UTF-8 in each direction: the protocol of the control socket. */
public final class OneLine {
    private OneLine() {}

    /** The other side sent no line, or one that is not allowed. Its message is for an operator. */
    static final class UnreadableException extends IOException {
        private static final long serialVersionUID = 1;

        UnreadableException(String message) {
            super(message);
        }
    }

    /**
     * Reads up to the first line feed, which is not part of the result.
     *
     * @param channel left in non-blocking mode
     * @throws UnreadableException when no line feed comes within the limits
     */
    static String read(SocketChannel channel, int maxBytes, Duration deadline) throws IOException {
        long endNanos = System.nanoTime() + deadline.toNanos();
        ByteBuffer buffer = ByteBuffer.allocate(maxBytes + 1);
        channel.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            SelectionKey unused = channel.register(selector, SelectionKey.OP_READ);
            while (unused.isValid()) {
                int count = channel.read(buffer);
                for (int i = 0; i < buffer.position(); i++) {
                    if (buffer.get(i) == '\n') {
                        return new String(buffer.array(), 0, i, StandardCharsets.UTF_8).strip();
                    }
                }
                if (count < 0) {
                    throw new UnreadableException("the connection ended before the line did");
                }
                if (!buffer.hasRemaining()) {
                    throw new UnreadableException("the line is longer than " + maxBytes + " bytes");
                }
                long leftMillis = Duration.ofNanos(endNanos - System.nanoTime()).toMillis();
                if (leftMillis <= 0) {
                    throw new UnreadableException("no line came within " + deadline.toMillis() + " ms");
                }
                selector.select(leftMillis);
                selector.selectedKeys().clear();
            }
            throw new UnreadableException("the connection ended before the line did");
        }
    }

    /** Writes a line. Control characters become spaces, as they could end it early. */
    static void write(SocketChannel channel, String line) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(line.replaceAll("\\p{Cntrl}+", " ") + "\n");
        channel.configureBlocking(true);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
