package dev.muster.web;

import static java.util.Objects.requireNonNull;

import dev.muster.model.HostAddress;
import dev.muster.model.Naming;
import dev.muster.model.SetConfig;
import dev.muster.model.Snapshot;
import dev.muster.tell.CycleReport;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.bson.BsonInvalidOperationException;
import org.bson.Document;
import org.bson.json.JsonParseException;

/**
 * Asks the other members' sidecars for what only they know, when somebody looks. Whoever does not answer in time is
 * absent from the result: this is for people, and no decision is made from it. Safe for use by several threads.
 */
final class PeerStatuses {
    /** A person waits for it, and asks again a second later. */
    static final Duration DEADLINE = Duration.ofMillis(500);

    /** As often as the page asks: ten open pages cost the peers no more than one. */
    static final Duration CACHED = Duration.ofSeconds(1);

    /** Far above an own part, about 1 KiB. */
    static final int REPLY_BYTES = 256 * 1024;

    /**
     * Opening brackets in a reply; an own part has two, and its message a few. The parser recurses, so depth is stack,
     * and no text nests deeper than it has opening brackets.
     */
    private static final int BRACKETS = 200;

    private final Function<HostAddress, URI> location;
    private final LongSupplier nanoClock;
    private final ReentrantLock lock = new ReentrantLock();
    /** Who was asked and has not come back: a hanging name server is not asked about the same name twice at a time. */
    private final Set<Integer> underway = ConcurrentHashMap.newKeySet();

    private Map<Integer, OwnPart> cache = Map.of();
    private long cachedAtNanos;
    private boolean cached;

    /** Asks on this port, which is every sidecar's of a StatefulSet. */
    PeerStatuses(int httpPort) {
        this(peer -> URI.create("http://" + peer.host() + ":" + httpPort + "/status?self=true"), System::nanoTime);
    }

    PeerStatuses(Function<HostAddress, URI> location, LongSupplier nanoClock) {
        this.location = requireNonNull(location, "location is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
    }

    /** The own parts of the others, by ordinal. Returns within {@link #DEADLINE}, or two when another asks already. */
    Map<Integer, OwnPart> gather(CycleReport state) {
        lock.lock();
        try {
            if (!cached || nanoClock.getAsLong() - cachedAtNanos >= CACHED.toNanos()) {
                cache = ask(state.snapshot());
                cachedAtNanos = nanoClock.getAsLong();
                cached = true;
            }
            return cache;
        } finally {
            lock.unlock();
        }
    }

    private Map<Integer, OwnPart> ask(Snapshot snapshot) {
        Naming naming = snapshot.self().naming();
        Map<Integer, OwnPart> answers = new ConcurrentHashMap<>();
        Map<Integer, Thread> asked = new HashMap<>();
        Set<Integer> peers = peers(snapshot);
        CountDownLatch done = new CountDownLatch(peers.size());
        for (int ordinal : peers) {
            if (!underway.add(ordinal)) {
                done.countDown();
                continue;
            }
            asked.put(ordinal, Thread.ofVirtual().name("peer-status-" + ordinal).start(() -> {
                try {
                    answers.put(ordinal, fetch(location.apply(naming.address(ordinal))));
                } catch (IOException
                        | JsonParseException
                        | BsonInvalidOperationException
                        | IllegalArgumentException e) {
                    // Absent: the members table already says what is wrong with a member.
                } finally {
                    underway.remove(ordinal);
                    done.countDown();
                }
            }));
        }
        try {
            // Whether all came or the time is up is the same to the caller.
            boolean complete = done.await(DEADLINE.toNanos(), TimeUnit.NANOSECONDS);
            if (!complete) {
                asked.values().forEach(Thread::interrupt);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Map.copyOf(new TreeMap<>(answers));
    }

    /** Every other ordinal that is expected or a member, at most as many as a set can have. */
    private static Set<Integer> peers(Snapshot snapshot) {
        Set<Integer> ordinals = new TreeSet<>(snapshot.membersByOrdinal().keySet());
        snapshot.expectedOrdinals().limit(SetConfig.MAX_MEMBERS).forEach(ordinals::add);
        ordinals.remove(snapshot.self().ordinal());
        return ordinals.stream().limit(SetConfig.MAX_MEMBERS).collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
    }

    /** HttpURLConnection, not java.net.http: that one costs several megabytes and threads of its own. */
    private static OwnPart fetch(URI uri) throws IOException {
        if (!(uri.toURL().openConnection(Proxy.NO_PROXY) instanceof HttpURLConnection connection)) {
            throw new IOException(uri + " is not HTTP");
        }
        connection.setConnectTimeout((int) DEADLINE.toMillis());
        connection.setReadTimeout((int) DEADLINE.toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestProperty("Connection", "close");
        try {
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException(uri + " answered " + connection.getResponseCode());
            }
            try (InputStream body = connection.getInputStream()) {
                byte[] reply = body.readNBytes(REPLY_BYTES + 1);
                if (reply.length > REPLY_BYTES) {
                    throw new IOException(uri + " answered more than " + REPLY_BYTES + " bytes");
                }
                return parse(new String(reply, StandardCharsets.UTF_8));
            }
        } finally {
            connection.disconnect();
        }
    }

    static OwnPart parse(String json) throws IOException {
        if (json.chars()
                        .filter(character -> character == '{' || character == '[')
                        .count()
                > BRACKETS) {
            throw new IOException("the reply has more than " + BRACKETS + " opening brackets");
        }
        return OwnPart.from(Document.parse(json));
    }
}
