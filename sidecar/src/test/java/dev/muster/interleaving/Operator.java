package dev.muster.interleaving;

import dev.muster.interleaving.Scene.Move;
import dev.muster.interleaving.State.Phase;
import dev.muster.interleaving.State.Recorded;
import dev.muster.interleaving.State.Role;
import dev.muster.interleaving.State.Trouble;
import dev.muster.model.Approval;
import dev.muster.plan.ApprovalRules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an operator does. */
final class Operator {
    private Operator() {}

    static List<Move> moves(Scene scene) {
        List<Move> moves = new ArrayList<>(List.of(
                new Move("an operator approves a new set", Operator::approveNewSet),
                new Move("an operator approves the force that was shown", Operator::approveForce),
                new Move("an operator withdraws the approval", Operator::withdraw),
                new Move(
                        "an approval expires",
                        world -> world.record().approval() instanceof Approval.Given
                                && world.uses(Trouble.EXPIRED)
                                && world.letTimePass(true)),
                new Move("an operator copies the record", Operator::copyRecord),
                new Move("an operator makes the record what it was", Operator::putBackRecord),
                new Move("an operator scales the StatefulSet", Operator::scale)));
        for (Pod pod : scene.sidecars()) {
            moves.add(Move.of(pod, " shows an operator the force that it would make", world -> show(world, pod)));
        }
        for (Pod pod : scene.pods()) {
            moves.add(Move.of(pod, " loses its vote by an operator", world -> takeVote(world, pod)));
        }
        return moves;
    }

    private static boolean approveNewSet(World world) {
        return world.record().phase() == Phase.FORMED
                && world.uses(Trouble.NEW_SET_APPROVED)
                && approve(world, new Approval.NewSet(world.record().who(), at(world.used(Trouble.NEW_SET_APPROVED))));
    }

    /** What is approved is what was shown, and that may be long ago. */
    private static boolean show(World world, Pod pod) {
        if (!world.has(Trouble.FORCE_APPROVED)) {
            return false;
        }
        Optional<Seen> look = Optional.of(world.cycles().look(pod));
        boolean isNew = !look.equals(world.shown())
                && ApprovalRules.forcePlan(look.get().snapshot()) instanceof ApprovalRules.Plan;
        world.shows(look);
        return isNew;
    }

    private static boolean approveForce(World world) {
        if (world.shown().isEmpty()
                || !(ApprovalRules.forcePlan(world.shown().get().snapshot()) instanceof ApprovalRules.Plan plan)
                || !world.record().isOf(plan.incident().replicaSetId())
                || !world.uses(Trouble.FORCE_APPROVED)) {
            return false;
        }
        world.shows(Optional.empty());
        return approve(world, new Approval.ForceReconfig(plan.incident(), at(world.used(Trouble.FORCE_APPROVED))));
    }

    private static Instant at(int number) {
        return Look.BEGIN.plusSeconds(number);
    }

    /** Takes the place of another one. */
    private static boolean approve(World world, Approval.Given approval) {
        world.takesBack(world.record().approval());
        world.gives(approval);
        world.record(world.record().with(approval));
        world.note(approval::words);
        return true;
    }

    private static boolean withdraw(World world) {
        if (!(world.record().approval() instanceof Approval.Given given) || !world.uses(Trouble.WITHDRAWN)) {
            return false;
        }
        world.takesBack(given);
        world.record(world.record().with(new Approval.None()));
        return true;
    }

    private static boolean copyRecord(World world) {
        if (!world.has(Trouble.RECORD_RESTORED) || world.copy().isPresent()) {
            return false;
        }
        world.copyRecord();
        return true;
    }

    /** A copy of when there was none deletes it. */
    private static boolean putBackRecord(World world) {
        Optional<Recorded> copy = world.copy();
        if (copy.isEmpty() || copy.get().isSameAs(world.record()) || !world.uses(Trouble.RECORD_RESTORED)) {
            return false;
        }
        world.takesBack(world.record().approval());
        if (copy.get().approval() instanceof Approval.Given given) {
            world.gives(given);
        }
        world.record(copy.get().with(copy.get().approval()));
        return true;
    }

    private static boolean scale(World world) {
        world.scale();
        return world.uses(Trouble.SCALED);
    }

    private static boolean takeVote(World world, Pod pod) {
        for (Pod primary : world.running()) {
            if (world.server(primary).role() == Role.PRIMARY
                    && primary.number() != pod.number()
                    && world.server(primary).config().names(pod.number())
                    && world.servers().isCommitted(primary)
                    && world.uses(Trouble.VOTE_TAKEN)) {
                Config config = world.server(primary).config();
                world.servers()
                        .install(
                                primary,
                                config.withoutVoteOf(
                                        pod.number(), world.server(primary).term()));
                return true;
            }
        }
        return false;
    }
}
