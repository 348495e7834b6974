package dev.muster.playground;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Answers for the headless Service as a cluster's DNS does, over UDP and TCP: one SRV record per member that
 * is present, the A record of each, NXDOMAIN for all else. Each name's {@link NameBehaviour} can be changed
 * while it runs. Safe for use by several threads.
 */
final class NameServer implements AutoCloseable {
    /** No answer may be kept: a change of names has to show at the next question. */
    private static final long TTL_SECONDS = 0;

    private static final int LARGEST_QUERY_BYTES = 4096;
    private static final int CLASSIC_ANSWER_BYTES = 512;
    private static final int LARGEST_ANSWER_BYTES = 65535;
    private static final int TCP_TIMEOUT_MILLIS = 5000;

    private final Name zone;
    private final Name service;
    private final DatagramSocket datagrams;
    private final ServerSocket streams;
    private final Map<Name, InetAddress> members = new ConcurrentHashMap<>();
    private final Map<Name, NameBehaviour> behaviours = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> queries = new ConcurrentHashMap<>();

    private NameServer(LoopbackBlock block, String zone) {
        this.zone = name(zone);
        this.service = name("_mongodb._tcp." + zone);
        this.datagrams = block.datagrams();
        this.streams = block.streams();
    }

    /** Serves the zone of a headless Service on the block's sockets, until closed. */
    static NameServer start(LoopbackBlock block, String zone) {
        NameServer server = new NameServer(block, zone);
        Thread.ofPlatform().name("muster-dns-udp").daemon().start(server::serveDatagrams);
        Thread.ofPlatform().name("muster-dns-tcp").daemon().start(server::serveStreams);
        return server;
    }

    /** Adds a member's name, or changes its address. */
    void put(String fqdn, InetAddress address) {
        members.put(name(fqdn), address);
    }

    void behave(String fqdn, NameBehaviour behaviour) {
        behaviours.put(name(fqdn), behaviour);
    }

    /** How often that name was asked for, whatever the type and the answer. */
    long queries(String fqdn) {
        AtomicLong count = queries.get(key(name(fqdn)));
        return count == null ? 0 : count.get();
    }

    /** How often anything was asked. */
    long queries() {
        return queries.values().stream().mapToLong(AtomicLong::get).sum();
    }

    /** The SRV name of the Service. */
    String serviceName() {
        return service.toString(true);
    }

    @Override
    public void close() {
        datagrams.close();
        try {
            streams.close();
        } catch (IOException e) {
            throw new PlaygroundException("cannot close the name server", e);
        }
    }

    private void serveDatagrams() {
        while (!datagrams.isClosed()) {
            DatagramPacket packet = new DatagramPacket(new byte[LARGEST_QUERY_BYTES], LARGEST_QUERY_BYTES);
            try {
                datagrams.receive(packet);
                Thread.ofVirtual().start(() -> answerDatagram(packet));
            } catch (IOException e) {
                // An error that is not our own close was caused by a client that is gone, and concerns only it.
                if (datagrams.isClosed()) {
                    return;
                }
            }
        }
    }

