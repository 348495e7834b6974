package dev.muster.playground;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Starts processes that cannot outlive this one, each in a mount namespace of its own with its own
 * {@code /etc/hosts}, so that neither a process nor a mount is left behind however this JVM ends.
 */
final class Spawner {
    /**
     * The kernel sends the parent-death signal when the thread that made the child ends, not the process:
     * one thread that lives as long as the JVM starts them all.
     */
    private static final ExecutorService PARENT = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("muster-parent").daemon().factory());

    private static final Set<ChildProcess> ALIVE = ConcurrentHashMap.newKeySet();

    /**
     * Run by a shell in the new namespace: ends at once when the parent died before the death signal was
     * armed, then replaces the hosts file and becomes the command.
     */
    private static final String SCRIPT =
            "[ \"$PPID\" = \"$1\" ] || exit 1; shift; " + "mount --bind \"$0\" /etc/hosts && exec \"$@\"";

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Spawner::killAll, "muster-kill-children"));
    }

    private Spawner() {}

    /**
     * What to start.
     *
     * @param name for messages, such as {@code mongod of mongo-1}
     * @param hosts the file to show as {@code /etc/hosts}
     * @param group the process's group, by which packet filters know it; the caller's own when empty
     */
    record Order(
            String name,
            Path hosts,
            Path directory,
            Path output,
            Optional<Integer> group,
            Map<String, String> environment,
            List<String> command) {
        Order {
            environment = Map.copyOf(environment);
            command = List.copyOf(command);
        }
    }

    /** Starts a process; its output is appended to the order's file. */
    static ChildProcess start(Order order) {
        try {
            ChildProcess child = PARENT.submit(() -> startHere(order)).get();
            ALIVE.add(child);
            child.onExit(() -> ALIVE.remove(child));
            return child;
        } catch (ExecutionException e) {
            throw new PlaygroundException("cannot start the " + order.name() + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlaygroundException("interrupted while starting the " + order.name(), e);
        }
    }

    private static ChildProcess startHere(Order order) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words(order))
                .directory(order.directory().toFile())
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(order.output().toFile()));
        // A person's MUSTER_… variables are for the playground or another sidecar; ours are told all by flags.
        builder.environment().keySet().removeIf(name -> name.startsWith("MUSTER_"));
        builder.environment().putAll(order.environment());
        return new ChildProcess(order.name(), builder.start());
    }

    private static List<String> words(Order order) {
        List<String> words = new ArrayList<>(List.of("unshare", "-m"));
        if (!Shell.isRoot()) {
            words.add("-r");
        }
        words.addAll(List.of("--propagation", "private"));
        // After unshare: entering a user namespace, like any change of credentials, clears the death signal.
        words.add("setpriv");
        order.group().ifPresent(group -> words.addAll(List.of("--regid", group.toString(), "--clear-groups")));
        words.addAll(List.of("--pdeathsig", "KILL", "sh", "-c", SCRIPT));
        words.add(order.hosts().toString());
        words.add(Long.toString(ProcessHandle.current().pid()));
        words.addAll(order.command());
        return words;
    }

    private static void killAll() {
        ALIVE.forEach(ChildProcess::kill);
    }
}
