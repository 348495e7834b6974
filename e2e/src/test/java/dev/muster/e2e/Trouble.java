package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Does deeds to a release and takes them back. Those of one lane come one after the other. */
final class Trouble {
    /** The kubelet waits up to five minutes before it starts a container again that ended often. */
    static final Duration COMES_BACK = Duration.ofMinutes(7);

    private static final Duration PRIMARY = Duration.ofSeconds(60);
    private static final Duration STOPS = Duration.ofMinutes(2);
    private static final Duration OCCASION = Duration.ofSeconds(30);
    private static final Duration NOTICED = Duration.ofSeconds(5);
    private static final Duration GETS_NODE = Duration.ofSeconds(20);
    private static final Duration NODES_READY = Duration.ofSeconds(90);

    /** The primary's view of a member whose node lost its power is as old as its heartbeats. */
    private static final Duration STAYS_WHOLE = Duration.ofSeconds(3);

    private static final List<Integer> ALWAYS =
            IntStream.range(0, Deed.ALWAYS).boxed().toList();

    private final Release release;
    private final NodeFaults nodes;
    private final String spared;
    private final Optional<Snapshots> snapshots;

    /** Held by what sets the number of members. */
    private final ReentrantLock size = new ReentrantLock();

    private int upgrades;
    private int snapshotsTaken;

    /** Since the set was whole, of those that are always there. Only the lane of the members uses it. */
    private List<Integer> troubled = List.of();

    /**
     * Of a release.
     *
     * @param spared the node of the clients, which is neither cut nor crashed
     * @param snapshots of its volumes, if there can be any
     */
    Trouble(Release release, NodeFaults nodes, String spared, Optional<Snapshots> snapshots) {
        this.release = release;
        this.snapshots = snapshots;
        this.nodes = nodes;
        this.spared = spared;
    }

    /** A deed for which there is no occasion, and why. */
    static final class LeftOut extends RuntimeException {
        private static final long serialVersionUID = 1;

        LeftOut(String why) {
            super(why);
        }
    }

    /**
     * Waits until the set can do without one member, or without those of a node with a minority of them.
     *
     * @param tell hears what it waits for
     */
    void awaitWhole(Consumer<String> tell) {
        List<String> told = new ArrayList<>();
        Wait.untilAsserted("a set of which a member may be troubled", COMES_BACK, () -> {
            long end = System.nanoTime() + STAYS_WHOLE.toNanos();
            do {
                Optional<String> why = release.status().notWhole(ALWAYS, troubled);
                why.filter(words -> !told.contains(words)).ifPresent(words -> {
                    told.add(words);
                    tell.accept(words);
                });
                assertThat(why).as("why it is not whole").isEmpty();
                Wait.sleep(Duration.ofMillis(500));
            } while (System.nanoTime() - end < 0);
        });
        troubled = List.of();
    }

    /**
     * Does it, and returns when it is taken back, or when what it ended runs again.
     *
     * @return to whom it was done
     * @throws LeftOut if there is no occasion
     */
    String perform(Deed deed) {
        Duration lasting = deed.lasting().orElse(Duration.ZERO);
        return switch (deed.kind()) {
            case CUT -> withoutNode(deed, nodes::cut, nodes::heal);
            case CRASH -> withoutNode(deed, nodes::crash, nodes::boot);
            case FREEZE_MONGOD -> freeze(member(deed), List.of("mongod"), lasting);
            case FREEZE_POD -> freeze(member(deed), List.of("mongod", "muster"), lasting);
            case KILL_MONGOD -> endMongod(member(deed), "KILL");
            case STOP_MONGOD -> endMongod(member(deed), "TERM");
            case DELETE_POD -> {
                int ordinal = member(deed);
                release.deletePods(List.of(ordinal), STOPS);
                yield Release.podName(ordinal);
            }
            case LOSE_VOLUME -> loseVolume(member(deed));
            case RESTORE_VOLUME -> restoreVolume(member(deed), lasting);
            case DIP -> dip(deed.number().orElseThrow(), lasting);
            case ROLL_OUT -> {
                trouble(ALWAYS);
                release.kubectl("rollout", "restart", "statefulset/" + Release.NAME)
                        .orThrow();
                release.awaitRollout(COMES_BACK);
                yield "all";
            }
            case UPGRADE -> upgrade();
            case KILL_SIDECAR -> signal(member(deed), "KILL", List.of("muster"));
            case STOP_SIDECAR -> signal(member(deed), "TERM", List.of("muster"));
            case FREEZE_SIDECAR -> freeze(member(deed), List.of("muster"), lasting);
            case API_AWAY -> withoutPermissions(lasting);
            case SCALE -> scale(deed);
        };
    }

