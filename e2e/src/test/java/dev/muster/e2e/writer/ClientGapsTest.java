package dev.muster.e2e.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.judge.Operation;
import dev.muster.judge.Operation.Result;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClientGapsTest {
    @Test
    void eachClientHasItsOwnGapsUpToTheEnd() {
        List<Operation> operations = List.of(
                append(0, 10, Result.ACKNOWLEDGED),
                append(1, 15, Result.ACKNOWLEDGED),
                append(1, 18, Result.UNKNOWN),
                put(0, 30),
                append(1, 32, Result.ACKNOWLEDGED),
                new Operation.Get(0, "register", Optional.empty(), seconds(60), seconds(61)));

        assertThat(ClientGaps.longest(operations, 3)).containsExactly(gap(31, 61), gap(29, 61), gap(61, 61));
    }

    @Test
    void withoutOperationsThereAreNoGaps() {
        assertThat(ClientGaps.longest(List.of(), 1)).containsExactly(gap(0, 0));
    }

    @Test
    void theLongestOfAllIsKept() {
        List<Operation> operations = List.of(put(0, 30), put(0, 50), put(0, 51));

        assertThat(ClientGaps.longest(operations, 1)).containsExactly(gap(30, 30));
    }

    private static ClientGaps.Gap gap(int length, int ended) {
        return new ClientGaps.Gap(seconds(length), seconds(ended));
    }

    private static Operation append(int client, int returned, Result result) {
        return new Operation.Append(client, "list-0", returned, seconds(returned - 1), seconds(returned), result);
    }

    private static Operation put(int client, int returned) {
        return new Operation.Put(
                client, "register", returned, seconds(returned - 1), seconds(returned), Result.ACKNOWLEDGED);
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }
}
