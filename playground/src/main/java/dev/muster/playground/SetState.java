package dev.muster.playground;

import java.util.List;
import java.util.Optional;

/**
 * What can be seen of a set at one moment.
 *
 * @param replicaSetId empty while nobody knows one
 * @param primary the primary's name; empty when there is none
 * @param members in the order of their ordinals
 * @param committed whether a majority has the configuration; only a primary knows
 * @param decision the sidecar's last sentence, empty when none answered
 */
public record SetState(
        Optional<String> replicaSetId,
        Optional<String> primary,
        List<MemberView> members,
        boolean committed,
        Optional<String> decision) {
    /** A replica set has at most seven voting members. */
    static final int MAX_VOTERS = 7;

    public SetState {
        members = List.copyOf(members);
    }

    /** What is missing for a formed set, as a sentence; empty when it is formed. */
    Optional<String> missing() {
        if (primary.isEmpty()) {
            return Optional.of("no member is PRIMARY");
        }
        for (MemberView member : members) {
            if (!member.isServing()) {
                return Optional.of(member.name() + " is " + member.state());
            }
        }
        long voters = members.stream().filter(member -> member.votes() == 1).count();
        long wanted = Math.min(MAX_VOTERS, members.size());
        if (voters != wanted) {
            return Optional.of(voters + " of " + wanted + " voters");
        }
        return committed ? Optional.empty() : Optional.of("the configuration is not committed");
    }
}
