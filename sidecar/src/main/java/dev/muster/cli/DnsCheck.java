package dev.muster.cli;

import dev.muster.config.Settings;
import dev.muster.model.HostAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

/** Looks up the headless Service and the name of each expected member. */
final class DnsCheck {
    private final Settings settings;
    private final Resolver resolver;

    private DnsCheck(Settings settings) {
        this.settings = settings;
        this.resolver = settings.dnsServer().<Resolver>map(SimpleResolver::new).orElseGet(ExtendedResolver::new);
        resolver.setTimeout(settings.dnsTimeout());
    }

    /**
     * Looks up the expected members.
     *
     * @param replicas how many, from the first ordinal on
     */
    static Stream<Finding> run(Settings settings, int firstOrdinal, int replicas) {
        DnsCheck check = new DnsCheck(settings);
        List<HostAddress> expected = IntStream.range(firstOrdinal, firstOrdinal + replicas)
                .mapToObj(settings.naming()::address)
                .toList();
        return Stream.concat(
                Stream.of(expected).map(check::service), expected.stream().map(check::address));
    }

    /** What a question came to. */
    private sealed interface Answer {}

    private record Found(List<Record> records) implements Answer {}

    private record Missing(String why) implements Answer {}

    private Finding service(List<HostAddress> expected) {
        String name = "_mongodb._tcp." + settings.naming().serviceName();
        return switch (ask(name, Type.SRV)) {
            case Missing missing -> Finding.fault("DNS: SRV %s: %s".formatted(name, missing.why()));
            case Found found -> {
                List<HostAddress> targets = found.records().stream()
                        .filter(SRVRecord.class::isInstance)
                        .map(SRVRecord.class::cast)
                        .map(srv -> new HostAddress(srv.getTarget().toString(true), srv.getPort()))
                        .toList();
                String absent = expected.stream()
                        .filter(address -> !targets.contains(address))
                        .map(HostAddress::toString)
                        .collect(Collectors.joining(", "));
                yield absent.isEmpty()
                        ? Finding.ok("DNS: SRV %s lists every expected member".formatted(name))
                        : Finding.fault("DNS: SRV %s does not list %s".formatted(name, absent));
            }
        };
    }

    private Finding address(HostAddress expected) {
        String host = expected.host();
        try {
            String addresses = Stream.of(InetAddress.getAllByName(host))
                    .map(InetAddress::getHostAddress)
                    .collect(Collectors.joining(", "));
            return Finding.ok("DNS: %s is %s".formatted(host, addresses));
        } catch (UnknownHostException e) {
            // The system's resolver does not say why; the name server does.
            return switch (ask(host, Type.A)) {
                case Missing missing -> Finding.fault("DNS: A %s: %s".formatted(host, missing.why()));
                case Found found ->
                    Finding.fault(
                            "DNS: the name server resolves %s, but the system's resolver does not".formatted(host));
            };
        }
    }

    private Answer ask(String host, int type) {
        Message reply;
        try {
            Record question = Record.newRecord(Name.fromString(host + "."), type, DClass.IN);
            reply = resolver.send(Message.newQuery(question));
        } catch (TextParseException e) {
            return new Missing("not a valid DNS name");
        } catch (IOException e) {
            return new Missing(
                    isTimeout(e)
                            ? "no answer within %d ms"
                                    .formatted(settings.dnsTimeout().toMillis())
                            : "no answer: " + e);
        }
        int code = reply.getRcode();
        if (code != Rcode.NOERROR) {
            return new Missing(explained(Rcode.string(code)));
        }
        List<Record> records = reply.getSection(Section.ANSWER).stream()
                .filter(record -> record.getType() == type)
                .toList();
        return records.isEmpty() ? new Missing("NODATA: the name exists, but has no such record") : new Found(records);
    }

    private static boolean isTimeout(IOException e) {
        return e instanceof SocketTimeoutException
                || Optional.ofNullable(e.getMessage())
                        .filter(text -> text.toLowerCase(Locale.ROOT).contains("timed out"))
                        .isPresent();
    }

    private static String explained(String code) {
        return switch (code) {
            case "NXDOMAIN" -> "NXDOMAIN: no such name; is the Service headless, with publishNotReadyAddresses?";
            case "SERVFAIL" -> "SERVFAIL: the name server failed";
            default -> code;
        };
    }
}
