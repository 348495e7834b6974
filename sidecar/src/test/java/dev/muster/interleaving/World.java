package dev.muster.interleaving;

import dev.muster.interleaving.State.Name;
import dev.muster.interleaving.State.Read;
import dev.muster.interleaving.State.Recorded;
import dev.muster.interleaving.State.Refused;
import dev.muster.interleaving.State.Run;
import dev.muster.interleaving.State.Server;
import dev.muster.interleaving.State.Sidecar;
import dev.muster.interleaving.State.Slice;
import dev.muster.interleaving.State.Trouble;
import dev.muster.model.Approval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A {@link State} that can be changed: by a sidecar's requests, the servers among themselves, and an operator. */
final class World {
    private static final Pod[] PODS = Pod.values();

    private final Bench bench;
    private final boolean told;
    private final Promises promises = new Promises(this);
    private final Servers among = new Servers(this);
    private final Cycles cycles;
    private final List<String> notes = new ArrayList<>(0);
    private Recorded record;
    private Optional<Recorded> copy;
    private Slice slice;
    private int replicas;
    private Name name;
    private final Server[] servers;
    private final Sidecar[] sidecars;
    private Set<String> users;
    private Set<Approval> given;
    private Set<String> named;
    private Set<String> givenUp;
    private Optional<Seen> shown;
    private int left;

    /** @param told whether {@link #notes} are taken */
    World(State state, Bench bench, boolean told) {
        this.told = told;
        this.bench = bench;
        cycles = new Cycles(this, bench);
        record = state.record();
        copy = state.copy();
        slice = state.slice();
        replicas = state.replicas();
        name = state.name();
        servers = state.servers().toArray(Server[]::new);
        sidecars = state.sidecars().toArray(Sidecar[]::new);
        users = state.users();
        given = state.given();
        named = state.named();
        givenUp = state.givenUp();
        shown = state.shown();
        left = state.left();
    }

    State state() {
        return new State(
                record,
                copy,
                slice,
                replicas,
                name,
                List.of(servers),
                List.of(sidecars),
                users,
                given,
                named,
                givenUp,
                shown,
                left);
    }

    /** What was done, as the end of a line; empty if there is nothing to tell. */
    String notes() {
        return notes.isEmpty() ? "" : ": " + String.join(", ", notes);
    }

    void note(String what) {
        note(() -> what);
    }

    void note(Supplier<String> what) {
        if (told) {
            notes.add(what.get());
        }
    }

    Promises promises() {
        return promises;
    }

    Servers servers() {
        return among;
    }

    Cycles cycles() {
        return cycles;
    }

    boolean lacks(Guard guard) {
        return bench.removed().equals(Optional.of(guard));
    }

    boolean has(Trouble trouble) {
        return trouble.left(left) > 0;
    }

    /** Whether it may still happen; it has then. */
    boolean uses(Trouble trouble) {
        boolean possible = has(trouble);
        left -= possible ? trouble.times(1) : 0;
        return possible;
    }

    int used(Trouble trouble) {
        return trouble.left(bench.budget()) - trouble.left(left);
    }

    // What the API server has.

    Recorded record() {
        return record;
    }

    void record(Recorded changed) {
        record = changed;
        outdate(Recorded.class);
    }

    Slice slice() {
        return slice;
    }

    void slice(Slice changed) {
        slice = changed;
        outdate(Slice.class);
    }

    int replicas() {
        return replicas;
    }

    /** As many as at first, or one less. */
    void scale() {
        replicas = replicas == bench.replicas() ? replicas - 1 : bench.replicas();
    }

    /** A version that is replaced never comes back, so all that matters of it is that it is not the current one. */
    private void outdate(Class<?> kind) {
        UnaryOperator<Run> outdated = run -> run.answered(run.answers().stream()
                .map(answer -> answer instanceof Read read && kind.isInstance(read.what())
                        ? new Read(read.what(), false)
                        : answer)
                .toList());
        each(sidecar -> sidecar.does(sidecar.step().map(outdated), sidecar.aside())
                .tells(sidecar.telling().map(outdated), sidecar.refused()));
    }

    private void each(UnaryOperator<Sidecar> change) {
        Arrays.setAll(sidecars, place -> change.apply(sidecars[place]));
    }

    boolean exists(Pod pod) {
        return bench.pods().contains(pod)
                && switch (pod) {
                    case FIRST -> name != Name.REPLACEMENT_ONLY;
                    case REPLACEMENT -> name != Name.FIRST_ONLY;
                    case SECOND, THIRD -> true;
                };
    }

