package dev.muster.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.SetRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The ways that a set goes, broken off at every step, and at every two: before the write, or after it and before anybody
 * knew. The plan goes on from what is seen, comes to the same end, and never makes a write twice.
 */
class InterruptedTest {
    /** Of a longer way, the two interruptions are at steps that follow each other. */
    private static final int SHORT_WAY = 12;

    static Stream<Arguments> ways() {
        SetRecord none = new SetRecord.NotKept();
        SetRecord absent = new SetRecord.Absent();
        SetRecord lost = new SetRecord.Formed(World.OTHER_ID, World.newSet(World.OTHER_ID));
        SetRecord formed = new SetRecord.Formed(World.OUR_ID);
        return Stream.of(
                way(
                        "formed without a record",
                        () -> new ToySet(3, none),
                        "initiate, create_root_user, add mongo-1, promote mongo-1, add mongo-2, promote mongo-2,"
                                + " restore_heartbeat"),
                way(
                        "formed with a record",
                        () -> new ToySet(3, absent),
                        "record_intended, initiate, record_formed, create_root_user, add mongo-1, promote mongo-1, add"
                                + " mongo-2, promote mongo-2, restore_heartbeat"),
                way("a set of one", () -> new ToySet(1, none), "initiate, create_root_user, restore_heartbeat"),
                way(
                        "nine members, of which seven vote",
                        () -> new ToySet(9, absent),
                        "record_intended, initiate, record_formed, create_root_user, add mongo-1, promote mongo-1, add"
                                + " mongo-2, promote mongo-2, add mongo-3, promote mongo-3, add mongo-4, promote mongo-4,"
                                + " add mongo-5, promote mongo-5, add mongo-6, promote mongo-6, add mongo-7, add mongo-8"),
                way(
                        "all volumes lost, and a new set approved",
                        () -> new ToySet(2, lost),
                        "record_intended, initiate, record_formed, create_root_user, add mongo-1, promote mongo-1,"
                                + " restore_heartbeat"),
                way(
                        "one volume of three lost with its place in the configuration",
                        () -> new ToySet(3, formed, "0 PRIMARY", "2 SECONDARY"),
                        "create_root_user, add mongo-1, promote mongo-1"),
                way(
                        "scaled from three to one",
                        () -> new ToySet(1, formed, "0 PRIMARY", "1 SECONDARY", "2 SECONDARY"),
                        "create_root_user, demote mongo-2, remove mongo-2, demote mongo-1, remove mongo-1"),
                way(
                        "scaled from five to one, the primary leaves",
                        () -> new ToySet(
                                1, formed, "0 SECONDARY", "1 SECONDARY", "2 SECONDARY", "3 SECONDARY", "4 PRIMARY"),
                        "create_root_user, hand_over mongo-0, demote mongo-4, remove mongo-4, demote mongo-3, remove"
                                + " mongo-3, demote mongo-2, remove mongo-2, demote mongo-1, remove mongo-1"),
                way(
                        "adopted, all under other names",
                        () -> new ToySet(
                                3,
                                absent,
                                "0 SECONDARY host=10.0.0.1:27017",
                                "1 PRIMARY host=10.0.0.2:27017",
                                "2 SECONDARY host=10.0.0.3:27017"),
                        "record_formed, create_root_user, rename mongo-0, rename mongo-2, rename mongo-1"));
    }

    private static Arguments way(String name, Supplier<ToySet> start, String writes) {
        return arguments(name, start, List.of(writes.split(", ")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    void everyInterruptionComesToTheSameEnd(String way, Supplier<ToySet> start, List<String> writes) {
        ToySet undisturbed = start.get();
        assertThat(undisturbed.walk(Map.of())).as("the way itself").isEqualTo(writes);

        for (Map<Integer, ToySet.Interruption> interruptions : pairs(writes.size())) {
            ToySet set = start.get();
            assertThat(withoutTakeOvers(set.walk(interruptions)))
                    .as("what was written, interrupted at %s", interruptions)
                    .isEqualTo(writes);
            assertThat(set.members())
                    .as("the end, interrupted at %s", interruptions)
                    .isEqualTo(undisturbed.members());
        }
    }

    /** Every two attempts, each broken off in every manner. A second one that never comes leaves the first alone. */
    private static List<Map<Integer, ToySet.Interruption>> pairs(int steps) {
        List<Map<Integer, ToySet.Interruption>> pairs = new ArrayList<>();
        for (int first = 0; first < steps; first++) {
            for (int second = first + 1; second <= (steps > SHORT_WAY ? first + 1 : steps); second++) {
                for (ToySet.Interruption one : ToySet.Interruption.values()) {
                    for (ToySet.Interruption other : ToySet.Interruption.values()) {
                        pairs.add(Map.of(first, one, second, other));
                    }
                }
            }
        }
        return pairs;
    }

    /** The intent of a pod that was replaced is not its successor's: it alone is written again. */
    private static List<String> withoutTakeOvers(List<String> writes) {
        List<String> once = new ArrayList<>();
        for (String write : writes) {
            if (!write.equals("record_intended") || !once.contains(write)) {
                once.add(write);
            }
        }
        return once;
    }
}
