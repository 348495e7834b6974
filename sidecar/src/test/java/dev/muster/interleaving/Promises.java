package dev.muster.interleaving;

import dev.muster.interleaving.State.Phase;
import dev.muster.interleaving.State.Run;
import dev.muster.interleaving.State.Server;
import dev.muster.interleaving.State.Slice;
import dev.muster.interleaving.State.Trouble;
import dev.muster.model.Approval;
import dev.muster.model.KubernetesFacts;
import java.util.List;

/**
 * What docs/guarantees.md promises of each write, by what is true in the world. Shares no code with the rules.
 *
 * <p>It demands less than that page in one place, where the real code does less: what may change between the last look and
 * a force ({@link #forces}), which names the narrowest exception.
 */
final class Promises {
    private final World world;

    Promises(World world) {
        this.world = world;
    }

    /** A promise was broken. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Broken(String promise) {
            super(promise);
        }
    }

    private static void expect(boolean holds, String promise, Object... what) {
        if (!holds) {
            throw new Broken(promise.formatted(what));
        }
    }

    private boolean isTamperedWith() {
        return world.used(Trouble.RECORD_RESTORED) > 0;
    }

    private Run step(Pod pod) {
        return world.sidecar(pod).step().orElseThrow();
    }

    /**
     * What a process that was replaced, and stands still after its last look at the record, initiates is left alone: no
     * look at the record can prevent it.
     */
    void initiates(Pod pod) {
        boolean lookedJustNow = step(pod).answers().stream().anyMatch(ToyKubernetes::isRecord);
        expect(
                world.record().phase() != Phase.FORMED
                        || (lookedJustNow && (!world.isCurrent(pod) || isTamperedWith())),
                "a set is initiated although the record names another one");
        expect(
                world.record().phase() != Phase.ABSENT || (lookedJustNow && isTamperedWith()),
                "a set is initiated without a record of the intent");
    }

    /** A set got something that makes it more than a member that nobody knows. */
    void named(String set, String what) {
        expect(world.names(set).size() <= 1 || isTamperedWith(), "two sets: %s gets %s", set, what);
    }

    void intends(Run run) {
        if (world.record().phase() == Phase.FORMED) {
            expect(
                    world.record().approval() instanceof Approval.NewSet newSet
                            && newSet.replicaSetId().equals(world.record().who()),
                    "a recorded set is replaced, which nobody approved");
            carriesOut(world.record().approval(), run);
            world.takesBack(world.record().approval());
            world.givesUp(world.record().who());
        }
    }

    void carriesOut(Approval approval, Run run) {
        expect(
                world.given().contains(approval),
                "an approval is carried out that was carried out before, or withdrawn: %s",
                approval.words());
        expect(
                !world.record().expired() || run.expiredSince(),
                "an approval is carried out by a process that looked after it had expired: %s",
                approval.words());
    }

    /**
     * Exception: the members are looked at once more after the approval was used up, but no precondition of the server's
     * covers them, so a process that stands still between that look and the force forces although the incident is over.
     */
    void forces(Pod pod) {
        Approval approval = step(pod).look().record().approval();
        Server seen = step(pod).look().own();
        expect(
                approval instanceof Approval.ForceReconfig force
                        && force.incident().replicaSetId().equals(seen.config().set())
                        && force.incident().electionTerm() == seen.term()
                        && force.incident().configVersion()
                                == world.server(pod).config().version(),
                "a configuration is forced in another incident than the one that was approved: %s",
                approval.words());
    }

    void createsUser(Pod pod, String set) {
        named(set, "a root user");
    }

    void changes(Pod pod, Config before, Config after) {
        List<Integer> lost = before.members().stream()
                .filter(member -> member.vote() && !after.isVoter(member.ordinal()))
                .map(Config.Member::ordinal)
                .toList();
        List<Config.Member> won = after.members().stream()
                .filter(member -> member.vote() && !before.isVoter(member.ordinal()))
                .toList();
        expect(lost.size() + won.size() <= 1, "two votes change at once: %s to %s", before, after);
        expect(
                after.members().stream().noneMatch(member -> member.vote() && member.joining()),
                "a voter keeps the joining tag: %s",
                after);
        expect(
                won.stream()
                        .allMatch(winner -> before.members().stream()
                                .noneMatch(member -> member.ordinal() == winner.ordinal() && !member.joining())),
                "a member gets a vote back that an operator took: %s to %s",
                before,
                after);
        expect(
                before.members().stream()
                        .filter(member -> lost.contains(member.ordinal()) || !after.names(member.ordinal()))
                        .allMatch(member -> member.ordinal() >= world.replicas() || wasToLeave(pod, member.ordinal())),
                "a member leaves that the StatefulSet asks for, and did so when it was read for this: %s to %s",
                before,
                after);
        if (after.members().size() > 1) {
            named(after.set(), "a second member");
        }
    }

    /** As its step read it: between that and the write it may change. */
    private boolean wasToLeave(Pod pod, int ordinal) {
        return step(pod).answers().stream()
                .anyMatch(answer -> answer instanceof KubernetesFacts.Known known && known.replicas() <= ordinal);
    }

    void leads(Slice before, Slice after) {
        expect(
                !before.set().equals(after.set()) || before.term() <= after.term(),
                "the Service goes back from the election of term %d to that of term %d",
                before.term(),
                after.term());
    }
}
