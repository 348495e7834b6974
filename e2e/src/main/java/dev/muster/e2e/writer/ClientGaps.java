package dev.muster.e2e.writer;

import dev.muster.judge.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** For how long each single client had no write acknowledged. All others may have had some meanwhile. */
final class ClientGaps {
    private ClientGaps() {}

    /**
     * One gap.
     *
     * @param ended since the history began
     */
    record Gap(Duration length, Duration ended) {
        Gap longer(Gap other) {
            return other.length.compareTo(length) > 0 ? other : this;
        }
    }

    /**
     * The longest of each client, by its number.
     *
     * @param operations in the order of their answers; the last answer of any client is the end
     */
    static List<Gap> longest(List<Operation> operations, int clients) {
        List<Duration> last = new ArrayList<>(Collections.nCopies(clients, Duration.ZERO));
        List<Gap> longest = new ArrayList<>(Collections.nCopies(clients, new Gap(Duration.ZERO, Duration.ZERO)));
        for (Operation operation : operations) {
            if (isAcknowledged(operation)) {
                note(last, longest, operation.client(), operation.returned());
            }
        }
        if (!operations.isEmpty()) {
            for (int client = 0; client < clients; client++) {
                note(last, longest, client, operations.getLast().returned());
            }
        }
        return longest;
    }

    private static void note(List<Duration> last, List<Gap> longest, int client, Duration now) {
        Gap gap = new Gap(now.minus(last.set(client, now)), now);
        longest.set(client, longest.get(client).longer(gap));
    }

    private static boolean isAcknowledged(Operation operation) {
        return switch (operation) {
            case Operation.Append append -> append.result() == Operation.Result.ACKNOWLEDGED;
            case Operation.Put put -> put.result() == Operation.Result.ACKNOWLEDGED;
            case Operation.ReadList _, Operation.Get _ -> false;
        };
    }
}
