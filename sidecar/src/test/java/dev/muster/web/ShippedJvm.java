package dev.muster.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of this class path in a process of its own, with the JVM options of the image. */
final class ShippedJvm implements AutoCloseable {
    // Maven runs tests in the module's directory.
    private static final Path OPTIONS = Path.of("jvm.options");

    private static final int ENDS_WITHIN_SECONDS = 10;

    private final Process process;
    private final Path output;

    private ShippedJvm(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Starts the program.
     *
     * @param directory where its output goes
     */
    static ShippedJvm start(Path directory, Class<?> main, String... arguments) throws IOException {
        // Surefire may hand its tests a jar that only names the class path. This property then has the class path
        // itself.
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + OPTIONS,
                "-cp",
                classPath,
                main.getName()));
        command.addAll(List.of(arguments));
        Path output = directory.resolve(main.getSimpleName() + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        // A sidecar refuses a variable that looks like an option and is none, and the tests have such of their own.
        builder.environment().keySet().removeIf(name -> name.startsWith("MUSTER_"));
        Process process = builder.start();
        return new ShippedJvm(process, output);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it has printed so far. */
    String output() throws IOException {
        return Files.readString(output);
    }

    /** Writes a line to its standard input. */
    void tell(String line) throws IOException {
        process.outputWriter().append(line).append('\n').flush();
    }

    /** Ends the process, and waits until it is gone. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("process " + process.pid() + " cannot be ended");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
