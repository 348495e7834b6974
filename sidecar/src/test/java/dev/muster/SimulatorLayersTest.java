package dev.muster;

import static dev.muster.Layers.layer;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.muster.Layers.Layer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which package of the simulator, of the contracts and of the interleavings may know which, of the product too, and why.
 * A new arrow is a decision: it needs a line here.
 */
class SimulatorLayersTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.OnlyIncludeTests())
            .importPackages("dev.muster.judge", "dev.muster.contract", "dev.muster.interleaving", "dev.muster.sim");

    /** From the bottom up. */
    static Stream<Layer> layers() {
        return Stream.of(
                layer("judge", "", "what clients saw is judged without knowing what they spoke to"),
                layer("judge.clients", "judge", "clients of a real set know the database, and nothing of Muster"),
                layer(
                        "contract",
                        "model plan dns mongo kube",
                        "what a port promises is said once, and knows neither the simulated nor the real thing behind it"),
                layer(
                        "contract.fuzz",
                        "contract model mongo",
                        "what is drawn and compared is the same whichever of the two sets is real"),
                layer(
                        "interleaving",
                        "model plan secrets start dns mongo kube act tell",
                        "the real decisions and steps are put in every order; what runs them in time is not needed"),
                layer("sim.engine", "", "time, order and chance are the same whatever is simulated"),
                layer(
                        "sim.mongod",
                        "contract contract.fuzz model plan mongo sim.engine",
                        "a mongod knows nothing of Kubernetes, and nothing of the faults that are prepared for it"),
                layer(
                        "sim.cluster",
                        "contract model plan dns kube sim.engine",
                        "a cluster starts and stops containers; what runs in them is not its business"),
                layer(
                        "sim.trouble",
                        "model plan mongo kube start sidecar sim.cluster",
                        "a fault is a value, drawn before there is a world that it happens to"),
                layer(
                        "sim",
                        "model plan dns mongo kube config start act tell loop control sidecar"
                                + " judge sim.engine sim.mongod sim.cluster sim.trouble",
                        "here it is all put together, and judged by what is true in it"));
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
}
