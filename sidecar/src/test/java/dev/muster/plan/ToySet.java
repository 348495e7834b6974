package dev.muster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.PeerMongod;
import dev.muster.model.RootUser;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** A set whose members do what they are told at once, and clone in one tick. Nothing in it fails but who gives orders. */
final class ToySet {
    private static final int ENOUGH_TICKS = 200;

    /** How an attempt at a step is broken off. */
    enum Interruption {
        BEFORE_THE_WRITE,
        /** Its pod is then replaced: the new one has the volume and the name, and another uid. */
        AFTER_THE_WRITE
    }

    private final int replicas;
    private final int pods;
    /** By ordinal, in the words of {@link World#set}. */
    private final NavigableMap<Integer, String> members = new TreeMap<>();

    private final Set<Integer> removed = new TreeSet<>();
    private SetRecord record;
    private RootUser rootUser = RootUser.MISSING;
    private boolean forming;

    ToySet(int replicas, SetRecord record, String... members) {
        this.replicas = replicas;
        this.record = record;
        for (String words : members) {
            this.members.put(Integer.parseInt(words.substring(0, words.indexOf(' '))), words);
        }
        pods = Math.max(replicas, this.members.isEmpty() ? 0 : this.members.lastKey() + 1);
    }

    List<String> members() {
        return List.copyOf(members.values());
    }

    /**
     * Turns all sidecars in turn until they settle.
     *
     * @param interruptions by the number of the attempt
     * @return what was written, in order
     */
    List<String> walk(Map<Integer, Interruption> interruptions) {
        List<String> writes = new ArrayList<>();
        int attempt = 0;
        for (int tick = 0; tick < ENOUGH_TICKS; tick++) {
            boolean acted = false;
            for (int pod = 0; pod < pods; pod++) {
                if (Planner.plan(look(pod)) instanceof Decision.Act act) {
                    acted = true;
                    Interruption interruption = interruptions.get(attempt++);
                    if (interruption == Interruption.BEFORE_THE_WRITE) {
                        continue;
                    }
                    apply(act.step());
                    writes.add(written(act));
                    if (interruption == Interruption.AFTER_THE_WRITE) {
                        replacePod();
                    }
                    assertThat(Planner.plan(look(pod)))
                            .as("a write that took effect is not planned again")
                            .isNotEqualTo(act);
                }
            }
            if (!acted && !finishClones() && !letTimePass()) {
                assertThat(World.words(Planner.plan(look(primary())))).isEqualTo("settled SETTLED");
                return writes;
            }
        }
        throw new AssertionError("not settled after " + ENOUGH_TICKS + " ticks: " + members);
    }

    private static String written(Decision.Act act) {
        return World.words(act)
                .replaceFirst("^act \\w+ ", "")
                .replaceFirst("initiate .*", "initiate")
                .replaceFirst("record_formed .*", "record_formed")
                .replaceFirst("rename .* to ", "rename ");
    }

