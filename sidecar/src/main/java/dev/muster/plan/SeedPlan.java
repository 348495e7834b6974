package dev.muster.plan;

import static java.util.Objects.requireNonNull;

import dev.muster.model.LocalMongod;
import dev.muster.model.Snapshot;
import java.util.List;

/** What an operator approves with {@code muster approve seed}, or why approving it would have no effect. */
public sealed interface SeedPlan {
    /**
     * Whether the set can be initiated from the data of this member, as far as its sidecar sees.
     *
     * @param snapshot of the sidecar beside the member that has the data
     */
    static SeedPlan of(Snapshot snapshot) {
        if (!(snapshot.local() instanceof LocalMongod.HoldsData data)) {
            return new Refused("the data must be in a mongod without a replica set configuration, but this mongod is: "
                    + snapshot.local().words());
        }
        int own = snapshot.self().ordinal();
        if (!snapshot.isExpected(own)) {
            return new Refused("as far as is known, the StatefulSet does not ask for this pod");
        }
        if (snapshot.declaredSeed().isPresent() && !snapshot.isSeed()) {
            return new Refused("this sidecar was started with --seed-ordinal=%d"
                    .formatted(snapshot.declaredSeed().getAsInt()));
        }
        BootstrapRules.Evidence evidence = BootstrapRules.Evidence.of(snapshot);
        if (!evidence.inSet().isEmpty()) {
            return new Refused("a set exists: " + String.join(", ", evidence.inSet()));
        }
        if (!evidence.holdsData().isEmpty()) {
            return new Refused("another member has data as well, and a clone would replace it: "
                    + String.join("; ", evidence.holdsData()));
        }
        return new Possible(
                data.what(),
                snapshot.expectedOrdinals()
                        .filter(ordinal -> ordinal != own)
                        .mapToObj(snapshot.self().naming()::podName)
                        .toList(),
                evidence.unknown());
    }

    /**
     * The set can be initiated from this member's data.
     *
     * @param data what it has, as part of a sentence
     * @param others the pods that clone it
     * @param unknown those that are not known to be empty yet, each as part of a sentence
     */
    record Possible(String data, List<String> others, List<String> unknown) implements SeedPlan {
        public Possible {
            requireNonNull(data, "data is null");
            others = List.copyOf(others);
            unknown = List.copyOf(unknown);
        }
    }

    record Refused(String why) implements SeedPlan {
        public Refused {
            requireNonNull(why, "why is null");
        }
    }
}
