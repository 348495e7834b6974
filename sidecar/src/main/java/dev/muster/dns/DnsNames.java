package dev.muster.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** {@link Names} by dnsjava. Thread-safe. */
public final class DnsNames implements Names {
    /** The port's name in the headless Service, as {@code mongodb+srv://} requires it. */
    private static final String SRV_PREFIX = "_mongodb._tcp.";

    private final Resolver resolver;
    private final BiConsumer<String, String> onLookup;

    /**
     * Asks the given name server, or those of resolv.conf.
     *
     * @param server empty for resolv.conf's
     * @param timeout for one query
     * @param onLookup gets the type and the result of each query, both from a small fixed set
     */
    public DnsNames(Optional<InetSocketAddress> server, Duration timeout, BiConsumer<String, String> onLookup) {
        this.resolver = server.<Resolver>map(SimpleResolver::new).orElseGet(() -> ofResolvConf(timeout));
        resolver.setTimeout(timeout);
        this.onLookup = onLookup;
    }

    /** Asks each name server of the machine once: with the library's retries, one that is down takes 15 s a query. */
    private static Resolver ofResolvConf(Duration timeout) {
        ExtendedResolver all = new ExtendedResolver();
        all.setRetries(1);
        for (Resolver one : all.getResolvers()) {
            one.setTimeout(timeout);
        }
        return all;
    }

    @Override
    public Map<String, Answer> lookUp(String service, Set<String> hosts) {
        Map<String, Answer> answers = new TreeMap<>();
        if (hosts.isEmpty()) {
            return answers;
        }
        Map<String, List<InetAddress>> fromSrv = addressesOfService(service);
        Map<String, Future<Answer>> asked = new TreeMap<>();
        // All at once: one after the other, fifty names would take a hundred timeouts if the name server is down.
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String host : hosts) {
                List<InetAddress> known = fromSrv.getOrDefault(host, List.of());
                if (known.isEmpty()) {
                    asked.put(host, threads.submit(() -> lookUpHost(host)));
                } else {
                    answers.put(host, new Addresses(known));
                }
            }
        }
        asked.forEach((host, answer) -> answers.put(host, answer.resultNow()));
        return answers;
    }

    @Override
    public Set<String> membersOf(String service) {
        return switch (query(SRV_PREFIX + service, Type.SRV)) {
            case Reply reply ->
                reply.message().getSection(Section.ANSWER).stream()
                        .filter(SRVRecord.class::isInstance)
                        .map(record -> text(((SRVRecord) record).getTarget()))
                        .collect(Collectors.toSet());
            case NoReply noReply -> Set.of();
        };
    }

    private static String text(Name name) {
        return name.toString(true).toLowerCase(Locale.ROOT);
    }

    /** The addresses that come with the SRV answer. After a failure each host is looked up by itself. */
    private Map<String, List<InetAddress>> addressesOfService(String service) {
        Map<String, List<InetAddress>> addresses = new HashMap<>();
        switch (query(SRV_PREFIX + service, Type.SRV)) {
            case Reply reply ->
                reply.message().getSection(Section.ADDITIONAL).forEach(record -> collect(record, addresses));
            case NoReply noReply -> {}
        }
        return addresses;
    }

    private Answer lookUpHost(String host) {
        Map<String, List<InetAddress>> addresses = new HashMap<>();
        List<Failed> failures = new ArrayList<>();
        boolean exists = false;
        for (int type : new int[] {Type.A, Type.AAAA}) {
            switch (query(host, type)) {
                case Reply reply -> {
                    exists |= reply.message().getRcode() == Rcode.NOERROR;
                    reply.message().getSection(Section.ANSWER).forEach(record -> collect(record, addresses));
                }
                case NoReply noReply -> failures.add(new Failed(noReply.message()));
            }
            if (!addresses.isEmpty()) {
                // Behind a CNAME the addresses have another name, but are still this host's.
                return new Addresses(
                        addresses.values().stream().flatMap(List::stream).toList());
            }
        }
        if (!failures.isEmpty()) {
            return failures.getFirst();
        }
        return exists ? new NoAddress() : new NoSuchName();
    }

    private static void collect(Record record, Map<String, List<InetAddress>> addresses) {
        InetAddress address = switch (record) {
            case ARecord a -> a.getAddress();
            case AAAARecord aaaa -> aaaa.getAddress();
            default -> null;
        };
        if (address == null) {
            return;
        }
        addresses
                .computeIfAbsent(text(record.getName()), name -> new ArrayList<>())
                .add(address);
    }

    /** One query: a reply that says something about the name, or why there is none. */
    private Result query(String name, int type) {
        try {
            Message reply =
                    resolver.send(Message.newQuery(Record.newRecord(Name.fromString(name + "."), type, DClass.IN)));
            int code = reply.getRcode();
            onLookup.accept(Type.string(type), word(reply));
            return code == Rcode.NOERROR || code == Rcode.NXDOMAIN
                    ? new Reply(reply)
                    : new NoReply("the name server answered %s for %s".formatted(Rcode.string(code), name));
        } catch (TextParseException e) {
            throw new IllegalArgumentException("'%s' is not a host name".formatted(name), e);
        } catch (IOException e) {
            onLookup.accept(Type.string(type), "timeout");
            return new NoReply("no answer for %s: %s".formatted(name, e.getMessage()));
        }
    }

    private static String word(Message reply) {
        if (reply.getRcode() != Rcode.NOERROR) {
            return Rcode.string(reply.getRcode()).toLowerCase(Locale.ROOT);
        }
        return reply.getSection(Section.ANSWER).isEmpty() ? "nodata" : "answer";
    }

    private sealed interface Result {}

    private record Reply(Message message) implements Result {}

    private record NoReply(String message) implements Result {}
}