    /** Whether the API server's pod of that name is this one, and DNS leads to it. */
    boolean isCurrent(Pod pod) {
        return exists(pod) && (pod != Pod.FIRST || name == Name.FIRST_ONLY);
    }

    /** The kubelet's probe, as far as the server decides it. */
    boolean isReady(String uid) {
        Pod pod = Pod.valueOf(uid);
        return isCurrent(pod) && !server(pod).cut() && server(pod).hasData();
    }

    /** Another pod with the name of the first, and an empty volume. The first one's node is lost, and it runs on there. */
    boolean replace() {
        boolean possible = name == Name.FIRST_ONLY;
        name = Name.BOTH;
        put(Pod.REPLACEMENT, Server.EMPTY);
        cycles.start(Pod.REPLACEMENT);
        return possible;
    }

    /** The node is back, and its kubelet ends the pod. Of what that was, nothing matters any more. */
    boolean endReplaced() {
        boolean possible = name == Name.BOTH;
        name = Name.REPLACEMENT_ONLY;
        put(Pod.FIRST, Server.EMPTY);
        put(Pod.FIRST, Sidecar.started(false, Recorded.ABSENT, 0));
        return possible;
    }

    void copyRecord() {
        copy = Optional.of(record);
    }

    Optional<Recorded> copy() {
        return copy;
    }

    // What the servers are.

    Server server(Pod pod) {
        return servers[pod.place()];
    }

    void put(Pod pod, Server server) {
        servers[pod.place()] = server;
    }

    boolean cut(Pod pod, boolean whether) {
        Server before = server(pod);
        put(pod, before.cut(whether));
        return before.cut() != whether;
    }

    List<Pod> running() {
        return Arrays.stream(PODS).filter(this::exists).toList();
    }

    /** The server that this one finds under a name, its own being its own. */
    Optional<Pod> reach(Pod from, int ordinal) {
        if (ordinal == from.number()) {
            return Optional.of(from);
        }
        for (Pod pod : PODS) {
            if (pod.number() == ordinal
                    && isCurrent(pod)
                    && !server(pod).cut()
                    && !server(from).cut()) {
                return Optional.of(pod);
            }
        }
        return Optional.empty();
    }

    Sidecar sidecar(Pod pod) {
        return sidecars[pod.place()];
    }

    void put(Pod pod, Sidecar sidecar) {
        sidecars[pod.place()] = sidecar;
    }

    /** Fifteen seconds: an intent is old, and a primary without a majority has stepped down. */
    boolean letTimePass(boolean untilApprovalsExpire) {
        State before = state();
        record = record.older(untilApprovalsExpire);
        each(sidecar -> sidecar.hears(sidecar.watched().older(untilApprovalsExpire), sidecar.watchedReplicas())
                .does(sidecar.step().map(run -> run.older(untilApprovalsExpire)), Optional.empty())
                .tells(
                        sidecar.telling().map(run -> run.older(untilApprovalsExpire)),
                        sidecar.refused().map(Refused::older)));
        running().forEach(among::stepDownAlone);
        return !state().equals(before);
    }

    // What an operator does, and what came of it.

    boolean hasUser(String set) {
        return users.contains(set);
    }

    void createUser(String set) {
        users = with(users, set);
    }

    Optional<Seen> shown() {
        return shown;
    }

    void shows(Optional<Seen> seen) {
        shown = seen;
    }

    Set<Approval> given() {
        return given;
    }

    void gives(Approval approval) {
        given = with(given, approval);
    }

    void takesBack(Approval approval) {
        given = without(given, approval);
    }

    /** The sets that got something, and that no operator gave up. */
    Set<String> names(String set) {
        named = with(named, set);
        return named.stream().filter(one -> !givenUp.contains(one)).collect(Collectors.toSet());
    }

    void givesUp(String set) {
        givenUp = with(givenUp, set);
    }

    private static <T> Set<T> with(Set<T> all, T more) {
        Set<T> changed = new HashSet<>(all);
        changed.add(more);
        return Set.copyOf(changed);
    }

    private static <T> Set<T> without(Set<T> all, T less) {
        Set<T> changed = new HashSet<>(all);
        changed.remove(less);
        return Set.copyOf(changed);
    }

    @Override
    public String toString() {
        return record + ", " + slice + ", " + replicas + " replicas, "
                + running().stream().map(pod -> pod + ": " + server(pod)).collect(Collectors.joining(", "));
    }
}
