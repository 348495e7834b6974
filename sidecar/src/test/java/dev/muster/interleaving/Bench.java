package dev.muster.interleaving;

import dev.muster.secrets.RootUserSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is the same in all states of one scene.
 *
 * @param pods those that there are
 * @param budget how often each {@link State.Trouble} may happen
 * @param replicas what the StatefulSet asks for at first
 * @param watchesLag whether what a look sees of Kubernetes may be older than the rest
 * @param looks that were made
 */
record Bench(
        Set<Pod> pods,
        int budget,
        int replicas,
        boolean watchesLag,
        Optional<Guard> removed,
        RootUserSource rootUser,
        Map<Look, Seen> looks) {
    Bench(
            Set<Pod> pods,
            int budget,
            int replicas,
            boolean watchesLag,
            Optional<Guard> removed,
            RootUserSource rootUser) {
        this(pods, budget, replicas, watchesLag, removed, rootUser, new HashMap<>());
    }

    Seen seen(Look look) {
        return looks.computeIfAbsent(look, Seen::new);
    }
}
