package dev.muster.playground;

import java.util.Optional;

/** What the live table shows: the truth of the mongods, and the decision of the sidecar that matters most. */
final class ObservedSet {
    private ObservedSet() {}

    /** The primary's sidecar speaks; without a primary, the first that answers. */
    static SetState of(LocalSet set) {
        SetState view = set.observe();
        Optional<LocalMember> leader = set.members().stream()
                .filter(member -> view.primary().filter(member.name()::equals).isPresent())
                .findFirst();
        Optional<String> decision = leader.flatMap(ObservedSet::sentence)
                .or(() -> set.members().stream()
                        .flatMap(member -> sentence(member).stream())
                        .findFirst());
        return new SetState(view.replicaSetId(), view.primary(), view.members(), view.committed(), decision);
    }

    private static Optional<String> sentence(LocalMember member) {
        return StatusPage.decision(member).map(text -> "sidecar of " + member.name() + ": " + text);
    }
}
