package dev.muster.interleaving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.secrets.RootUserSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The few records that outlive a process, and every order in which they can be read and written: the ConfigMap with the
 * intent and the approvals, the primary's EndpointSlice, and the configuration with its tags and with MongoDB's own way to
 * change it. In every state of a {@link Story} the {@link Promises} are kept, and the world comes to rest when nothing goes
 * wrong any more.
 *
 * <p>A sidecar is the real planner, step runner and announcement. It can stand still between any two of its requests for
 * any time, die at any of them, and decide by an old look. What is bounded is how often each {@link State.Trouble} happens,
 * two to three pods, and two sidecars.
 *
 * <p>Left out: data, so who has cloned has all of it; optimes, adopted names, arbiters, priorities, and the heartbeats of a
 * forming set; the reader, so all parts of a look are of one moment, apart from what a lagging watch says; requests that
 * fail or whose answer is lost, other than by the death of the process; pods that terminate, and clocks that are wrong.
 */
class InterleavingsTest {
    /** So many there were when this was written: fewer means that something is no longer looked at. */
    private static final Map<Story, Integer> AT_LEAST = Map.of(
            Story.INITIATED, 28_000,
            Story.RECORD_PUT_BACK, 120_000,
            Story.NEW_SET, 135_000,
            Story.FORCED, 352_000,
            Story.ANNOUNCED, 77_000,
            Story.SCALED, 355_000);

    @TempDir
    private static Path files;

    private static RootUserSource rootUser;

    @BeforeAll
    static void writeRootUser() throws IOException {
        Path file = Files.writeString(files.resolve("root"), "root");
        rootUser = new RootUserSource(file, file);
    }

    @ParameterizedTest
    @EnumSource
    void everyPromiseIsKeptInEveryOrder(Story story) {
        Explorer explorer = new Explorer(story.scene(), Optional.empty(), rootUser);

        assertThat(explorer.explore()).isEmpty();
        System.out.printf("%s: %d states%n", story, explorer.states());
        assertThat(explorer.states()).isGreaterThanOrEqualTo(AT_LEAST.get(story));
    }

    /** Each guard is shown to matter: without it some order breaks a promise. */
    @ParameterizedTest(name = "without {0}")
    @EnumSource
    void isMissed(Guard guard) {
        Optional<String> harm = new Explorer(guard.missedIn().scene(), Optional.of(guard), rootUser).explore();

        assertThat(harm).hasValueSatisfying(way -> assertThat(way).contains(guard.harm()));
    }
}
