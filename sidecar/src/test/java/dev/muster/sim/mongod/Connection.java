package dev.muster.sim.mongod;

import dev.muster.model.HostAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How commands reach one mongod: with the driver's limits, which are those of {@code Connector} and {@code Admin}. Only
 * used where pausing is allowed.
 */
final class Connection {
    private static final Duration SELECTION_LIMIT = Duration.ofSeconds(1);
    private static final Duration READ_LIMIT = Duration.ofSeconds(2);
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(10);
    private static final Duration SHORTEST_LOOK = Duration.ofMillis(2);
    private static final Duration LONGEST_LOOK = Duration.ofMillis(100);

    private final Mongods mongods;
    private final int place;
    private final HostAddress named;
    private final List<InetAddress> addresses;
    private final Optional<String> key;
    private @Nullable MongodProcess connected;

    Connection(Mongods mongods, int place, HostAddress named, List<InetAddress> addresses, Optional<String> key) {
        this.mongods = mongods;
        this.place = place;
        this.named = named;
        this.addresses = List.copyOf(addresses);
        this.key = key;
    }

    HostAddress named() {
        return named;
    }

    void pause(Duration time) {
        mongods.scheduler().pause(time);
    }

    Duration now() {
        return mongods.scheduler().elapsed();
    }

    /** A command that anybody may send. */
    <T> T readOpenly(Function<MongodProcess, T> command) {
        return read(command, false);
    }

    /** A command that reads. */
    <T> T read(Function<MongodProcess, T> command) {
        return read(command, true);
    }

    private <T> T read(Function<MongodProcess, T> command, boolean wantsUser) {
        MongodProcess process = arrive(READ_LIMIT, wantsUser);
        T result = command.apply(process);
        Duration underWay = mongods.latency();
        pause(underWay);
        if (!isHeardBy(process)) {
            lose(process, READ_LIMIT);
        }
        return result;
    }

    /**
     * A command that changes something and may take its time.
     *
     * @throws NoAnswer where it is refused, or its answer does not come: then it may have taken effect
     */
    void write(BiConsumer<MongodProcess, Consumer<CommandReply>> command) {
        Duration deadline = now().plus(WRITE_LIMIT);
        MongodProcess process = arrive(WRITE_LIMIT, true);
        AtomicReference<CommandReply> answer = new AtomicReference<>();
        command.accept(process, answer::set);
        Duration look = SHORTEST_LOOK;
        while (answer.get() == null) {
            if (!process.isRunning()) {
                connected = null;
                throw NoAnswer.unreachable();
            }
            if (now().compareTo(deadline) >= 0) {
                // The server gives up at the same moment, but what it began goes on.
                throw isHeardBy(process)
                        ? NoAnswer.refused(new CommandReply(CommandReply.TIME_LIMIT, "operation exceeded time limit"))
                        : NoAnswer.timeout();
            }
            pause(look);
            look = look.multipliedBy(2).compareTo(LONGEST_LOOK) < 0 ? look.multipliedBy(2) : LONGEST_LOOK;
        }
        pause(mongods.latency());
        if (!isHeardBy(process)) {
            lose(process, deadline.minus(now()));
        }
        if (!answer.get().isDone()) {
            throw NoAnswer.refused(answer.get());
        }
    }

    /** The process, at the moment when the command arrives there. */
    private MongodProcess arrive(Duration limit, boolean wantsUser) {
        MongodProcess before = connected;
        if (before != null && !before.isRunning()) {
            before = null;
        }
        pause(mongods.latency());
        Mongods.Reached reached = Mongods.Reached.REFUSED;
        for (InetAddress address : addresses) {
            reached = mongods.reach(place, address, named.port());
            if (reached.process() != null) {
                break;
            }
        }
        MongodProcess process = reached.process();
        if (process == null && reached.isSilent()) {
            boolean wasConnected = before != null;
            connected = null;
            pause(wasConnected ? limit : SELECTION_LIMIT);
            // The kernel of a frozen process still accepts; whoever is cut off cannot even connect.
            throw wasConnected || isAccepted() ? NoAnswer.timeout() : NoAnswer.unreachable();
        }
        if (process == null || !process.isListening()) {
            connected = null;
            pause(SELECTION_LIMIT);
            throw process == null ? NoAnswer.unreachable() : NoAnswer.timeout();
        }
        connected = process;
        authenticate(process, wantsUser);
        return process;
    }

    private void authenticate(MongodProcess process, boolean wantsUser) {
        if (key.isPresent() && !process.launch().key().equals(key)) {
            throw NoAnswer.wrongKey();
        }
        if (wantsUser && key.isEmpty() && process.launch().key().isPresent()) {
            throw NoAnswer.unauthorized();
        }
    }

    private boolean isAccepted() {
        return addresses.stream()
                .flatMap(address -> mongods.listening(address, named.port()).stream())
                .anyMatch(process -> mongods.network().connects(place, process.place()));
    }

    private boolean isHeardBy(MongodProcess process) {
        return process.isRunning() && !process.isFrozen() && mongods.network().carries(process.place(), place);
    }

    /** The answer is lost: whoever waits for it waits for as long as it is patient, or learns of the end at once. */
    private void lose(MongodProcess process, Duration limit) {
        connected = null;
        if (!process.isRunning()) {
            throw NoAnswer.unreachable();
        }
        if (limit.isPositive()) {
            pause(limit);
        }
        throw NoAnswer.timeout();
    }
}
