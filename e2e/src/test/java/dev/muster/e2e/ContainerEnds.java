package dev.muster.e2e;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The exit codes of mongods: a pod that is deleted takes them along. Any thread. */
final class ContainerEnds {
    private final Map<String, String> crashes = new TreeMap<>();

    /** Notes what a pod says of its mongod's earlier lives, or of its last. */
    synchronized void look(Pod pod) {
        for (ContainerStatus container : pod.getStatus().getContainerStatuses()) {
            if (container.getName().equals("mongod")) {
                look(pod.getMetadata().getName(), container);
            }
        }
    }

    private void look(String pod, ContainerStatus container) {
        Stream.of(container.getState(), container.getLastState())
                .filter(state -> state != null && state.getTerminated() != null)
                .map(ContainerState::getTerminated)
                .forEach(end -> MongodCrash.inExitCode(end.getExitCode())
                        .ifPresent(crash -> crashes.put(
                                String.valueOf(end.getContainerID()),
                                "%s ended at %s with %s".formatted(pod, end.getFinishedAt(), crash))));
    }

    /** Those that are a crash. */
    synchronized Stream<String> crashes() {
        return List.copyOf(crashes.values()).stream();
    }
}
