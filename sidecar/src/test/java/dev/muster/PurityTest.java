package dev.muster;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

/** What decides must be a function of what is seen: else no table, simulation or replay would prove anything. */
@AnalyzeClasses(packages = "dev.muster", importOptions = ImportOption.DoNotIncludeTests.class)
class PurityTest {
    @ArchTest
    static final ArchRule dependsOnNothingElse = classes()
            .that()
            .resideInAnyPackage("dev.muster.model", "dev.muster.plan")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.muster.model",
                    "dev.muster.plan",
                    "java.lang..",
                    "java.util",
                    "java.util.function",
                    "java.util.stream",
                    "java.time",
                    "org.jspecify.annotations");

    @ArchTest
    static final ArchRule modelDoesNotKnowTheRules = noClasses()
            .that()
            .resideInAPackage("dev.muster.model")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.muster.plan");

    @ArchTest
    static final ArchRule readsNoClockEnvironmentOrRandom = noClasses()
            .that()
            .resideInAnyPackage("dev.muster.model", "dev.muster.plan")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(System.class, "getProperty", String.class)
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(java.util.Random.class);
}
