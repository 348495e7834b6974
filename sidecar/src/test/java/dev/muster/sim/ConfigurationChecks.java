package dev.muster.sim;

import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.MemberState;
import dev.muster.model.SetConfig;
import dev.muster.sim.mongod.MongodProcess;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/** What a change of the configuration by Muster may be. */
final class ConfigurationChecks {
    /** The lag that a promotion may have in truth: the bound, and what may happen while it is under way. */
    private static final Duration LAG = SimulatedWorld.MAX_LAG.plus(Intent.IN_FLIGHT);

    private final SimulatedWorld world;
    private final Intent intent;
    private final Map<Integer, Duration> lastUp = new TreeMap<>();

    ConfigurationChecks(SimulatedWorld world, Intent intent) {
        this.world = world;
        this.intent = intent;
    }

    private static final Duration HEARTBEATS = Duration.ofSeconds(2);

    private final Map<MongodProcess, Duration> rolledBack = new HashMap<>();

    /** That ordinal's process runs. */
    void isUp(int ordinal) {
        lastUp.put(ordinal, world.scheduler().elapsed());
    }

    /** Fails where one of the invariants forbids the change. */
    void check(SetConfig before, SetConfig after) {
        limits(after);
        oneMemberEach(before, after);
        if (after.voters() < before.voters()
                || after.members().size() < before.members().size()) {
            leaves(after);
        }
        Map<Integer, ConfigMember> old = byId(before);
        Map<Integer, ConfigMember> now = byId(after);
        int votes = 0;
        for (ConfigMember member : after.members()) {
            ConfigMember was = old.get(member.id());
            if (was == null) {
                added(member);
                votes += member.votes();
            } else {
                votes += Math.abs(member.votes() - was.votes());
                changed(was, member);
            }
        }
        for (ConfigMember member : before.members()) {
            if (!now.containsKey(member.id())) {
                votes += member.votes();
                if (!intent.wasScaledAwayLately(member.host())) {
                    Violation.because("%s was removed, which nobody asked for", member.host());
                }
            }
        }
        if (votes > 1) {
            Violation.because(
                    "the votes of %d members changed at once: %s, then %s", votes, describe(before), describe(after));
        }
        if (before.members().equals(after.members())
                && before.heartbeatIntervalMillis() == after.heartbeatIntervalMillis()) {
            Violation.because("configuration %d changes nothing", after.version());
        }
        if (!before.replicaSetId().equals(after.replicaSetId())) {
            Violation.because("the configuration's replica set id changed");
        }
    }

    /** A force takes votes and arbiters, and changes nothing else: what a person set comes back with the member. */
    void checkForced(SetConfig before, SetConfig after) {
        limits(after);
        for (ConfigMember was : before.members()) {
            ConfigMember is = after.member(was.host()).orElse(null);
            if (is == null) {
                if (!was.arbiterOnly()) {
                    Violation.because("%s was removed by force", was.host());
                }
            } else if (is.votes() == was.votes() && !is.equals(was)) {
                Violation.because("%s kept its vote and was changed by force", was.host());
            } else if (is.votes() < was.votes() && !is.joining()) {
                Violation.because("%s lost its vote by force, for ever", was.host());
            }
        }
    }

    /** A change that takes somebody out leaves a healthy majority, unless a voter fell at that very moment. */
    private void leaves(SetConfig after) {
        long up = after.members().stream()
                .filter(member -> member.votes() > 0)
                .filter(member -> !isDownForLong(member.host()))
                .count();
        if (2 * up <= after.voters()) {
            Violation.because(
                    "%d of %d voters are up after somebody was let go: %s", up, after.voters(), describe(after));
        }
    }

    private boolean isDownForLong(HostAddress host) {
        Duration now = world.scheduler().elapsed();
        return SimulatedWorld.ordinalOf(host).stream()
                .mapToObj(ordinal -> lastUp.getOrDefault(ordinal, Duration.ZERO))
                .anyMatch(up -> up.plus(Intent.IN_FLIGHT).compareTo(now) < 0);
    }

    private static void limits(SetConfig config) {
        Set<Integer> ids = new HashSet<>();
        Set<HostAddress> hosts = new HashSet<>();
        config.members().forEach(member -> {
            if (!ids.add(member.id()) || !hosts.add(member.host())) {
                Violation.because("a member is twice in %s", describe(config));
            }
        });
        if (config.voters() > SetConfig.MAX_VOTERS || config.members().size() > SetConfig.MAX_MEMBERS) {
            Violation.because("too many members: %s", describe(config));
        }
    }

