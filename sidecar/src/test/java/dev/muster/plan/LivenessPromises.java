package dev.muster.plan;

import static dev.muster.plan.Promises.expect;
import static dev.muster.plan.Promises.votes;

import dev.muster.model.Approval;
import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * What Muster promises to get done, told from the outside as {@link Promises} are: what may be waited for, and what may
 * not. It says which promise is broken.
 */
public final class LivenessPromises {
    private final Snapshot world;
    private final Promises seen;

    private LivenessPromises(Snapshot world) {
        this.world = world;
        this.seen = new Promises(world);
    }

    /**
     * The promises of liveness that are broken by all that is done in this world, step after step, each of which fails for
     * ever; empty where none is.
     *
     * @param done the steps, in order
     * @param last what is decided when each of them stands aside
     */
    static List<String> brokenByAll(Snapshot world, List<Step> done, Decision last) {
        List<String> broken = new ArrayList<>();
        LivenessPromises promises = new LivenessPromises(world);
        expect(broken, done.size() < 100, "steps that fail come to an end");
        expect(
                broken,
                done.isEmpty() || last instanceof Decision.Refuse || last.reason() == Reason.STEP_FAILED,
                "a step that keeps failing is named if there is nothing else to do");
        if (promises.maySteer()) {
            promises.caughtUpJoiners()
                    .forEach(
                            host -> expect(
                                    broken,
                                    done.stream()
                                            .anyMatch(step -> step instanceof Step.Reconfigure reconfigure
                                                    && reconfigure.change() instanceof ConfigChange.Promote promote
                                                    && promote.host().equals(host)),
                                    "a joiner that has caught up gets its vote, whatever any other member does or any step fails"));
            expect(
                    broken,
                    !promises.formsForTooLong()
                            || done.stream()
                                    .anyMatch(step -> step instanceof Step.Reconfigure reconfigure
                                            && reconfigure.change() instanceof ConfigChange.RestoreHeartbeat),
                    "forming heartbeats end by the clock");
        }
        return broken;
    }

    /** The promises of liveness that this one decision breaks in this world, where no step stands aside. */
    public static List<String> brokenByWaiting(Snapshot world, Decision decision) {
        List<String> broken = new ArrayList<>();
        LivenessPromises promises = new LivenessPromises(world);
        if (promises.maySteer() && !world.paused()) {
            boolean acts = decision instanceof Decision.Act;
            expect(
                    broken,
                    acts || promises.caughtUpJoiners().isEmpty(),
                    "nothing is waited for while a joiner that has caught up has no vote");
            expect(
                    broken,
                    acts || !promises.formsForTooLong(),
                    "nothing is waited for while a set that is not new sends forming heartbeats");
        }
        if (promises.seen.isPrimary()
                && !world.paused()
                && world.record() instanceof SetRecord.Formed formed
                && formed.replicaSetId().equals(promises.seen.config().replicaSetId())
                && !(formed.approval() instanceof Approval.None)
                && !promises.isAwaitedByOthers(formed)) {
            expect(
                    broken,
                    decision instanceof Decision.Act act
                            && (act.step() instanceof Step.WithdrawApproval || act.step() instanceof Step.HandOver),
                    "a primary leaves no approval in the record");
        }
        return broken;
    }

    /** New names for the set, while a member that is asked for and does not answer may still need them. */
    private boolean isAwaitedByOthers(SetRecord.Formed record) {
        LocalMongod.InSet set = (LocalMongod.InSet) world.local();
        return record.approval() instanceof Approval.RenameSet rename
                && rename.newId().equals(record.replicaSetId())
                && seen.config().members().stream()
                        .anyMatch(member -> set.status().members().stream()
                                .noneMatch(status -> status.host().equals(member.host()) && status.healthy()));
    }

    /** Whether the set may be changed at all: by a primary, on a committed configuration, of the set that is meant. */
    private boolean maySteer() {
        return seen.isPrimary()
                && seen.config().committed()
                && !seen.isForeign()
                // Where no record says which set is meant, one with another set's data beside it is left alone.
                && (world.record() instanceof SetRecord.Formed || world.record() instanceof SetRecord.NotKept);
    }

    private List<HostAddress> caughtUpJoiners() {
        return votes(seen.config().members()) >= 7
                ? List.of()
                : seen.config().members().stream()
                        .filter(member -> member.joining() && member.votes() == 0)
                        .map(ConfigMember::host)
                        .filter(host -> seen.isAskedFor(world.self().naming().ordinalOf(host)) && seen.isCaughtUp(host))
                        .toList();
    }

    private boolean formsForTooLong() {
        LocalMongod.InSet set = (LocalMongod.InSet) world.local();
        return set.config().heartbeatIntervalMillis() == 3
                && set.status()
                        .electedAt()
                        .filter(elected -> elected.plusSeconds(30).isAfter(world.now()))
                        .isEmpty();
    }
}
