package dev.muster;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The tests of all modules, by their sources: those of the others are on no class path here. */
final class TestSources {
    private static final Set<String> TEST_ANNOTATIONS = Set.of("Test", "ParameterizedTest", "RepeatedTest");

    private final List<TestSource> all;

    private TestSources(List<TestSource> all) {
        this.all = all;
    }

    /**
     * A file of tests.
     *
     * @param name the class that gives the file its name
     * @param tests the methods that are tests, those of nested classes included, and the tables of parameterized ones
     */
    record TestSource(String module, String packageName, String name, Set<String> tests) {
        TestSource {
            tests = Set.copyOf(tests);
        }
    }

    static TestSources ofAllModules() throws IOException {
        List<TestSource> all = new ArrayList<>();
        for (String module : List.of("sidecar", "playground", "charts", "examples/apps", "e2e")) {
            // Maven runs tests in the module's directory.
            all.addAll(read(module, Path.of("..", module, "src", "test", "java")));
        }
        return new TestSources(List.copyOf(all));
    }

    /** Several, where packages use a name twice. */
    Stream<TestSource> named(String name) {
        return all.stream().filter(source -> source.name().equals(name));
    }

    private static List<TestSource> read(String module, Path root) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(root)) {
            files = found.filter(file -> file.getFileName().toString().matches("[A-Z].*\\.java"))
                    .sorted()
                    .toList();
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<TestSource> sources = new ArrayList<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            for (CompilationUnitTree unit : task.parse()) {
                sources.add(source(module, unit));
            }
        }
        return sources;
    }

    private static TestSource source(String module, CompilationUnitTree unit) {
        Set<String> tests = new TreeSet<>();
        new TreeScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
                for (AnnotationTree annotation : method.getModifiers().getAnnotations()) {
                    String type = annotation.getAnnotationType().toString();
                    if (TEST_ANNOTATIONS.contains(type)) {
                        tests.add(method.getName().toString());
                    } else if (type.equals("MethodSource")) {
                        tests.addAll(tables(annotation));
                    }
                }
                return super.visitMethod(method, null);
            }
        }.scan(unit, null);
        ClassTree top = (ClassTree) unit.getTypeDecls().getFirst();
        return new TestSource(
                module,
                String.valueOf(unit.getPackageName()),
                top.getSimpleName().toString(),
                tests);
    }

    private static Set<String> tables(AnnotationTree methodSource) {
        Set<String> tables = new TreeSet<>();
        new TreeScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitLiteral(LiteralTree literal, @Nullable Void nothing) {
                tables.add(String.valueOf(literal.getValue()));
                return super.visitLiteral(literal, null);
            }
        }.scan(methodSource, null);
        return tables;
    }
}
