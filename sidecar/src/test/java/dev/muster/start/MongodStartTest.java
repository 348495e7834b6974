package dev.muster.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.config.StartOptions;
import dev.muster.config.StartOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MongodStartTest {
    @TempDir
    Path temporary;

    private Path secret = Path.of("");
    private Path data = Path.of("");
    private StartOrder order = new StartOrder(Path.of(""), Optional.empty());

    @BeforeEach
    void directories() throws IOException {
        secret = Files.writeString(temporary.resolve("secret"), "firstkey");
        data = Files.createDirectory(temporary.resolve("data"));
        order = new StartOrder(Files.createDirectory(temporary.resolve("start")), Optional.of(data));
    }

    @Test
    void writesWhatMongodNeedsAndThenLetsItBegin() throws IOException {
        MongodStart.Outcome outcome = write(Optional.of(secret), Optional.of(2), StartGate.OPEN);

        assertThat(outcome)
                .isEqualTo(new MongodStart.Outcome(
                        List.of(order.keyfile(), order.mongodConfig(), order.start()), true, DataDirectory.EMPTY));
        assertThat(Files.readString(order.keyfile())).isEqualTo("firstkey");
        assertThat(Files.readString(order.mongodConfig())).endsWith("initialSyncSourceReadPreference: secondary\n");
        assertThat(files())
                .as("no draft stays")
                .containsExactlyInAnyOrder(order.keyfile(), order.mongodConfig(), order.start())
                .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("r--------"));
    }

    @Test
    void withoutAuthenticationThereIsNoKeyfile() throws IOException {
        assertThat(write(Optional.empty(), Optional.of(0), StartGate.OPEN).written())
                .containsExactly(order.mongodConfig(), order.start());
    }

    @Test
    void aMemberWhosePlaceIsNotKnownGetsThePreferenceThatIsGoodForAll() throws IOException {
        write(Optional.empty(), Optional.empty(), StartGate.OPEN);
        assertThat(Files.readString(order.mongodConfig()))
                .endsWith("initialSyncSourceReadPreference: secondaryPreferred\n");
    }

    @Test
    void aRestartedSidecarWritesOnlyWhatDiffers() throws IOException {
        write(Optional.of(secret), Optional.of(2), StartGate.OPEN);
        Object inode = Files.getAttribute(order.start(), "unix:ino");

        assertThat(write(Optional.of(secret), Optional.of(2), StartGate.OPEN).written())
                .isEmpty();
        assertThat(write(Optional.of(secret), Optional.of(1), StartGate.OPEN).written())
                .containsExactly(order.mongodConfig());
        assertThat(Files.getAttribute(order.start(), "unix:ino")).isEqualTo(inode);
    }

    /** A mongod container that restarts must not have another key than the other members, which still run. */
    @Test
    void aKeyThatChangesUnderARunningMongodWaitsForTheNextPod() throws IOException {
        write(Optional.of(secret), Optional.of(0), StartGate.OPEN);
        Files.writeString(secret, "secondkey");
        assertThat(write(Optional.of(secret), Optional.of(0), StartGate.OPEN).written())
                .isEmpty();
        Files.delete(secret);
        assertThat(write(Optional.of(secret), Optional.of(0), StartGate.OPEN).begun())
                .as("nor does it need the Secret")
                .isTrue();
        assertThat(Files.readString(order.keyfile())).isEqualTo("firstkey");
    }

    @Test
    void aKeyThatMongodWouldRefuseLetsNothingBegin() throws IOException {
        Files.writeString(secret, "hunte");
        assertThatThrownBy(() -> write(Optional.of(secret), Optional.of(0), StartGate.OPEN))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(secret.toString())
                .hasMessageNotContaining("hunte");
        assertThat(files()).isEmpty();
    }

    @Test
    void aGateHoldsTheStartBackButNotTheFiles() throws IOException {
        StartGate onlyWithData = StartGate.EMPTY_WAITS;
        MongodStart.Outcome held = write(Optional.of(secret), Optional.of(0), onlyWithData);
        assertThat(held.begun()).isFalse();
        assertThat(held.written()).containsExactly(order.keyfile(), order.mongodConfig());

        Files.writeString(secret, "secondkey");
        assertThat(write(Optional.of(secret), Optional.of(0), onlyWithData).written())
                .as("mongod has not read the first key")
                .containsExactly(order.keyfile());

        Files.createFile(data.resolve("WiredTiger"));
        assertThat(write(Optional.of(secret), Optional.of(0), onlyWithData).written())
                .containsExactly(order.start());
        assertThat(write(Optional.of(secret), Optional.of(0), _ -> false).begun())
                .as("a mongod that has begun")
                .isTrue();
    }

    @Test
    void aMongodThatIsHeldBeginsWhenTheLoopSaysSo() throws IOException {
        write(Optional.of(secret), Optional.of(0), StartGate.EMPTY_WAITS);
        HeldStart start = HeldStart.by(order);
        assertThat(start.isHeld()).isTrue();

        start.begin();
        assertThat(start.isHeld()).isFalse();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(order.start())))
                .isEqualTo("r--------");
        start.begin();
        assertThat(write(Optional.of(secret), Optional.of(0), StartGate.EMPTY_WAITS)
                        .begun())
                .as("a sidecar that restarts")
                .isTrue();
    }

    @Test
    void aMongodThatCannotBeStartedSaysWhy() {
        StartOrder nowhere = new StartOrder(temporary.resolve("absent"), Optional.of(data));
        assertThatThrownBy(() -> HeldStart.by(nowhere).begin())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(nowhere.start() + " cannot be written");
    }

    @Test
    void aDataDirectoryIsEmptyUntilAMongodHasStartedOnIt() throws IOException {
        assertThat(DataDirectory.of(Optional.empty())).isEqualTo(DataDirectory.UNKNOWN);
        assertThat(DataDirectory.of(Optional.of(temporary.resolve("absent")))).isEqualTo(DataDirectory.UNKNOWN);
        Files.createDirectory(data.resolve("lost+found"));
        assertThat(DataDirectory.of(Optional.of(data))).isEqualTo(DataDirectory.EMPTY);
        Files.createFile(data.resolve("WiredTiger"));
        assertThat(DataDirectory.of(Optional.of(data))).isEqualTo(DataDirectory.USED);
    }

    private MongodStart.Outcome write(Optional<Path> keyfile, Optional<Integer> place, StartGate gate)
            throws IOException {
        return new MongodStart(new StartOptions.Known(order, keyfile, true, place), gate).write();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(order.directory())) {
            return files.toList();
        }
    }
}