    private int member(Deed deed) {
        int ordinal = deed.number()
                .orElseGet(() -> Wait.untilPresent(
                        "a primary", PRIMARY, () -> release.status().primary()));
        if (deed.kind().lane() == DeedKind.Lane.MEMBERS) {
            trouble(List.of(ordinal));
        }
        return ordinal;
    }

    private void trouble(Collection<Integer> ordinals) {
        troubled = ALWAYS.stream().filter(ordinals::contains).toList();
    }

    private String withoutNode(Deed deed, Consumer<String> fail, Consumer<String> restore) {
        String node = nodeWithAMinority(member(deed));
        Map<Integer, String> before = new TreeMap<>();
        membersOn(node).forEach(ordinal -> before.put(ordinal, life(ordinal, "mongod")));
        trouble(before.keySet());
        fail.accept(node);
        Wait.sleep(deed.lasting().orElseThrow());
        restore.accept(node);
        Wait.until("all nodes ready again", NODES_READY, Cluster::allNodesReady);
        if (deed.kind() == DeedKind.CRASH) {
            before.forEach(this::awaitAnotherLife);
        }
        return node + " with " + before.keySet().stream().map(Release::podName).toList();
    }

    /**
     * That member's node, or another's if it is spared or has too many of the voters. While members come and leave
     * there may be none for a moment.
     */
    private String nodeWithAMinority(int ordinal) {
        long end = System.nanoTime() + OCCASION.toNanos();
        while (true) {
            int fewest = Math.min(voters(), release.ordinals().size());
            Optional<String> found = Stream.concat(Stream.of(ordinal), release.ordinals().stream())
                    .flatMap(candidate -> release.pod(candidate).stream())
                    .flatMap(pod -> Stream.ofNullable(pod.getSpec().getNodeName()))
                    .filter(node -> !node.equals(spared) && membersOn(node).size() <= (fewest - 1) / 2)
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            if (System.nanoTime() - end > 0) {
                throw new LeftOut("each node has the clients or too many of the members");
            }
            Wait.sleep(Duration.ofMillis(500));
        }
    }

    private int voters() {
        StatusAnswers status = release.status();
        return (int) status.primary().stream()
                .flatMap(primary -> status.members(primary).stream())
                .filter(member -> member.getInteger("votes") == 1)
                .count();
    }

    /** Also those that are about to get a vote, or to leave. */
    private List<Integer> membersOn(String node) {
        return IntStream.range(0, Deed.MOST)
                .boxed()
                .filter(ordinal -> release.pod(ordinal)
                        .filter(pod -> node.equals(pod.getSpec().getNodeName()))
                        .isPresent())
                .toList();
    }

    private String endMongod(int ordinal, String signal) {
        String before = life(ordinal, "mongod");
        signal(ordinal, signal, List.of("mongod"));
        awaitAnotherLife(ordinal, before);
        return Release.podName(ordinal);
    }

    private String loseVolume(int ordinal) {
        if (!ALWAYS.contains(ordinal)) {
            throw new LeftOut(Release.podName(ordinal) + " may be about to leave");
        }
        release.loseVolumes(List.of(ordinal), List.of(), STOPS);
        awaitNode(ordinal);
        return Release.podName(ordinal);
    }

    private String restoreVolume(int ordinal, Duration age) {
        Snapshots available = snapshots.orElseThrow(() -> new LeftOut("the cluster has no snapshots of volumes"));
        if (!ALWAYS.contains(ordinal)) {
            throw new LeftOut(Release.podName(ordinal) + " may be about to leave");
        }
        snapshotsTaken++;
        String snapshot = available.take(release, ordinal, "trouble-" + snapshotsTaken);
        Wait.sleep(age);
        available.restore(release, ordinal, snapshot);
        awaitNode(ordinal);
        return Release.podName(ordinal);
    }

    /**
     * Deletes a pod that gets no node. One that was made while its claim was being deleted is sometimes looked at by the
     * scheduler only five minutes later.
     */
    private void awaitNode(int ordinal) {
        Wait.until("a node for " + Release.podName(ordinal), COMES_BACK, () -> {
            long end = System.nanoTime() + GETS_NODE.toNanos();
            while (System.nanoTime() - end < 0) {
                if (release.pod(ordinal)
                        .filter(pod -> pod.getSpec().getNodeName() != null)
                        .isPresent()) {
                    return true;
                }
                Wait.sleep(Duration.ofMillis(500));
            }
            release.kubectl("delete", "pod", "--ignore-not-found", "--wait=false", Release.podName(ordinal))
                    .orThrow();
            return false;
        });
    }

