package dev.muster.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sim.cluster.KubernetesObjects.Policy;
import dev.muster.sim.trouble.Sabotage;
import dev.muster.sim.trouble.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What every pod says while a set forms and while it is scaled down, as text files that are reviewed like code. A
 * change of a rule, of its order or of a message shows there as a diff. {@code -Dmuster.update=true} writes the files
 * again.
 */
class TranscriptsTest {
    // Maven runs tests in the module's directory.
    private static final Path FILES = Path.of("src", "test", "transcripts");

    private static final Pattern TIME = Pattern.compile("^ *[0-9.]+  ");
    private static final Pattern SET_ID = Pattern.compile("\\b[0-9a-f]{24}\\b");
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(3);

    @Test
    void threeMembersForm() throws IOException {
        SimulatedWorld world = new SimulatedWorld(1, Setting.fresh(3, Policy.PARALLEL), Sabotage.NONE);
        world.scheduler().run(LONG_ENOUGH);
        world.close();

        check("forming", world.transcript().lines());
    }

    @Test
    void fiveMembersAreScaledDownToOne() throws IOException {
        SimulatedWorld world = new SimulatedWorld(1, Setting.fresh(5, Policy.PARALLEL), Sabotage.NONE);
        world.scheduler().run(LONG_ENOUGH);
        int formed = world.transcript().lines().size();

        world.kubectl().scale(1);
        world.scheduler().run(LONG_ENOUGH);
        world.close();

        List<String> lines = world.transcript().lines();
        check("scale-down", lines.subList(formed, lines.size()));
    }

    /** Requires that the file of that name has these lines, without what chance determines: times and identifiers. */
    private static void check(String name, List<String> lines) throws IOException {
        String told = lines.stream()
                .map(line -> TIME.matcher(line).replaceFirst(""))
                .map(line -> SET_ID.matcher(line).replaceAll("<replica set id>"))
                .collect(Collectors.joining("\n", "", "\n"));
        Path file = FILES.resolve(name + ".txt");
        if (Boolean.getBoolean("muster.update")) {
            Files.writeString(file, told);
        }
        assertThat(told).isEqualTo(Files.readString(file));
    }
}
