package dev.muster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The planner keeps its {@link Promises} and its {@link LivenessPromises} in every one of the {@link SmallWorlds}, and once more paused in each in which it
 * acts.
 */
class SmallWorldsTest {
    /** So many there were when this was written: fewer means that something is no longer looked at. */
    private static final int AT_LEAST = 4_700_000;

    private static final Setback FAILED =
            new Setback(1, new Outcome.Failed(1, "no"), Duration.ofSeconds(1), Duration.ofSeconds(1));

    private int worlds;
    private final Map<String, String> firstBroken = new TreeMap<>();
    private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);
    private final Set<String> operations = new TreeSet<>();

    @Test
    void everyPromiseIsKeptInEverySmallWorld() {
        SmallWorlds.forEach(world -> {
            if (look(world) instanceof Decision.Act) {
                look(paused(world));
            }
        });
        System.out.printf("%d small worlds%n", worlds);

        assertThat(firstBroken)
                .as("each broken promise with the first world that breaks it")
                .isEmpty();
        assertThat(worlds).isGreaterThanOrEqualTo(AT_LEAST);
        assertThat(operations)
                .as("every kind of step was among them")
                .containsExactlyInAnyOrder(
                        "rename_set",
                        "restart_mongod",
                        "tell_held",
                        "start_mongod",
                        "initiate",
                        "record_intended",
                        "record_formed",
                        "add",
                        "promote",
                        "demote",
                        "remove",
                        "take_empty_vote",
                        "return_vote",
                        "forget_emptied",
                        "rename",
                        "restore_heartbeat",
                        "sync_from",
                        "hand_over",
                        "call_election",
                        "force_reconfigure",
                        "withdraw_approval",
                        "create_root_user",
                        "update_root_password");
        // It takes 50 members.
        assertThat(EnumSet.complementOf(EnumSet.copyOf(reasons)))
                .as("reasons that were never given")
                .containsExactly(Reason.TOO_MANY_MEMBERS);
    }

    /** In each world every step fails for ever, one after the other, so that each rule has its turn. */
    private Decision look(Snapshot world) {
        worlds++;
        Decision first = judge(world, Setbacks.NONE);
        note(world, first, LivenessPromises.brokenByWaiting(world, first));
        if (!judge(world, Setbacks.NONE).equals(first)) {
            firstBroken.putIfAbsent("the same world gives the same decision", world.toString());
        }
        List<Step> done = new ArrayList<>();
        Setbacks setbacks = Setbacks.NONE;
        Decision last = first;
        while (last instanceof Decision.Act act && done.size() < 100) {
            done.add(act.step());
            setbacks = setbacks.with(act.step(), FAILED);
            last = judge(world, setbacks);
        }
        if (!world.paused()) {
            note(world, last, LivenessPromises.brokenByAll(world, done, last));
        }
        return first;
    }

    private Decision judge(Snapshot world, Setbacks setbacks) {
        Decision decision;
        try {
            decision = Planner.judge(world, setbacks).decision();
        } catch (RuntimeException e) {
            throw new AssertionError("the planner threw in " + world, e);
        }
        note(world, decision, Promises.brokenBy(world, decision));
        reasons.add(decision.reason());
        if (decision instanceof Decision.Act act) {
            operations.add(act.step().operation());
        }
        return decision;
    }

    private void note(Snapshot world, Decision decision, List<String> broken) {
        broken.forEach(promise -> firstBroken.putIfAbsent(promise, decision + " in " + world));
    }

    private static Snapshot paused(Snapshot world) {
        return new Snapshot(
                world.self(),
                world.local(),
                world.peers(),
                world.deadPrimary(),
                world.kubernetes(),
                world.wanted(),
                world.record(),
                world.rootUser(),
                world.declaredSeed(),
                world.maxLag(),
                world.renaming(),
                world.now(),
                world.observedIn(),
                true);
    }
}
