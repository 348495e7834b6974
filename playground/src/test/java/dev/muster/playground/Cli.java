package dev.muster.playground;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The command line of the sidecar, as a person in the container uses it: a process of its own. */
final class Cli {
    private Cli() {}

    /** What a command printed and how it ended. */
    record Result(int code, String output) {}

    static Result run(String... words) {
        List<String> command = new ArrayList<>(SidecarProgram.command(List.of(), SidecarProgram.MAIN_CLASS));
        command.addAll(List.of(words));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
