package dev.muster.start;

import dev.muster.model.CloneOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code mongod}'s {@code --config} names. All pods of a StatefulSet have the same command line, while the one
 * thing that differs between them has to be there before the first heartbeat.
 */
public final class MongodConfig {
    private MongodConfig() {}

    /**
     * The file for one member. A wiped member starts its clone before any sidecar can direct it, and by default it clones
     * from the primary. The third member has one secondary to clone from, except where all of them are lost.
     *
     * @param path where it is written
     * @param place 0 for the pod with the first ordinal; empty when it is not known, for which the preference that is
     *     good for every member is taken
     */
    public static OwnersFile file(Path path, Optional<Integer> place) {
        boolean secondaryOnly = place.map(CloneOrder::hasOneSecondaryBefore).orElse(false);
        String text = """
                # Written by Muster. Changes are lost.
                setParameter:
                  initialSyncSourceReadPreference: %s
                """.formatted(secondaryOnly ? "secondary" : "secondaryPreferred");
        return new OwnersFile(path, text.getBytes(StandardCharsets.UTF_8));
    }
}
