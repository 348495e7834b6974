package dev.muster.interleaving;

import dev.muster.interleaving.Scene.Move;
import dev.muster.interleaving.State.Role;
import dev.muster.plan.Decision;
import dev.muster.plan.Reason;
import dev.muster.secrets.RootUserSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Goes to every state of a scene, breadth first, so that the first broken promise is told in as few moves as possible. From
 * each state it also lets the world come to rest.
 */
final class Explorer {
    /** An operator is told what to do. */
    private static final Set<Reason> FOR_AN_OPERATOR =
            EnumSet.of(Reason.NEW_SET_NEEDS_APPROVAL, Reason.FOREIGN_SET, Reason.FOREIGN_PEER, Reason.NO_PRIMARY);

    private final Scene scene;
    private final Bench bench;
    private final List<Move> moves;
    private final List<Move> quietMoves;
    private final Map<State, Integer> numbers = new HashMap<>();
    private final List<State> states = new ArrayList<>();
    private final List<Integer> parents = new ArrayList<>();
    /** Those that are known to come to rest. */
    private final Set<State> calm = new HashSet<>();

    Explorer(Scene scene, Optional<Guard> removed, RootUserSource rootUser) {
        this.scene = scene;
        this.bench = new Bench(
                EnumSet.copyOf(scene.pods()),
                scene.budget(),
                scene.replicas(),
                scene.extras().contains(Scene.Extra.WATCHES_LAG),
                removed,
                rootUser);
        this.moves = scene.moves();
        this.quietMoves = scene.quietMoves();
    }

    /** How many it has seen. */
    int states() {
        return states.size();
    }

    /**
     * What came of a move.
     *
     * @param next empty where it could not be made
     * @param line about it, if it is told
     */
    private record Attempt(Optional<State> next, Optional<String> broken, String line) {}

    private Attempt attempt(State state, Move move, boolean told) {
        World world = new World(state, bench, told);
        Optional<State> next = Optional.empty();
        Optional<String> broken = Optional.empty();
        try {
            if (move.effect().test(world)) {
                next = Optional.of(world.state());
            }
        } catch (Promises.Broken | IllegalStateException e) {
            broken = Optional.of("BROKEN: " + e.getMessage());
        }
        return new Attempt(next, broken, told ? "  " + move.words() + world.notes() + "\n" : "");
    }

    /** The shortest way to a broken promise, one move a line; empty if none is broken. */
    Optional<String> explore() {
        add(scene.first(), -1);
        for (int number = 0; number < states.size(); number++) {
            State state = states.get(number);
            for (Move move : moves) {
                Attempt attempt = attempt(state, move, false);
                if (attempt.broken().isPresent()) {
                    return Optional.of(way(number)
                            + attempt(state, move, true).line()
                            + attempt.broken().get());
                }
                if (attempt.next().isPresent()) {
                    add(attempt.next().get(), number);
                }
            }
            if (rest(state, false).isPresent()) {
                return Optional.of(way(number) + rest(state, true).orElseThrow());
            }
        }
        return Optional.empty();
    }

    private void add(State state, int parent) {
        if (numbers.putIfAbsent(state, states.size()) == null) {
            states.add(state);
            parents.add(parent);
        }
    }

    private String way(int number) {
        int parent = parents.get(number);
        if (parent < 0) {
            return "\n";
        }
        State before = states.get(parent);
        Optional<State> after = Optional.of(states.get(number));
        return moves.stream()
                .map(move -> attempt(before, move, true))
                .filter(attempt -> attempt.next().equals(after))
                .findFirst()
                .map(attempt -> way(parent) + attempt.line())
                .orElseThrow();
    }

    /** Lets the world come to rest; how it does not, if it does not. A step that fails again and again is no rest. */
    private Optional<String> rest(State from, boolean told) {
        StringBuilder way = new StringBuilder(told ? "nothing goes wrong any more:\n" : "");
        Set<State> passed = new HashSet<>();
        Optional<State> next = Optional.of(from);
        State last = from;
        while (next.isPresent() && !calm.contains(next.get()) && passed.add(next.get())) {
            last = next.get();
            next = Optional.empty();
            for (Move move : quietMoves) {
                Attempt attempt = attempt(last, move, told);
                if (attempt.broken().isPresent()) {
                    return Optional.of(way + attempt.line() + attempt.broken().get());
                }
                if (attempt.next().isPresent()) {
                    way.append(attempt.line());
                    next = attempt.next();
                    break;
                }
            }
        }
        World world = new World(next.orElse(last), bench, told);
        if (!calm.contains(world.state()) && !isAtRest(world)) {
            return Optional.of(way + "NOT AT REST: " + (told ? world : ""));
        }
        calm.addAll(passed);
        return Optional.empty();
    }

    /**
     * One primary, which the record and the Service name, and whose sidecar misses nothing but members that are gone; or
     * an operator is told what to do.
     */
    private boolean isAtRest(World world) {
        boolean isTold = scene.sidecars().stream()
                .filter(world::exists)
                .map(pod -> world.cycles().decision(pod).reason())
                .anyMatch(FOR_AN_OPERATOR::contains);
        List<Pod> primaries = world.running().stream()
                .filter(pod -> world.server(pod).role() == Role.PRIMARY)
                .toList();
        if (primaries.size() != 1) {
            return primaries.isEmpty() && (isTold || nobodyHasTheData(world));
        }
        Pod primary = primaries.getFirst();
        Config config = world.server(primary).config();
        State.Slice slice = new State.Slice(config.set(), world.server(primary).term(), primary.uid());
        boolean isLed =
                !scene.extras().contains(Scene.Extra.ANNOUNCED) || world.slice().equals(slice);
        Decision decision = world.cycles().decision(primary);
        boolean isSettled = decision instanceof Decision.Settled
                || (decision.reason() == Reason.MEMBER_DOWN && lacksMembers(world, primary));
        return isTold || (world.record().isOf(config.set()) && isLed && isSettled);
    }

    /** Whether the server of a member is gone, or holds another set. */
    private static boolean lacksMembers(World world, Pod primary) {
        Config config = world.server(primary).config();
        return !config.members().stream()
                .allMatch(member -> world.reach(primary, member.ordinal())
                        .filter(pod -> world.server(pod).config().set().equals(config.set()))
                        .isPresent());
    }

    /** Members that clone wait for each other, which is not promised to end: an operator has to bring a volume back. */
    private static boolean nobodyHasTheData(World world) {
        return world.running().stream().map(world::server).noneMatch(State.Server::hasData);
    }
}
