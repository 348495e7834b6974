package dev.muster.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.judge.Operation.Append;
import dev.muster.judge.Operation.Concern;
import dev.muster.judge.Operation.Get;
import dev.muster.judge.Operation.Put;
import dev.muster.judge.Operation.ReadList;
import dev.muster.judge.Operation.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The judge finds what is wrong with a history, and finds nothing where nothing is. */
class HistoryCheckerTest {
    private static Duration at(long time) {
        return Duration.ofSeconds(time);
    }

    private static Operation append(long value, long invoked, long returned, Result result) {
        return new Append(1, "list", value, at(invoked), at(returned), result);
    }

    private static Operation append(long value, long invoked, long returned) {
        return append(value, invoked, returned, Result.ACKNOWLEDGED);
    }

    private static Operation read(long invoked, long returned, Long... seen) {
        return new ReadList(2, "list", Arrays.asList(seen), at(invoked), at(returned), Concern.LINEARIZABLE);
    }

    private static Operation majorityRead(long invoked, long returned, Long... seen) {
        return new ReadList(2, "list", Arrays.asList(seen), at(invoked), at(returned), Concern.MAJORITY);
    }

    private static Operation put(long value, long invoked, long returned, Result result) {
        return new Put(1, "register", value, at(invoked), at(returned), result);
    }

    private static Operation put(long value, long invoked, long returned) {
        return put(value, invoked, returned, Result.ACKNOWLEDGED);
    }

    private static Operation get(long invoked, long returned, Long... seen) {
        return new Get(2, "register", Arrays.stream(seen).findFirst(), at(invoked), at(returned));
    }