    private void answerDatagram(DatagramPacket packet) {
        try {
            byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
            Message query = new Message(bytes);
            OPTRecord options = query.getOPT();
            int limit =
                    options == null ? CLASSIC_ANSWER_BYTES : Math.max(CLASSIC_ANSWER_BYTES, options.getPayloadSize());
            Optional<Message> answer = answer(query);
            if (answer.isPresent()) {
                byte[] wire = answer.get().toWire(limit);
                datagrams.send(new DatagramPacket(wire, wire.length, packet.getSocketAddress()));
            }
        } catch (IOException e) {
            // A malformed query or a client that is gone: it asks again or not.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serveStreams() {
        while (!streams.isClosed()) {
            try {
                Socket socket = streams.accept();
                Thread.ofVirtual().start(() -> answerStream(socket));
            } catch (IOException e) {
                if (streams.isClosed()) {
                    return;
                }
            }
        }
    }

    private void answerStream(Socket socket) {
        try (socket) {
            socket.setSoTimeout(TCP_TIMEOUT_MILLIS);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            Optional<Message> answer = answer(new Message(in.readNBytes(in.readUnsignedShort())));
            if (answer.isPresent()) {
                byte[] wire = answer.get().toWire(LARGEST_ANSWER_BYTES);
                out.writeShort(wire.length);
                out.write(wire);
            }
        } catch (IOException e) {
            // A malformed query or a client that is gone: it asks again or not.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Empty when the name is to get no answer; otherwise returns after the name's delay. */
    private Optional<Message> answer(Message query) throws InterruptedException {
        Record question = query.getQuestion();
        if (question == null) {
            return Optional.of(reply(query, Rcode.FORMERR));
        }
        queries.computeIfAbsent(key(question.getName()), _ -> new AtomicLong()).incrementAndGet();
        return switch (behaviour(question.getName())) {
            case NameBehaviour.Served served -> Optional.of(records(query, question));
            case NameBehaviour.Absent absent -> Optional.of(negative(query, Rcode.NXDOMAIN));
            case NameBehaviour.Empty empty -> Optional.of(negative(query, Rcode.NOERROR));
            case NameBehaviour.Failing failing -> Optional.of(reply(query, Rcode.SERVFAIL));
            case NameBehaviour.Silent silent -> Optional.empty();
            case NameBehaviour.Delayed delayed -> {
                Thread.sleep(delayed.delay());
                yield Optional.of(records(query, question));
            }
        };
    }

    private NameBehaviour behaviour(Name name) {
        return behaviours.getOrDefault(name, new NameBehaviour.Served());
    }

    private Message records(Message query, Record question) {
        Name asked = question.getName();
        InetAddress address = members.get(asked);
        if (address != null) {
            Record record = addressRecord(asked, address);
            return question.getType() == record.getType() ? withRecord(query, record) : negative(query, Rcode.NOERROR);
        }
        Map<Name, InetAddress> present = present();
        // A Service without a ready or published pod has no records at all, so its name does not exist either.
        if (present.isEmpty() || !(asked.equals(service) || asked.equals(zone))) {
            return negative(query, Rcode.NXDOMAIN);
        }
        Message reply = reply(query, Rcode.NOERROR);
        present.forEach((member, memberAddress) -> {
            if (asked.equals(service) && question.getType() == Type.SRV) {
                reply.addRecord(
                        new SRVRecord(service, DClass.IN, TTL_SECONDS, 0, 1, LoopbackBlock.MONGOD_PORT, member),
                        Section.ANSWER);
                reply.addRecord(addressRecord(member, memberAddress), Section.ADDITIONAL);
            } else if (asked.equals(zone)) {
                Record record = addressRecord(zone, memberAddress);
                if (question.getType() == record.getType()) {
                    reply.addRecord(record, Section.ANSWER);
                }
            }
        });
        return reply.getSection(Section.ANSWER).isEmpty() ? negative(query, Rcode.NOERROR) : reply;
    }

    private Map<Name, InetAddress> present() {
        Map<Name, InetAddress> present = new TreeMap<>(members);
        present.keySet()
                .removeIf(member -> behaviour(member) instanceof NameBehaviour.Absent
                        || behaviour(member) instanceof NameBehaviour.Empty);
        return present;
    }

    private static Message withRecord(Message query, Record answer) {
        Message reply = reply(query, Rcode.NOERROR);
        reply.addRecord(answer, Section.ANSWER);
        return reply;
    }

    private Message negative(Message query, int rcode) {
        Message reply = reply(query, rcode);
        reply.addRecord(
                new SOARecord(
                        zone, DClass.IN, TTL_SECONDS, name("ns.dns", zone), name("hostmaster", zone), 1, 60, 60, 60, 0),
                Section.AUTHORITY);
        return reply;
    }

    private static Message reply(Message query, int rcode) {
        Message reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.AA);
        if (query.getHeader().getFlag(Flags.RD)) {
            reply.getHeader().setFlag(Flags.RD);
        }
        reply.getHeader().setRcode(rcode);
        Record question = query.getQuestion();
        if (question != null) {
            reply.addRecord(question, Section.QUESTION);
        }
        return reply;
    }

    private static Record addressRecord(Name name, InetAddress address) {
        return address instanceof Inet6Address
                ? new AAAARecord(name, DClass.IN, TTL_SECONDS, address)
                : new ARecord(name, DClass.IN, TTL_SECONDS, address);
    }

    private static String key(Name name) {
        return name.toString(true).toLowerCase(Locale.ROOT);
    }

    private static Name name(String text) {
        return name(text, Name.root);
    }

    private static Name name(String text, Name origin) {
        try {
            return Name.fromString(text, origin);
        } catch (TextParseException e) {
            throw new IllegalArgumentException("not a DNS name: " + text, e);
        }
    }
}
