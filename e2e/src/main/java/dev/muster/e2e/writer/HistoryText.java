package dev.muster.e2e.writer;

import dev.muster.judge.Anomaly;
import dev.muster.judge.HistoryChecker;
import dev.muster.judge.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** A history for people: what is wrong with it, and one operation a line, with the times of its call and its answer. */
final class HistoryText {
    private HistoryText() {}

    /** What was read is written out only where something is wrong: all of it would be hundreds of megabytes an hour. */
    static String of(List<Operation> operations) {
        List<Anomaly> anomalies = HistoryChecker.check(operations);
        StringBuilder text =
                new StringBuilder("operations: %d, anomalies: %d%n".formatted(operations.size(), anomalies.size()));
        anomalies.forEach(anomaly -> text.append("%s%n".formatted(anomaly)));
        for (Operation operation : operations) {
            boolean wrong =
                    anomalies.stream().anyMatch(anomaly -> anomaly.words().startsWith(operation.key() + ":"));
            text.append("%s to %s: client %d %s%n"
                    .formatted(
                            seconds(operation.invoked()),
                            seconds(operation.returned()),
                            operation.client(),
                            words(operation, wrong)));
        }
        return text.toString();
    }

    private static String words(Operation operation, boolean wrong) {
        return switch (operation) {
            case Operation.Append append ->
                "appends %d to %s: %s".formatted(append.value(), append.key(), append.result());
            case Operation.Put put -> "puts %d into %s: %s".formatted(put.value(), put.key(), put.result());
            case Operation.ReadList read ->
                "reads %s, %s: %s"
                        .formatted(
                                read.key(),
                                read.concern(),
                                wrong ? read.seen() : "values: " + read.seen().size());
            case Operation.Get get ->
                "reads %s: %s"
                        .formatted(get.key(), get.seen().map(String::valueOf).orElse("nothing"));
        };
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3f", time.toMillis() / 1000.0);
    }
}
