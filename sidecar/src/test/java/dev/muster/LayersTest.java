package dev.muster;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static dev.muster.Layers.layer;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.muster.Layers.Layer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which package may know which, and why. A new arrow is a decision: it needs a line here. */
class LayersTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.muster");

    /** From the bottom up. */
    static Stream<Layer> layers() {
        return Stream.of(
                layer("model", "", "it is what is known and wanted, as values; everything else is built on it"),
                layer("plan", "model", "a decision is a function of one snapshot, and of nothing else"),
                layer("secrets", "model", "files that hold secrets become values here, and nowhere else"),
                layer("dns", "", "a port answers a question of its own; it does not know who asks"),
                layer("mongo", "model plan", "a port makes the change that the plan names, and decides nothing"),
                layer("kube", "model plan", "a port answers with values of the model, and decides nothing"),
                layer("config", "model", "options are read before anything that they configure exists"),
                layer(
                        "start",
                        "model secrets config",
                        "what mongod needs is written before anything else runs: it knows no port to wait for"),
                layer(
                        "observe",
                        "model config secrets start dns mongo kube",
                        "a snapshot is read from the ports; it is not planned here"),
                layer(
                        "act",
                        "model plan secrets start dns mongo kube",
                        "a step is one write, made on the ports; which one, the plan has decided"),
                layer(
                        "tell",
                        "model plan kube",
                        "a report is about a snapshot and a decision; what reads it is above, and unknown here"),
                layer(
                        "loop",
                        "model plan observe act tell",
                        "the cycle knows what it turns, and nobody above it: one listener gets its reports"),
                layer("metrics", "model plan mongo tell", "Prometheus only reads: it can reach nothing that writes"),
                layer("web", "model plan tell", "HTTP is open to the whole cluster, so it only reads"),
                layer(
                        "control",
                        "model plan kube act tell loop",
                        "everything that may change something from outside is in this one room, to be reviewed as one"),
                layer(
                        "sidecar",
                        "model secrets dns mongo kube config start observe act tell loop metrics web control",
                        "it puts one sidecar together, so it knows all that a sidecar is made of"),
                layer(
                        "cli",
                        "model secrets kube config start control sidecar",
                        "commands start a sidecar, or ask one that runs from outside: they do not reach into its loop"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void knowsOnlyWhatItMay(Layer layer) {
        Layers.assertKnowsOnlyWhatItMay(layer, CLASSES);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void knowsOnlyWhatIsBelow(Layer layer) {
        Layers.assertKnowsOnlyWhatIsBelow(layer, layers());
    }

    @Test
    void everyPackageHasItsLine() {
        Layers.assertCover(layers(), CLASSES.stream());
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("dev.muster.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
