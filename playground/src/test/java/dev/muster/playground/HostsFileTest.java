package dev.muster.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostsFileTest {
    @Test
    void namesAreChangedInPlaceAndTheMachinesOwnLinesStay(@TempDir Path directory) throws IOException {
        Path machine = directory.resolve("machine");
        Files.writeString(machine, "127.0.0.1 localhost\n10.1.2.3 elsewhere\n::1 localhost\n");
        HostsFile hosts = HostsFile.create(directory.resolve("hosts"), machine);
        Object inode = Files.getAttribute(hosts.path(), "unix:ino");
        InetAddress address = InetAddress.getByAddress(new byte[] {127, 80, 1, 10});

        hosts.put("mongo-0.example", address);
        assertThat(hosts.lookup("mongo-0.example")).contains(address);
        assertThat(hosts.path()).hasContent("127.0.0.1 localhost\n::1 localhost\n127.80.1.10 mongo-0.example\n");

        hosts.remove("mongo-0.example");
        assertThat(hosts.path()).hasContent("127.0.0.1 localhost\n::1 localhost\n");
        assertThat(Files.getAttribute(hosts.path(), "unix:ino")).isEqualTo(inode);
    }
}
