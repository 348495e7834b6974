package dev.muster.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Makes nodes fail, by the command of {@link TestSettings#nodesCommand()}, and restores them after the test. */
final class NodeFaults implements BeforeEachCallback, AfterEachCallback {
    private static final Duration COMMAND = Duration.ofSeconds(60);
    private static final Duration READY = Duration.ofSeconds(90);
    private static final Pattern NUMBER = Pattern.compile("(\\d+)$");

    private final Set<String> crashed = new LinkedHashSet<>();
    private final Set<String> cut = new LinkedHashSet<>();
    private final Set<String> cordoned = new LinkedHashSet<>();

    /** Not run where nodes cannot be made to fail: the report says so. */
    @Override
    public void beforeEach(ExtensionContext context) {
        assumeTrue(
                TestSettings.nodesCommand().isPresent(),
                "not run: MUSTER_E2E_NODES names no command that can crash, boot, cut and heal nodes");
        assumeTrue(Cluster.nodes().size() >= 3, "not run: needs three nodes");
        Wait.until("all nodes ready before the test", READY, Cluster::allNodesReady);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        mend();
    }

    /** The node loses its power. */
    void crash(String node) {
        crashed.add(node);
        run("crash", node);
    }

    void boot(String node) {
        run("boot", node);
        crashed.remove(node);
    }

    /** The node's network is gone; its pods run on. */
    void cut(String node) {
        cut.add(node);
        run("cut", node);
    }

    void heal(String node) {
        run("heal", node);
        cut.remove(node);
    }

    /** Evicts the pods that a selector names, as `kubectl drain` does before a node's maintenance. */
    void drain(String node, String podSelector, Duration timeout) {
        cordoned.add(node);
        Cluster.kubectl(
                        timeout,
                        "drain",
                        node,
                        "--ignore-daemonsets",
                        "--delete-emptydir-data",
                        "--pod-selector=" + podSelector,
                        "--timeout=" + timeout.toSeconds() + "s")
                .orThrow();
    }

    void uncordon(String node) {
        Cluster.kubectl(COMMAND, "uncordon", node).orThrow();
        cordoned.remove(node);
    }

    /** Brings back what failed, and waits until the cluster says so. */
    void mend() {
        List.copyOf(cut).forEach(this::heal);
        List.copyOf(crashed).forEach(this::boot);
        List.copyOf(cordoned).forEach(this::uncordon);
        Wait.until("all nodes ready after the test", READY, Cluster::allNodesReady);
    }

    /**
     * Starts again what is down before a test has done anything, such as a node whose kubelet has crashed; where nodes
     * cannot be started from here, they are left as they are.
     */
    static void bootWhatIsDown() {
        if (TestSettings.nodesCommand().isEmpty() || Cluster.allNodesReady()) {
            return;
        }
        for (Node node : Cluster.nodes()) {
            if (!Cluster.isReady(node)) {
                String name = node.getMetadata().getName();
                System.out.println(name + " was not ready before the test: started again");
                run("crash", name);
                run("boot", name);
            }
        }
        Wait.until("all nodes ready before the test", READY, Cluster::allNodesReady);
    }

    private static void run(String verb, String node) {
        Matcher matcher = NUMBER.matcher(node);
        if (!matcher.find()) {
            throw new IllegalArgumentException("the node's name ends with no number: " + node);
        }
        List<String> command = new ArrayList<>(TestSettings.nodesCommand().orElseThrow());
        command.add(verb);
        command.add(matcher.group(1));
        ExternalCommand.run(COMMAND, command).orThrow();
    }
}