    private String upgrade() {
        upgrades++;
        trouble(ALWAYS);
        // It sets the number of members too.
        size.lock();
        try {
            release.upgrade(release.values().with("podAnnotations.upgrade", Integer.toString(upgrades)));
        } finally {
            size.unlock();
        }
        release.awaitRollout(COMES_BACK);
        return "all";
    }

    private String signal(int ordinal, String signal, List<String> names) {
        try {
            Processes.signal(release, ordinal, signal, names);
        } catch (AssertionError e) {
            // Its node or its pod is away: the other lane troubles the same member.
            throw new LeftOut(String.valueOf(e.getMessage()));
        }
        return Release.podName(ordinal);
    }

    private String freeze(int ordinal, List<String> names, Duration lasting) {
        Map<String, String> before =
                names.stream().collect(Collectors.toMap(Function.identity(), name -> life(ordinal, name)));
        signal(ordinal, "STOP", names);
        Wait.sleep(lasting);
        // The other lane may have cut off the node, replaced the pod, or ended one of the processes and not the other.
        Wait.until(Release.podName(ordinal) + " goes on", COMES_BACK, () -> {
            List<String> frozen = names.stream()
                    .filter(name -> life(ordinal, name).equals(before.get(name)))
                    .toList();
            if (frozen.isEmpty()) {
                return true;
            }
            try {
                Processes.signal(release, ordinal, "CONT", frozen);
                return true;
            } catch (AssertionError e) {
                return false;
            }
        });
        return Release.podName(ordinal);
    }

    /** Never while members leave: a sidecar that cannot ask whether its pod is to leave lets it go with its vote. */
    private String withoutPermissions(Duration lasting) {
        awaitSize();
        Permissions permissions = Permissions.take(release);
        Wait.sleep(lasting);
        permissions.giveBack();
        return "all";
    }

    private void awaitSize() {
        Wait.until("as many members as there are to be", COMES_BACK, this::isOfSize);
    }

    private boolean isOfSize() {
        StatusAnswers status = release.status();
        return IntStream.range(0, Deed.MOST)
                        .allMatch(ordinal -> release.pod(ordinal).isPresent()
                                == release.ordinals().contains(ordinal))
                && status.primary()
                        .filter(primary -> status.members(primary).size()
                                == release.ordinals().size())
                        .isPresent();
    }

    /** Up only when nobody leaves: otherwise it would take a scale-down back. */
    private String scale(Deed deed) {
        size.lock();
        try {
            int before = release.ordinals().size();
            int replicas = deed.number().orElseThrow();
            if (replicas < before && deed.lasting().isPresent()) {
                throw new LeftOut("a scale-down that is taken back is a dip");
            }
            if (replicas > before) {
                awaitSize();
            }
            release.scaleAtOnce(replicas);
            deed.lasting().ifPresent(time -> {
                Wait.sleep(time);
                release.scaleAtOnce(before);
            });
            return "from " + before;
        } finally {
            size.unlock();
        }
    }

    private String dip(int replicas, Duration lasting) {
        size.lock();
        try {
            int before = release.ordinals().size();
            if (replicas >= before) {
                throw new LeftOut("there are " + before + " members");
            }
            awaitSize();
            release.scaleAtOnce(replicas);
            Wait.sleep(lasting);
            release.scaleAtOnce(before);
            // What others know of those that stopped is old for some seconds.
            Wait.sleep(NOTICED);
            Wait.until(
                    "all pods ready again",
                    COMES_BACK,
                    () -> release.ordinals().stream().allMatch(release::podReady));
            return "from " + before;
        } finally {
            size.unlock();
        }
    }

    private void awaitAnotherLife(int ordinal, String before) {
        Wait.until("another life of " + Release.podName(ordinal), COMES_BACK, () -> {
            String now = life(ordinal, "mongod");
            return !now.equals(before) && !now.equals("ended");
        });
    }

    /** Which life of a container runs: "ended" if none does, "none" if there is no pod. */
    private String life(int ordinal, String container) {
        return release.pod(ordinal)
                .map(pod -> containers(pod)
                        .filter(status -> status.getName().equals(container)
                                && status.getState() != null
                                && status.getState().getRunning() != null)
                        .map(ContainerStatus::getContainerID)
                        .findFirst()
                        .orElse("ended"))
                .orElse("none");
    }

    private static Stream<ContainerStatus> containers(Pod pod) {
        return Stream.concat(
                pod.getStatus().getInitContainerStatuses().stream(), pod.getStatus().getContainerStatuses().stream());
    }

    /** As it was in the beginning. */
    void settle() {
        release.scaleAtOnce(Deed.ALWAYS);
        nodes.mend();
        release.awaitFormed(COMES_BACK);
    }
}