    static Stream<Arguments> good() {
        return Stream.of(
                arguments("nothing", List.of()),
                arguments("an append, then a read", List.of(append(1, 0, 1), read(2, 3, 1L))),
                arguments("a read beside an append has it", List.of(append(1, 0, 5), read(1, 2, 1L))),
                arguments("a read beside an append does not have it", List.of(append(1, 0, 5), read(1, 2))),
                arguments(
                        "what nobody answered may be there",
                        List.of(append(1, 0, 1, Result.UNKNOWN), append(2, 2, 3), read(4, 5, 1L, 2L))),
                arguments(
                        "what nobody answered may be made later",
                        List.of(append(1, 0, 1, Result.UNKNOWN), append(2, 2, 3), read(4, 5, 2L), read(6, 7, 2L, 1L))),
                arguments(
                        "what nobody answered may never be made",
                        List.of(append(1, 0, 1, Result.UNKNOWN), append(2, 2, 3), read(4, 5, 2L))),
                arguments(
                        "appends beside each other in either order",
                        List.of(append(1, 0, 5), append(2, 1, 4), read(6, 7, 2L, 1L))),
                arguments("a majority read may be old", List.of(append(1, 0, 1), majorityRead(2, 3), read(4, 5, 1L))),
                arguments("a register that is written and read", List.of(put(1, 0, 1), get(2, 3, 1L))),
                arguments("a register of which nothing is known", List.of(get(0, 1), put(1, 2, 3), get(4, 5, 1L))),
                arguments(
                        "two writes beside each other, read in either order",
                        List.of(put(1, 0, 5), put(2, 0, 5), get(6, 7, 1L))),
                arguments(
                        "a write without an answer that takes effect late",
                        List.of(put(1, 0, 1, Result.UNKNOWN), put(2, 2, 3), get(4, 5, 2L), get(6, 7, 1L))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void good(String name, List<Operation> history) {
        assertThat(HistoryChecker.check(history)).isEmpty();
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                arguments("an append is gone", Anomaly.Kind.LOST, List.of(append(1, 0, 1), read(2, 3))),
                arguments(
                        "an append is gone, and a later one is there",
                        Anomaly.Kind.LOST,
                        List.of(append(1, 0, 1), append(2, 2, 3), read(4, 5, 2L))),
                arguments(
                        "a read does not have what was acknowledged",
                        Anomaly.Kind.STALE,
                        List.of(append(1, 0, 1), append(2, 2, 3), read(4, 5, 1L), read(6, 7, 1L, 2L))),
                arguments(
                        "a read has less than one before it",
                        Anomaly.Kind.STALE,
                        List.of(append(1, 0, 9), read(1, 2, 1L), read(3, 4))),
                arguments(
                        "what a majority read saw is gone",
                        Anomaly.Kind.STALE,
                        List.of(append(1, 0, 9, Result.UNKNOWN), majorityRead(1, 2, 1L), read(3, 4))),
                arguments("one append twice", Anomaly.Kind.DUPLICATED, List.of(append(1, 0, 1), read(2, 3, 1L, 1L))),
                arguments(
                        "the later append before the earlier",
                        Anomaly.Kind.REORDERED,
                        List.of(append(1, 0, 1), append(2, 2, 3), read(4, 5, 2L, 1L))),
                arguments(
                        "two lines of writes",
                        Anomaly.Kind.DIVERGED,
                        List.of(append(1, 0, 9), append(2, 0, 9), majorityRead(1, 2, 1L), majorityRead(1, 2, 2L))),
                arguments("a value that nobody wrote", Anomaly.Kind.UNWRITTEN, List.of(read(0, 1, 7L))),
                arguments(
                        "a value that was refused",
                        Anomaly.Kind.UNWRITTEN,
                        List.of(append(1, 0, 1, Result.REFUSED), read(2, 3, 1L))),
                arguments("a value from the future", Anomaly.Kind.UNWRITTEN, List.of(read(0, 1, 1L), append(1, 2, 3))),
                arguments("a register lost its value", Anomaly.Kind.LOST, List.of(put(1, 0, 1), get(2, 3))),
                arguments(
                        "a register shows an old value",
                        Anomaly.Kind.STALE,
                        List.of(put(1, 0, 1), put(2, 2, 3), get(4, 5, 1L))),
                arguments(
                        "a register goes back and forth",
                        Anomaly.Kind.REORDERED,
                        List.of(
                                put(1, 0, 1),
                                put(2, 0, 1),
                                get(2, 3, 1L),
                                get(4, 5, 2L),
                                get(6, 7, 1L),
                                get(8, 9, 2L))),
                arguments(
                        "a register's value that was refused",
                        Anomaly.Kind.UNWRITTEN,
                        List.of(put(1, 0, 1, Result.REFUSED), get(2, 3, 1L))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void bad(String name, Anomaly.Kind kind, List<Operation> history) {
        assertThat(HistoryChecker.check(history)).extracting(Anomaly::kind).contains(kind);
    }

    /** The judge of registers says of small random histories what trying every order says. */
    @Test
    void aRegisterIsJudgedAsByTryingEveryOrder() {
        Random random = new Random(5);
        int good = 0;
        int histories = 20_000;
        for (int history = 0; history < histories; history++) {
            List<Operation> operations = randomRegister(random);
            boolean expected = isLinearizable(operations, Optional.empty());
            good += expected ? 1 : 0;
            assertThat(HistoryChecker.check(operations).isEmpty())
                    .as(operations.toString())
                    .isEqualTo(expected);
        }
        assertThat(good).as("both kinds were tried").isBetween(histories / 10, histories * 9 / 10);
    }

    private static List<Operation> randomRegister(Random random) {
        List<Operation> operations = new ArrayList<>();
        int puts = 1 + random.nextInt(3);
        // No two times are equal: what happens at one moment has no order.
        List<Integer> times = new ArrayList<>();
        for (int time = 0; time < 16; time++) {
            times.add(time);
        }
        Collections.shuffle(times, random);
        int next = 0;
        for (int operation = 0; operation < puts + 3; operation++) {
            int one = times.get(next++);
            int two = times.get(next++);
            int invoked = Math.min(one, two);
            int returned = Math.max(one, two);
            if (operation < puts) {
                operations.add(put(
                        operation, invoked, returned, random.nextInt(4) == 0 ? Result.UNKNOWN : Result.ACKNOWLEDGED));
            } else if (random.nextInt(8) == 0) {
                operations.add(get(invoked, returned));
            } else {
                operations.add(get(invoked, returned, (long) random.nextInt(puts)));
            }
        }
        return operations;
    }

    /** Takes any operation that nothing left has to precede, and goes on with the others. */
    private static boolean isLinearizable(List<Operation> left, Optional<Long> value) {
        if (left.stream().allMatch(HistoryCheckerTest::isUnknown)) {
            return true;
        }
        for (Operation next : left) {
            boolean mayBeNext = left.stream()
                    .filter(other -> !other.equals(next) && !isUnknown(other))
                    .noneMatch(other -> other.returned().compareTo(next.invoked()) < 0);
            if (!mayBeNext) {
                continue;
            }
            List<Operation> rest = new ArrayList<>(left);
            rest.remove(next);
            boolean fits = switch (next) {
                case Put put -> isLinearizable(rest, Optional.of(put.value()));
                case Get get -> get.seen().equals(value) && isLinearizable(rest, value);
                case Append append -> throw new AssertionError(append);
                case ReadList read -> throw new AssertionError(read);
            };
            if (fits) {
                return true;
            }
        }
        return false;
    }

    private static boolean isUnknown(Operation operation) {
        return operation instanceof Put put && put.result() == Result.UNKNOWN;
    }
}
