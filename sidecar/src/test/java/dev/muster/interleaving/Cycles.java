package dev.muster.interleaving;

import dev.muster.act.Elections;
import dev.muster.act.StepRunner;
import dev.muster.dns.Names;
import dev.muster.interleaving.State.Recorded;
import dev.muster.interleaving.State.Refused;
import dev.muster.interleaving.State.Role;
import dev.muster.interleaving.State.Run;
import dev.muster.interleaving.State.Server;
import dev.muster.interleaving.State.Sidecar;
import dev.muster.plan.Decision;
import dev.muster.plan.Outcome;
import dev.muster.plan.Step;
import dev.muster.start.HeldStart;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the sidecars of a {@link World} do: they look, and make the requests of a step or an announcement one by one. */
final class Cycles {
    private final World world;
    private final Bench bench;

    Cycles(World world, Bench bench) {
        this.world = world;
        this.bench = bench;
    }

    /** A new process: it knows which pod it is only if the API server still has that pod. */
    boolean start(Pod pod) {
        Sidecar before = world.sidecar(pod);
        world.put(pod, Sidecar.started(world.isCurrent(pod), world.record(), world.replicas()));
        return !world.sidecar(pod).equals(before);
    }

    /** The watch brings what is new. */
    boolean hear(Pod pod) {
        Sidecar before = world.sidecar(pod);
        world.put(pod, before.hears(world.record(), world.replicas()));
        return !world.sidecar(pod).equals(before);
    }

    Seen look(Pod pod) {
        Sidecar sidecar = world.sidecar(pod);
        Server own = world.server(pod);
        List<Look.Other> others = new ArrayList<>();
        for (int ordinal = 0; ordinal < Look.ORDINALS; ordinal++) {
            Optional<Pod> other = ordinal == pod.number() ? Optional.empty() : world.reach(pod, ordinal);
            others.add(other.isPresent() ? Look.Other.of(world.server(other.get()), ordinal) : Look.Other.SILENT);
        }
        Recorded record = bench.watchesLag() ? sidecar.watched() : world.record();
        boolean isPrimary = own.role() == Role.PRIMARY;
        return bench.seen(new Look(
                pod,
                sidecar.knowsItself() ? pod.uid() : "",
                world.lacks(Guard.AN_APPROVAL_EXPIRES) ? record.with(record.approval()) : record,
                bench.watchesLag() ? sidecar.watchedReplicas() : world.replicas(),
                isPrimary && world.hasUser(own.config().set()),
                own.cut(false),
                isPrimary && world.servers().isCommitted(pod),
                others));
    }

    Decision decision(Pod pod) {
        return look(pod).judged(world.sidecar(pod).aside()).decision();
    }

    /** A cycle until its first request. One that writes nothing leaves no trace. */
    boolean begin(Pod pod) {
        Sidecar sidecar = world.sidecar(pod);
        if (sidecar.step().isPresent() || !(decision(pod) instanceof Decision.Act act)) {
            return false;
        }
        world.note(() -> "decides: " + act.message());
        world.put(pod, sidecar.does(Optional.of(Run.after(look(pod), sidecar.aside())), sidecar.aside()));
        return true;
    }

    /** The next request of its step. */
    boolean goOn(Pod pod) {
        Optional<Run> begun = world.sidecar(pod).step();
        if (begun.isEmpty()) {
            return false;
        }
        Run run = begun.get();
        Step step = run.step().orElseThrow();
        Turn turn = new Turn(run.answers());
        Optional<Outcome> outcome =
                turn.run(() -> runner(pod, run, turn).run(step, run.seen().snapshot()));
        outcome.ifPresent(ended -> world.note(ended::words));
        Sidecar sidecar = world.sidecar(pod);
        world.put(
                pod,
                outcome.isEmpty()
                        ? sidecar.does(Optional.of(run.answered(turn.answers())), sidecar.aside())
                        : sidecar.does(
                                Optional.empty(),
                                outcome.get() instanceof Outcome.Done ? Optional.empty() : Optional.of(step)));
        return true;
    }

    private StepRunner runner(Pod pod, Run run, Turn turn) {
        ToyMongod local = mongod(turn, pod);
        Elections elections = new Elections(
                local,
                new OneAddress(),
                (address, addresses) -> mongod(
                        turn,
                        world.reach(pod, Config.NAMING.ordinalOf(address).orElseThrow())
                                .orElse(pod)),
                time -> {});
        return new StepRunner(
                local,
                HeldStart.NEVER,
                Optional.of(bench.rootUser()),
                elections,
                new ToyKubernetes(world, turn, pod, run));
    }

    private ToyMongod mongod(Turn turn, Pod pod) {
        return new ToyMongod(world, turn, pod, () -> look(pod).look().snapshot().local());
    }

    /** An announcement begins, on what is seen now of the own server: the others do not matter to it. */
    boolean beginTelling(Pod pod) {
        Sidecar sidecar = world.sidecar(pod);
        Server own = world.server(pod);
        boolean isPrimary = own.role() == Role.PRIMARY;
        boolean isThere = world.slice().uid().equals(pod.uid());
        // One that would find all as it is leaves no trace.
        boolean isInVain = isThere ? isPrimary && world.slice().term() == own.term() : !isPrimary;
        if (sidecar.telling().isPresent() || isInVain) {
            return false;
        }
        Seen alone = bench.seen(look(pod).look().alone());
        world.put(pod, sidecar.tells(Optional.of(Run.after(alone, sidecar.aside())), sidecar.refused()));
        return true;
    }

    boolean goOnTelling(Pod pod) {
        Optional<Run> begun = world.sidecar(pod).telling();
        if (begun.isEmpty()) {
            return false;
        }
        Run run = begun.get();
        Optional<Refused> before = world.sidecar(pod).refused();
        Turn turn = new Turn(run.answers());
        Telling telling = new Telling(new ToyKubernetes(world, turn, pod, run), before);
        Optional<Optional<Refused>> ended = turn.run(() -> telling.tell(run));
        Sidecar sidecar = world.sidecar(pod);
        world.put(
                pod,
                ended.isPresent()
                        ? sidecar.tells(Optional.empty(), ended.get())
                        : sidecar.tells(Optional.of(run.answered(turn.answers())), before));
        return true;
    }

    /** Every name has an address. */
    private static final class OneAddress implements Names {
        @Override
        public Map<String, Answer> lookUp(String service, Set<String> hosts) {
            Answer answer = new Addresses(List.of(InetAddress.getLoopbackAddress()));
            return hosts.stream().collect(Collectors.toMap(host -> host, host -> answer));
        }

        @Override
        public Set<String> membersOf(String service) {
            return Set.of();
        }
    }
}
