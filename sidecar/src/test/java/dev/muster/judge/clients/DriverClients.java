package dev.muster.judge.clients;

import com.mongodb.spi.dns.InetAddressResolver;
import dev.muster.judge.History;
import dev.muster.judge.Operation.Concern;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Applications that write to a set and read from it all the time. Each has a connection of its own: through the driver's
 * view of the set, or through one address. Together they make one history.
 */
public final class DriverClients implements AutoCloseable {
    /** How many appends go to one list: a read has all of it, so a list that grows for an hour would be all traffic. */
    static final int APPENDS_PER_LIST = 300;

    private final History history = new History();
    private final Acknowledgements acknowledgements = new Acknowledgements();
    private final Values values = new Values();
    private final List<DriverClient> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /**
     * Starts one client for each of them.
     *
     * @param connectionStrings with what is needed to authenticate
     * @param database where the lists and registers are; nothing else may be there
     * @param seed of what each does next
     */
    public DriverClients(List<String> connectionStrings, String database, long seed) {
        this(connectionStrings, database, seed, host -> List.of(InetAddress.getAllByName(host)));
    }

    /** The same for a set whose names are not those of this machine. */
    public DriverClients(List<String> connectionStrings, String database, long seed, InetAddressResolver names) {
        for (int client = 0; client < connectionStrings.size(); client++) {
            clients.add(new DriverClient(
                    client,
                    connectionStrings.get(client),
                    names,
                    database,
                    seed + client,
                    values,
                    history,
                    acknowledgements));
        }
        for (DriverClient client : clients) {
            threads.add(Thread.ofPlatform()
                    .daemon()
                    .name("client-" + client.number())
                    .start(client::run));
        }
    }

    /** What they saw until now. */
    public History history() {
        return history;
    }

    /** When writes were acknowledged. */
    public Acknowledgements acknowledgements() {
        return acknowledgements;
    }

    /**
     * Ends after the operations under way.
     *
     * @throws IllegalStateException if a client ended before, for another reason than an answer of the database
     */
    public void stop() {
        join();
        for (DriverClient client : clients) {
            client.failure().ifPresent(failure -> {
                throw new IllegalStateException("client " + client.number() + " ended by itself: " + failure, failure);
            });
        }
    }

    private void join() {
        clients.forEach(DriverClient::stop);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /**
     * Reads every list and register once more, so that nothing is missing unnoticed.
     *
     * @throws com.mongodb.MongoException if one cannot be read
     */
    public void readAll() {
        DriverClient reader = clients.getFirst();
        for (long list = 0; list <= values.currentList(); list++) {
            reader.readList(Values.listName(list), Concern.LINEARIZABLE);
        }
        reader.readRegister();
    }

    /** Stops, and closes the connections. */
    @Override
    public void close() {
        join();
        clients.forEach(DriverClient::close);
    }

    /** For how long a client waits between two operations at most. */
    static Duration longestPause() {
        return Duration.ofMillis(60);
    }
}