    private int primary() {
        return members.entrySet().stream()
                .filter(member -> member.getValue().contains("PRIMARY"))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private Snapshot look(int pod) {
        World world = World.pod(pod).replicas(replicas).record(record).rootUser(rootUser);
        if (!(record instanceof SetRecord.NotKept)) {
            world.kubernetes(replicas);
        }
        if (forming) {
            world.forming(Duration.ofSeconds(1));
        }
        if (members.containsKey(pod)) {
            world.set(members.values().toArray(String[]::new));
        } else if (removed.contains(pod)) {
            world.local(new LocalMongod.Removed(World.OUR_ID));
        }
        IntStream.range(0, pods).filter(peer -> peer != pod).forEach(peer -> world.peer(peer, answer(peer)));
        return world.look();
    }

    private PeerMongod answer(int peer) {
        if (!members.containsKey(peer)) {
            return removed.contains(peer) ? new PeerMongod.Removed(World.OUR_ID) : World.empty();
        }
        List<String> words = List.of(members.get(peer).split(" "));
        String host = words.getLast().startsWith("host=") ? words.getLast().substring(5) : World.host(peer);
        return World.inSet(World.OUR_ID, host, MemberState.valueOf(words.get(1)));
    }

    private void apply(Step step) {
        switch (step) {
            case Step.RecordIntended intended -> record = new SetRecord.Intended("this-pod", true, Duration.ZERO);
            case Step.RecordFormed formed -> record = new SetRecord.Formed(formed.replicaSetId());
            case Step.Initiate initiate -> {
                assertThat(members).as("at most one set is made").isEmpty();
                members.put(0, "0 PRIMARY");
                forming = true;
            }
            case Step.CreateRootUser create -> rootUser = RootUser.AS_THE_FILES_SAY;
            case Step.Reconfigure reconfigure -> change(reconfigure.change());
            case Step.HandOver handOver -> {
                becomes(primary(), "SECONDARY");
                becomes(ordinal(handOver.target()), "PRIMARY");
            }
            case Step.CallElection call -> throw new AssertionError("no mongod ends");
            case Step.SyncFrom syncFrom -> throw new AssertionError("nobody needs to be directed");
            case Step.ForceReconfigure force -> throw new AssertionError("nobody approved it");
            case Step.RestartMongod restart -> throw new AssertionError("names lead where they should");
            case Step.RenameSet rename -> throw new AssertionError("the volumes are from here");
            case Step.TellHeld tell -> throw new AssertionError("no volume is lost");
            case Step.StartMongod start -> throw new AssertionError("every mongod runs");
            case Step.WithdrawApproval withdraw -> throw new AssertionError("nobody approved anything");
            case Step.UpdateRootPassword update -> throw new AssertionError("the password is as the file says");
        }
    }

    private void change(ConfigChange change) {
        switch (change) {
            case ConfigChange.Add add -> members.put(ordinal(add.host()), ordinal(add.host()) + " STARTUP2 joining");
            case ConfigChange.Promote promote -> becomes(ordinal(promote.host()), "SECONDARY");
            case ConfigChange.TakeEmptyVote take -> throw new AssertionError("nobody lost its data");
            case ConfigChange.ReturnVote back -> throw new AssertionError("nobody lost its data");
            case ConfigChange.ForgetEmptied forget -> throw new AssertionError("nobody lost its data");
            case ConfigChange.Demote demote -> becomes(ordinal(demote.host()), "SECONDARY joining");
            case ConfigChange.Remove remove -> {
                members.remove(ordinal(remove.host()));
                removed.add(ordinal(remove.host()));
            }
            case ConfigChange.Rename rename ->
                members.computeIfPresent(ordinal(rename.to()), (of, words) -> words.replaceFirst(" host=.*", ""));
            case ConfigChange.RestoreHeartbeat restore -> forming = false;
        }
    }

    private static int ordinal(HostAddress host) {
        return World.NAMING.ordinalOf(host).orElseThrow();
    }

    private void becomes(int ordinal, String words) {
        members.put(ordinal, ordinal + " " + words);
    }

    private boolean finishClones() {
        boolean cloned = members.values().stream().anyMatch(words -> words.contains("STARTUP2"));
        members.replaceAll((ordinal, words) -> words.replace("STARTUP2", "SECONDARY"));
        return cloned;
    }

    /** Only an intent is told by who wrote it. */
    private void replacePod() {
        if (record instanceof SetRecord.Intended) {
            record = new SetRecord.Intended("another-pod", false, Duration.ZERO);
        }
    }

    /** Whether that can change something: another pod's intent grows old. */
    private boolean letTimePass() {
        if (record instanceof SetRecord.Intended intended
                && !intended.byUs()
                && intended.lasting().isZero()) {
            record = new SetRecord.Intended("another-pod", false, BootstrapRules.OTHERS_INTENT);
            return true;
        }
        return false;
    }
}
