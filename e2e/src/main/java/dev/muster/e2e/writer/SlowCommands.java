package dev.muster.e2e.writer;

import com.mongodb.connection.ConnectionDescription;
import com.mongodb.event.CommandFailedEvent;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandSucceededEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Prints each command that failed, or took longer than a second, with its server. The driver repeats a write by itself,
 * so the application only sees a gap, and not whether it waited for an election, for a majority or for a connection.
 */
final class SlowCommands implements CommandListener {
    static final Duration SLOW = Duration.ofSeconds(1);

    @Override
    public void commandFailed(CommandFailedEvent event) {
        print(
                event.getConnectionDescription(),
                event.getCommandName(),
                event.getElapsedTime(TimeUnit.MILLISECONDS),
                "failed: " + event.getThrowable());
    }

    @Override
    public void commandSucceeded(CommandSucceededEvent event) {
        if (event.getElapsedTime(TimeUnit.MILLISECONDS) > SLOW.toMillis()) {
            print(
                    event.getConnectionDescription(),
                    event.getCommandName(),
                    event.getElapsedTime(TimeUnit.MILLISECONDS),
                    "succeeded");
        }
    }

    private static void print(ConnectionDescription connection, String command, long millis, String outcome) {
        System.out.printf(
                "slow: %s %s at %s, after %d ms: %s%n",
                Instant.now(), command, connection.getServerAddress(), millis, outcome);
    }
}
