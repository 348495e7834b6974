package dev.muster.e2e;

import java.time.Duration;
import java.util.List;

/** The processes of a release's pods. */
final class Processes {
    private static final Duration EXEC = Duration.ofSeconds(20);

    private Processes() {}

    /** A process cannot kill the first of its own namespace: so those of a pod get one together. A roll-out follows. */
    static void share(Release release) {
        release.kubectl(
                        "patch",
                        "statefulset/" + Release.NAME,
                        "--patch={\"spec\":{\"template\":{\"spec\":{\"shareProcessNamespace\":true}}}}")
                .orThrow();
    }

    /**
     * Sends a signal to the processes of that name in a member's pod.
     *
     * @param names {@code mongod}, {@code muster}
     */
    static void signal(Release release, int ordinal, String signal, List<String> names) {
        release.kubectl(
                        EXEC,
                        "exec",
                        Release.podName(ordinal),
                        "-c",
                        "mongod",
                        "--",
                        "bash",
                        "-c",
                        script(signal, names))
                .orThrow();
    }

    /** Fails where there is none of them; one that is being started again may be missing. */
    private static String script(String signal, List<String> names) {
        return ("found=1; for process in /proc/[0-9]*; do"
                        + " case \" %s \" in *\" $(cat $process/comm 2>/dev/null) \"*)"
                        + " kill -%s ${process#/proc/} && found=0;; esac; done; exit $found")
                .formatted(String.join(" ", names), signal);
    }
}