    /** No process has two places, under two names. */
    private static void oneMemberEach(SetConfig before, SetConfig after) {
        Set<Integer> ordinals = new HashSet<>();
        for (ConfigMember member : after.members()) {
            OptionalInt ordinal = SimulatedWorld.ordinalOf(member.host());
            boolean isNew = before.member(member.host()).isEmpty();
            if (ordinal.isPresent() && !ordinals.add(ordinal.getAsInt()) && isNew) {
                Violation.because("%s has a place already, under another name", member.host());
            }
        }
    }

    private void added(ConfigMember member) {
        if (!intent.wasAskedForLately(member.host())) {
            Violation.because("%s was added, which nobody asked for", member.host());
        }
        if (member.votes() > 0) {
            Violation.because("%s was added with a vote", member.host());
        }
    }

    /** One member, before and after: only its vote and its host may change, each only for its reason. */
    private void changed(ConfigMember was, ConfigMember is) {
        if (was.arbiterOnly() != is.arbiterOnly() || was.hidden() != is.hidden() || was.delayed() != is.delayed()) {
            Violation.because("what a person set of %s was changed", was.host());
        }
        if (!SimulatedWorld.ordinalOf(was.host()).equals(SimulatedWorld.ordinalOf(is.host()))) {
            Violation.because("%s got another member's name, %s", was.host(), is.host());
        }
        if (is.votes() > was.votes()) {
            promoted(was);
        } else if (is.votes() < was.votes()) {
            boolean lostData = is.joining() && is.emptied().isPresent() && mayHaveLostItsData(is.host());
            if (!lostData && !intent.wasScaledAwayLately(was.host())) {
                Violation.because("%s lost its vote, which nobody asked for", was.host());
            }
        } else if (was.priority() != is.priority()) {
            Violation.because(
                    "the priority of %s was changed from %s to %s", was.host(), was.priority(), is.priority());
        }
    }

    private boolean mayHaveLostItsData(HostAddress host) {
        return world.run(host).filter(run -> run.hasRunFor(Intent.IN_FLIGHT)).stream()
                .allMatch(PodRun::beganWithoutData);
    }

    /** Whether another process of that pod's name serves: one of a pod that was deleted by force, on a lost node. */
    private boolean servesElsewhere(MongodProcess process) {
        return world.processes().stream()
                .anyMatch(other -> other != process
                        && world.nameOf(other).equals(world.nameOf(process))
                        && other.state() == MemberState.SECONDARY);
    }

    private void promoted(ConfigMember member) {
        if (!member.joining()) {
            Violation.because("%s got a vote that a person had taken", member.host());
        }
        Optional<MongodProcess> process = world.run(member.host())
                .filter(run -> run.hasRunFor(Intent.IN_FLIGHT))
                .flatMap(PodRun::mongod);
        if (process.isEmpty() || member.emptied().isPresent()) {
            // The server gives a vote back to a member without data only once that can do no harm.
            return;
        }
        if (process.get().volume().isCloneUnfinished() && !servesElsewhere(process.get())) {
            Violation.because("%s got its vote while it clones", member.host());
        }
        Optional<Duration> behind = world.primary()
                .flatMap(PodRun::mongod)
                .flatMap(MongodProcess::lastApplied)
                .flatMap(ahead -> process.get().lastApplied().map(applied -> applied.behind(ahead)));
        if (!hasJustRolledBack(process.get())
                && behind.filter(lag -> lag.compareTo(LAG) > 0).isPresent()) {
            Violation.because(
                    "%s got its vote %d s behind", member.host(), behind.get().toSeconds());
        }
    }

    /** Until its next heartbeat the primary takes it for as new as it was before. */
    private boolean hasJustRolledBack(MongodProcess process) {
        Duration at = rolledBack.get(process);
        return at != null && world.scheduler().elapsed().minus(at).compareTo(HEARTBEATS) < 0;
    }

    void rolledBack(MongodProcess process) {
        rolledBack.put(process, world.scheduler().elapsed());
    }

    private static Map<Integer, ConfigMember> byId(SetConfig config) {
        Map<Integer, ConfigMember> members = new TreeMap<>();
        config.members().forEach(member -> members.put(member.id(), member));
        return members;
    }

    static String describe(SetConfig config) {
        StringBuilder text = new StringBuilder();
        config.members()
                .forEach(member -> text.append(text.isEmpty() ? "" : ", ")
                        .append(SimulatedWorld.ordinalOf(member.host()).stream()
                                .mapToObj(SimulatedWorld.NAMING::podName)
                                .findFirst()
                                .orElse(member.host().toString()))
                        .append(member.votes() == 0 ? " without a vote" : ""));
        return text.toString();
    }
}
