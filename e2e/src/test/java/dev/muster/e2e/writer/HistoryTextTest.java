package dev.muster.e2e.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.judge.Operation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTextTest {
    @Test
    void whatWasReadIsWrittenOutWhereSomethingIsWrong() {
        Operation write = new Operation.Append(
                0, "list-0", 7, Duration.ZERO, Duration.ofMillis(12), Operation.Result.ACKNOWLEDGED);

        assertThat(HistoryText.of(List.of(write, read(List.of(7L)))))
                .startsWith("operations: 2, anomalies: 0")
                .contains("0.000 to 0.012: client 0 appends 7 to list-0: ACKNOWLEDGED")
                .contains("1.000 to 2.000: client 1 reads list-0, LINEARIZABLE: values: 1");
        assertThat(HistoryText.of(List.of(write, read(List.of(7L, 8L)))))
                .startsWith("operations: 2, anomalies: 1")
                .contains("UNWRITTEN: list-0: ")
                .contains("LINEARIZABLE: [7, 8]");
    }

    private static Operation read(List<Long> seen) {
        return new Operation.ReadList(
                1, "list-0", seen, Duration.ofSeconds(1), Duration.ofSeconds(2), Operation.Concern.LINEARIZABLE);
    }
}
