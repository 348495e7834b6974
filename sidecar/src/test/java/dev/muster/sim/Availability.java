package dev.muster.sim;

import dev.muster.model.ConfigMember;
import dev.muster.model.MemberState;
import dev.muster.model.SetConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Whether writes are acknowledged while they could be: while a majority of the voters run, hold the data, hear each other
 * and are reached by clients. A scale-down, a roll-out, a pause or an approval is no excuse.
 */
final class Availability {
    /** An election takes ten seconds and may fail once; a new primary's first writes take a moment. */
    private static final Duration WITHIN = Duration.ofSeconds(40);

    private static final Duration LOOK = Duration.ofSeconds(1);

    /** From its start until it has joined, and until the others have noticed. */
    private static final Duration TO_COME_BACK = Duration.ofSeconds(15);

    private final SimulatedWorld world;
    private @Nullable Duration since;

    Availability(SimulatedWorld world) {
        this.world = world;
    }

    void start() {
        world.scheduler().after(LOOK, () -> {
            look();
            start();
        });
    }

    private Duration now() {
        return world.scheduler().elapsed();
    }

    private void look() {
        Optional<SetConfig> config = newest();
        if (config.isEmpty() || !couldServe(config.get())) {
            since = null;
            return;
        }
        if (since == null) {
            since = now();
        }
        boolean isLong = now().minus(since).compareTo(WITHIN) > 0;
        if (isLong && !world.clients().wereAnswered(WITHIN)) {
            Violation.because(
                    "no write was acknowledged for %d s, though a majority of %s runs and hears each other",
                    WITHIN.toSeconds(), ConfigurationChecks.describe(config.get()));
        }
    }

    /** The newest configuration of the set that is meant, of those that run. */
    private Optional<SetConfig> newest() {
        return world.processes().stream()
                .filter(process -> world.checks().isLiving(process.volume().replicaSetId()))
                .flatMap(process -> process.setConfig().stream())
                .max(SetConfig.OLDEST_FIRST);
    }

    private boolean couldServe(SetConfig config) {
        List<PodRun> serving = new ArrayList<>();
        boolean electable = false;
        for (ConfigMember member : config.members()) {
            Optional<PodRun> run = world.run(member.host()).filter(this::isServing);
            if (member.votes() > 0 && run.isPresent()) {
                serving.add(run.get());
                electable |= member.priority() > 0;
            }
        }
        return electable && largestGroup(serving) > config.voters() / 2;
    }

    private boolean isServing(PodRun run) {
        return run.hasRunFor(TO_COME_BACK)
                && run.mongod()
                        .filter(mongod -> !mongod.isFrozen())
                        .filter(mongod ->
                                world.checks().isLiving(mongod.volume().replicaSetId()))
                        .filter(mongod ->
                                mongod.state() == MemberState.PRIMARY || mongod.state() == MemberState.SECONDARY)
                        .filter(mongod -> world.network().connects(Injector.CLIENTS, mongod.place()))
                        .isPresent();
    }

    /** How many of them all hear each other. */
    private int largestGroup(List<PodRun> runs) {
        int[] heard = new int[runs.size()];
        for (int one = 0; one < heard.length; one++) {
            for (int other = 0; other < heard.length; other++) {
                if (one == other || hears(runs.get(one), runs.get(other))) {
                    heard[one] |= 1 << other;
                }
            }
        }
        return IntStream.range(0, 1 << heard.length)
                .filter(group -> IntStream.range(0, heard.length)
                        .filter(one -> (group >> one & 1) == 1)
                        .allMatch(one -> (heard[one] & group) == group))
                .map(Integer::bitCount)
                .max()
                .orElse(0);
    }

    private boolean hears(PodRun run, PodRun other) {
        return world.network().connects(run.pod().place(), other.pod().place())
                && run.hasWrongKeyfile() == other.hasWrongKeyfile()
                && world.resolves(run.pod().place(), other.pod());
    }
}
