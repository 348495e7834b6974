package dev.muster;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.stream.Stream;

/** The rules for packages in an order, each of which may know only what is named for it and stands below it. */
final class Layers {
    private static final String ROOT = "dev.muster.";

    private Layers() {}

    /**
     * One package.
     *
     * @param name without {@code dev.muster.}, as all names here
     * @param mayKnow the packages of Muster that it may use
     * @param why the rule in a sentence, for the developer whose import broke it
     */
    record Layer(String name, List<String> mayKnow, String why) {
        Layer {
            mayKnow = List.copyOf(mayKnow);
        }

        @Override
        public String toString() {
            return name + " may know " + (mayKnow.isEmpty() ? "nobody" : String.join(", ", mayKnow));
        }
    }

    /** A layer that may know the packages named in that text, with a space between them. */
    static Layer layer(String name, String mayKnow, String why) {
        return new Layer(name, mayKnow.isEmpty() ? List.of() : List.of(mayKnow.split(" ")), why);
    }

    /** Fails when a class of that package uses a package of Muster that it may not know. */
    static void assertKnowsOnlyWhatItMay(Layer layer, JavaClasses all) {
        String[] allowed = Stream.concat(Stream.of(layer.name()), layer.mayKnow().stream())
                .map(name -> ROOT + name)
                .toArray(String[]::new);

        classes()
                .that()
                .resideInAPackage(ROOT + layer.name())
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage("dev.muster..").or(resideInAnyPackage(allowed)))
                .because(layer.why())
                .check(all);
    }

    /**
     * Fails when a layer may know one that stands above it, so that there can be no cycle.
     *
     * @param layers all of them, from the bottom up; names that are none of them do not count
     */
    static void assertKnowsOnlyWhatIsBelow(Layer layer, Stream<Layer> layers) {
        List<String> names = layers.map(Layer::name).toList();
        assertThat(names.subList(0, names.indexOf(layer.name())))
                .containsAll(layer.mayKnow().stream().filter(names::contains).toList());
    }

    /** Fails when one of these classes is in a package that is no layer, or a layer has no class. */
    static void assertCover(Stream<Layer> layers, Stream<JavaClass> classes) {
        assertThat(layers.map(layer -> ROOT + layer.name()))
                .containsExactlyInAnyOrderElementsOf(
                        classes.map(JavaClass::getPackageName).distinct().toList());
    }
}
