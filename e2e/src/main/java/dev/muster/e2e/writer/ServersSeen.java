package dev.muster.e2e.writer;

import com.mongodb.event.ServerDescriptionChangedEvent;
import com.mongodb.event.ServerHeartbeatFailedEvent;
import com.mongodb.event.ServerListener;
import com.mongodb.event.ServerMonitorListener;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Prints each change of what the driver knows of a server, and each look at one that failed: where a write waits for a
 * primary, it shows whether there was none or the driver did not see it.
 */
final class ServersSeen implements ServerListener, ServerMonitorListener {
    @Override
    public void serverDescriptionChanged(ServerDescriptionChangedEvent event) {
        var before = event.getPreviousDescription().getType();
        var now = event.getNewDescription().getType();
        if (before != now) {
            System.out.printf(
                    "server: %s %s was %s and is %s%n",
                    Instant.now(), event.getNewDescription().getAddress(), before, now);
        }
    }

    @Override
    public void serverHeartbeatFailed(ServerHeartbeatFailedEvent event) {
        System.out.printf(
                "server: %s %s did not answer, after %d ms: %s%n",
                Instant.now(),
                event.getConnectionId().getServerId().getAddress(),
                event.getElapsedTime(TimeUnit.MILLISECONDS),
                event.getThrowable());
    }
}
