package dev.muster.mongo;

import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.connection.ServerMonitoringMode;

/** A {@link PortWatch} by the driver's monitor. */
final class MonitoredPort implements PortWatch {
    private final MongoClient client;
    private final PortState state;

    /**
     * Begins to watch.
     *
     * @param settings of one server
     * @param onEnded called, on a driver's thread, when its process has ended
     */
    MonitoredPort(MongoClientSettings.Builder settings, Runnable onEnded) {
        state = new PortState(onEnded, primary -> {});
        client = MongoClients.create(settings.applyToServerSettings(server ->
                        server.serverMonitoringMode(ServerMonitoringMode.STREAM).addServerListener(state))
                .build());
        state.listensTo(client);
    }

    @Override
    public boolean hasEnded() {
        return state.hasEnded();
    }

    @Override
    public void close() {
        client.close();
    }
}
