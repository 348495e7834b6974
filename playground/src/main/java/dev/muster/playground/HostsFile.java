package dev.muster.playground;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the set's processes see as {@code /etc/hosts}: the machine's own localhost lines, and the members.
 * Changes are written into the same file, because the processes have mounted it and not its name. Safe for
 * use by several threads.
 */
final class HostsFile {
    private final Path path;
    private final String machine;
    private final Map<String, InetAddress> names = new TreeMap<>();

    private HostsFile(Path path, String machine) {
        this.path = path;
        this.machine = machine;
    }

    /** Creates the file with the localhost lines of {@code machine}. */
    static HostsFile create(Path path, Path machine) throws IOException {
        String kept = Files.readAllLines(machine, UTF_8).stream()
                .filter(HostsFile::isOfThisMachine)
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        HostsFile hosts = new HostsFile(path, kept.isEmpty() ? "127.0.0.1 localhost\n" : kept);
        Files.writeString(path, hosts.machine);
        return hosts;
    }

    private static boolean isOfThisMachine(String line) {
        List<String> words = List.of(line.strip().split("\\s+", -1));
        return words.getFirst().startsWith("127.")
                || words.contains("localhost")
                || words.getFirst().equals("::1");
    }

    Path path() {
        return path;
    }

    /** The address of a name; empty when the file has none. Localhost is not asked here. */
    synchronized Optional<InetAddress> lookup(String name) {
        return Optional.ofNullable(names.get(name));
    }

    /** The addresses of a name as the set's processes find them. */
    List<InetAddress> resolve(String name) throws UnknownHostException {
        Optional<InetAddress> known = lookup(name);
        return known.isPresent() ? List.of(known.get()) : List.of(InetAddress.getAllByName(name));
    }

    /** Adds a name or changes its address; visible to running processes at once. */
    synchronized void put(String name, InetAddress address) {
        names.put(name, address);
        write();
    }

    /** Takes a name away; one that is not there is no failure. */
    synchronized void remove(String name) {
        names.remove(name);
        write();
    }

    private void write() {
        String text = machine
                + names.entrySet().stream()
                        .map(entry -> entry.getValue().getHostAddress() + " " + entry.getKey() + "\n")
                        .collect(Collectors.joining());
        byte[] bytes = text.getBytes(UTF_8);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            // Overwritten first and cut after: a reader in between never sees an empty file.
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer, buffer.position());
            }
            channel.truncate(bytes.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
