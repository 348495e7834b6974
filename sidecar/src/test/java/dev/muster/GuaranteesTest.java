package dev.muster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.TestSources.TestSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/guarantees.md says of tests and scenarios is so. A proof that names a test which is gone is none. */
class GuaranteesTest {
    // Maven runs tests in the module's directory.
    private static final Path PAGE = Path.of("..", "docs", "guarantees.md");

    private static final int SCENARIOS = 44;
    private static final String NONE = "none";
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");
    private static final Pattern TEST = Pattern.compile("(\\w+)(?:#(\\w+))?");
    /** In code: what can only be meant as a class, so that a misspelt one is not taken for a word. */
    private static final Pattern CLASS = Pattern.compile("[A-Z]\\w*[a-z]\\w*(?:#.*)?|.*#.*");

    private static final Pattern GUARANTEE = Pattern.compile("(?ms)^### (G\\d+)\\. [^\n]+\n(.*?)(?=^##)");
    private static final Pattern ROW = Pattern.compile("(?m)^- ([A-Z][a-z ]+): (.+)$");
    private static final Pattern SCENARIO = Pattern.compile("(?m)^\\| (S\\d+) \\| [^|]+ \\| ([^|]+) \\|$");
    private static final Pattern NUMBER = Pattern.compile("\\b[GS]\\d+\\b");

    /** Where a guarantee was tried, as its rows say, and which tests try it there. */
    private static final Map<String, Predicate<TestSource>> KINDS = Map.of(
            "Rules",
            GuaranteesTest::isOfTheRules,
            "Simulated",
            GuaranteesTest::isSimulated,
            "Real processes",
            source -> source.module().equals("playground"),
            "Real cluster",
            source -> source.name().endsWith("E2E"));

    private final String page = Files.readString(PAGE);
    private final TestSources sources = TestSources.ofAllModules();

    GuaranteesTest() throws IOException {}

    private static boolean isOfTheRules(TestSource source) {
        return !isSimulated(source)
                && !source.module().equals("playground")
                && source.name().endsWith("Test");
    }

    private static boolean isSimulated(TestSource source) {
        return source.packageName().equals("dev.muster.sim")
                || source.packageName().startsWith("dev.muster.sim.");
    }

    private static boolean isContract(TestSource source) {
        return source.packageName().equals("dev.muster.contract");
    }

    @Test
    void everyTestThatIsNamedExists() {
        assertThat(inCode(page).filter(CLASS.asMatchPredicate()).flatMap(this::faultOf))
                .as("named, and not there")
                .isEmpty();
    }

    @Test
    void everyGuaranteeIsShownByASimulatedOrRealTest() {
        List<String> faults = new ArrayList<>();
        guarantees().forEach((guarantee, rows) -> {
            assertThat(rows.keySet())
                    .as("rows of %s", guarantee)
                    .containsExactlyInAnyOrder("Scenarios", "Rules", "Simulated", "Real processes", "Real cluster");
            if (Stream.of("Simulated", "Real processes", "Real cluster")
                    .allMatch(kind -> NONE.equals(rows.get(kind)))) {
                faults.add(guarantee + " is shown by no simulated or real test");
            }
            KINDS.forEach((kind, isOfKind) -> faultOfRow(rows.getOrDefault(kind, ""), isOfKind)
                    .forEach(fault -> faults.add("%s, %s: %s".formatted(guarantee, kind, fault))));
        });
        assertThat(faults).isEmpty();
    }

    /** A contract proves something of the thing on which it runs: so beside it stands who runs it there. */
    private Stream<String> faultOfRow(String row, Predicate<TestSource> isOfKind) {
        if (row.equals(NONE)) {
            return Stream.empty();
        }
        List<String> names = inCode(row).toList();
        if (names.stream().flatMap(this::named).noneMatch(isOfKind)) {
            return Stream.of("names no test of its kind");
        }
        return names.stream()
                // One that is not there is told of elsewhere.
                .filter(name -> named(name).findAny().isPresent())
                .filter(name -> named(name).noneMatch(isOfKind.or(GuaranteesTest::isContract)))
                .map(name -> name + " is of another kind");
    }

    @Test
    void everyScenarioIsThereOnceAndSaysUnderWhichGuarantees() {
        Map<String, Set<String>> expected = new TreeMap<>();
        IntStream.rangeClosed(1, SCENARIOS).forEach(number -> expected.put("S" + number, new TreeSet<>()));
        guarantees()
                .forEach((guarantee, rows) -> numbers(rows.getOrDefault("Scenarios", ""))
                        .forEach(scenario -> expected.computeIfAbsent(scenario, _ -> new TreeSet<>())
                                .add(guarantee)));

        Map<String, Set<String>> table = new TreeMap<>();
        SCENARIO.matcher(page).results().forEach(row -> {
            Set<String> guarantees = numbers(row.group(2)).collect(Collectors.toCollection(TreeSet::new));
            assertThat(table.put(row.group(1), guarantees))
                    .as("%s twice", row.group(1))
                    .isNull();
            assertThat(row.group(2).startsWith("not covered: "))
                    .as("%s is not covered, with a reason, or is under a guarantee", row.group(1))
                    .isEqualTo(guarantees.isEmpty());
        });
        assertThat(table).as("scenarios, and where they are").containsExactlyInAnyOrderEntriesOf(expected);
    }

    /** Each guarantee's rows by their names. */
    private Map<String, Map<String, String>> guarantees() {
        Map<String, Map<String, String>> guarantees = new TreeMap<>();
        GUARANTEE.matcher(page).results().forEach(guarantee -> {
            Map<String, String> rows = ROW.matcher(guarantee.group(2))
                    .results()
                    .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2)));
            assertThat(guarantees.put(guarantee.group(1), rows))
                    .as("%s twice", guarantee.group(1))
                    .isNull();
        });
        assertThat(guarantees).as("guarantees").isNotEmpty();
        return guarantees;
    }

    private static Stream<String> inCode(String text) {
        return CODE.matcher(text).results().map(code -> code.group(1));
    }

    private static Stream<String> numbers(String text) {
        return NUMBER.matcher(text).results().map(MatchResult::group);
    }

    private Stream<TestSource> named(String name) {
        Matcher test = TEST.matcher(name);
        return test.matches() ? sources.named(test.group(1)) : Stream.empty();
    }

    private Stream<String> faultOf(String name) {
        Matcher test = TEST.matcher(name);
        if (!test.matches()) {
            return Stream.of(name + " is no test's name");
        }
        if (sources.named(test.group(1)).findAny().isEmpty()) {
            return Stream.of("there is no class " + test.group(1));
        }
        String method = test.group(2);
        return method == null
                        || sources.named(test.group(1))
                                .anyMatch(source -> source.tests().contains(method))
                ? Stream.empty()
                : Stream.of(test.group(1) + " has no test " + method);
    }
}
