package dev.muster.interleaving;

import dev.muster.interleaving.State.Name;
import dev.muster.interleaving.State.Phase;
import dev.muster.interleaving.State.Recorded;
import dev.muster.interleaving.State.Role;
import dev.muster.interleaving.State.Server;
import dev.muster.interleaving.State.Sidecar;
import dev.muster.interleaving.State.Slice;
import dev.muster.interleaving.State.Trouble;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How a world begins, and what can happen in it.
 *
 * @param pods those that there are
 * @param sidecars those whose sidecars run, and whose servers can be elected
 * @param troubles how often each may happen; one that is not named does not
 * @param begin the servers that are not empty
 * @param extras what else is looked at, as each multiplies the states
 */
record Scene(
        List<Pod> pods,
        List<Pod> sidecars,
        Map<Trouble, Integer> troubles,
        int replicas,
        Recorded record,
        Map<Pod, Server> begin,
        Set<Extra> extras) {
    enum Extra {
        /** What a look sees of Kubernetes may be older than the rest. */
        WATCHES_LAG,
        /** The primaries are announced. */
        ANNOUNCED
    }

    /**
     * Something that can happen.
     *
     * @param effect makes it happen; false where it cannot, or would change nothing. Then that world is not used any more
     */
    record Move(String words, Predicate<World> effect) {
        /** Of a pod that runs. */
        static Move of(Pod pod, String words, Predicate<World> effect) {
            return new Move(pod + words, world -> world.exists(pod) && effect.test(world));
        }
    }

    int budget() {
        return troubles.entrySet().stream()
                .mapToInt(trouble -> trouble.getKey().times(trouble.getValue()))
                .sum();
    }

    State first() {
        List<Server> servers = Arrays.stream(Pod.values())
                .map(pod -> begin.getOrDefault(pod, Server.EMPTY))
                .toList();
        Set<String> named = record.phase() == Phase.FORMED ? Set.of(record.who()) : Set.of();
        return new State(
                record,
                Optional.empty(),
                new Slice("", -1, ""),
                replicas,
                Name.FIRST_ONLY,
                servers,
                Collections.nCopies(servers.size(), Sidecar.started(true, record, replicas)),
                named,
                Set.of(),
                named,
                Set.of(),
                Optional.empty(),
                budget());
    }

    /** All that can happen, each at any time. */
    List<Move> moves() {
        List<Move> moves = new ArrayList<>(ownMoves());
        for (Pod pod : sidecars) {
            moves.add(Move.of(
                    pod,
                    "'s sidecar dies and starts again",
                    world -> world.cycles().start(pod) && world.uses(Trouble.DIES)));
            moves.add(Move.of(pod, " is elected", world -> world.servers().elect(pod) && world.uses(Trouble.ELECTED)));
        }
        for (Pod pod : pods) {
            moves.add(Move.of(pod, " is cut off", world -> world.cut(pod, true) && world.uses(Trouble.CUT)));
            moves.add(Move.of(pod, " is reached again", world -> world.cut(pod, false)));
        }
        moves.add(
                new Move("mongo-0 is replaced, and runs on", world -> world.replace() && world.uses(Trouble.REPLACED)));
        moves.add(new Move("the replaced pod ends", World::endReplaced));
        moves.addAll(Operator.moves(this));
        return moves;
    }

    /**
     * What happens when nothing goes wrong any more: always the first of these that can. Members that were cut off are
     * reached again, and a replaced pod ends.
     */
    List<Move> quietMoves() {
        List<Move> moves = new ArrayList<>();
        moves.add(new Move("the replaced pod ends", World::endReplaced));
        pods.forEach(pod -> moves.add(Move.of(pod, " is reached again", world -> world.cut(pod, false))));
        List<Move> own = ownMoves();
        moves.addAll(own.subList(0, own.size() - 1));
        for (Pod pod : sidecars) {
            moves.add(Move.of(
                    pod,
                    " is elected",
                    world -> hasNoPrimary(world) && world.servers().elect(pod)));
        }
        moves.add(own.getLast());
        return moves;
    }

    /** Requests under way come first, then the servers, then new looks, and time last. */
    private List<Move> ownMoves() {
        List<Move> moves = new ArrayList<>();
        boolean announced = extras.contains(Extra.ANNOUNCED);
        for (Pod pod : sidecars) {
            moves.add(Move.of(pod, "'s sidecar goes on", world -> world.cycles().goOn(pod)));
            if (announced) {
                moves.add(Move.of(
                        pod, "'s announcement goes on", world -> world.cycles().goOnTelling(pod)));
            }
        }
        for (Pod pod : pods) {
            moves.add(Move.of(pod, " has cloned", world -> world.servers().finishClone(pod)));
            for (int ordinal = 0; ordinal < Look.ORDINALS; ordinal++) {
                int to = ordinal;
                moves.add(Move.of(
                        pod,
                        " is heard by mongo-" + to,
                        world -> world.servers().tell(pod, to)));
            }
        }
        for (Pod pod : sidecars) {
            if (extras.contains(Extra.WATCHES_LAG)) {
                moves.add(Move.of(
                        pod, "'s watch is up to date", world -> world.cycles().hear(pod)));
            }
            moves.add(Move.of(pod, "'s sidecar looks", world -> world.cycles().begin(pod)));
            if (announced) {
                moves.add(Move.of(
                        pod, "'s announcement begins", world -> world.cycles().beginTelling(pod)));
            }
        }
        moves.add(new Move("fifteen seconds pass", world -> world.letTimePass(false)));
        return moves;
    }

    private static boolean hasNoPrimary(World world) {
        return world.running().stream().map(world::server).noneMatch(server -> server.role() == Role.PRIMARY);
    }
}
