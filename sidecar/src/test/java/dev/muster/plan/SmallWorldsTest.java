package dev.muster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Snapshot;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The planner keeps its {@link Promises} in every one of the {@link SmallWorlds}, and once more paused in each in which it
 * acts.
 */
class SmallWorldsTest {
    /** So many there were when this was written: fewer means that something is no longer looked at. */
    private static final int AT_LEAST = 1_790_000;

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
                        "initiate",
                        "record_intended",
                        "record_formed",
                        "add",
                        "promote",
                        "demote",
                        "remove",
                        "rename",
                        "restore_heartbeat",
                        "sync_from",
                        "hand_over",
                        "force_reconfigure",
                        "withdraw_approval",
                        "create_root_user",
                        "update_root_password");
        // It takes 50 members.
        assertThat(EnumSet.complementOf(EnumSet.copyOf(reasons)))
                .as("reasons that were never given")
                .containsExactly(Reason.TOO_MANY_MEMBERS);
    }

    private Decision look(Snapshot world) {
        worlds++;
        Decision decision;
        try {
            decision = Planner.plan(world);
        } catch (RuntimeException e) {
            throw new AssertionError("the planner threw in " + world, e);
        }
        List<String> broken = Promises.brokenBy(world, decision);
        broken.forEach(promise -> firstBroken.putIfAbsent(promise, decision + " in " + world));
        if (!Planner.plan(world).equals(decision)) {
            firstBroken.putIfAbsent("the same world gives the same decision", world.toString());
        }
        reasons.add(decision.reason());
        if (decision instanceof Decision.Act act) {
            operations.add(act.step().operation());
        }
        return decision;
    }

    private static Snapshot paused(Snapshot world) {
        return new Snapshot(
                world.self(),
                world.local(),
                world.peers(),
                world.kubernetes(),
                world.wanted(),
                world.record(),
                world.rootUser(),
                world.maxLag(),
                world.now(),
                true);
    }
}
