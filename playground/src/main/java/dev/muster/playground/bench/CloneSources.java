package dev.muster.playground.bench;

import dev.muster.playground.LocalMember;
import dev.muster.playground.LocalSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who served the clones of a formed set, by the members' own logs.
 *
 * @param clones of members but the first
 * @param fromFirst served by the first member, who is the primary of a set just formed
 * @param fromPredecessor served by the member of the ordinal before
 * @param outOfOrder which were not, and where they came from; empty when none
 */
record CloneSources(int clones, int fromFirst, int fromPredecessor, Optional<String> outOfOrder) {
    static CloneSources of(LocalSet set) {
        int fromFirst = 0;
        int fromPredecessor = 0;
        List<String> others = new ArrayList<>();
        for (LocalMember member : set.members().subList(1, set.members().size())) {
            Optional<String> source = member.clonedFrom();
            if (source.equals(Optional.of(set.member(0).host()))) {
                fromFirst++;
            }
            if (source.equals(Optional.of(set.member(member.ordinal() - 1).host()))) {
                fromPredecessor++;
            } else {
                others.add(member.name() + " was cloned from " + source.orElse("nobody that its log names"));
            }
        }
        return new CloneSources(
                set.members().size() - 1,
                fromFirst,
                fromPredecessor,
                others.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", others)));
    }
}
