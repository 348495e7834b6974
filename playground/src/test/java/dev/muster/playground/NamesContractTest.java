package dev.muster.playground;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.dns.DnsNames;
import dev.muster.dns.Names.Addresses;
import dev.muster.dns.Names.Answer;
import dev.muster.dns.Names.Failed;
import dev.muster.dns.Names.NoAddress;
import dev.muster.dns.Names.NoSuchName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the port {@code Names} of the sidecar promises, on a real name server. */
@Timeout(60)
final class NamesContractTest {
    private static final Duration TIMEOUT = Duration.ofMillis(300);

    private final LoopbackBlock block = LoopbackBlock.claim();
    private final NameServer server = NameServer.start(block, LocalSet.ZONE);
    private final DnsNames names = new DnsNames(Optional.of(address(block.nameServer())), TIMEOUT, (_, _) -> {});

    @AfterEach
    void close() {
        server.close();
        block.close();
    }

    @Test
    void theServicesAnswerGivesTheAddressesAndNoHostIsAskedFor() {
        add(3);
        assertThat(lookUp(fqdn(0), fqdn(2)))
                .isEqualTo(Map.of(fqdn(0), at(block.member(0)), fqdn(2), at(block.member(2))));
        assertThat(server.queries()).isEqualTo(1);
    }

    @Test
    void withoutHostsNothingIsAsked() {
        assertThat(lookUp()).isEmpty();
        assertThat(server.queries()).isZero();
    }

    @Test
    void theServicesMembersAreTheTargetsOfItsRecordsAndNobodyWhereThereAreNone() {
        add(3);
        assertThat(names.membersOf(LocalSet.ZONE)).containsExactlyInAnyOrder(fqdn(0), fqdn(1), fqdn(2));
        server.behave(server.serviceName(), new NameBehaviour.Failing());
        assertThat(names.membersOf(LocalSet.ZONE)).isEmpty();
        server.behave(server.serviceName(), new NameBehaviour.Absent());
        assertThat(names.membersOf(LocalSet.ZONE)).isEmpty();
    }

    @Test
    void aHostIsFoundByItselfWhereTheServiceDoesNotExistFailsOrIsSilent() {
        add(1);
        for (NameBehaviour service : List.of(
                new NameBehaviour.Absent(),
                new NameBehaviour.Empty(),
                new NameBehaviour.Failing(),
                new NameBehaviour.Silent())) {
            server.behave(server.serviceName(), service);
            assertThat(lookUp(fqdn(0))).as(service.toString()).isEqualTo(Map.of(fqdn(0), at(block.member(0))));
        }
    }

    @Test
    void anAddressOfVersion6IsFoundWithTheServiceAndWithout() throws UnknownHostException {
        InetAddress six = InetAddress.getByName("fd00::17");
        server.put(fqdn(0), six);
        assertThat(lookUp(fqdn(0))).isEqualTo(Map.of(fqdn(0), at(six)));
        server.behave(server.serviceName(), new NameBehaviour.Absent());
        assertThat(lookUp(fqdn(0))).isEqualTo(Map.of(fqdn(0), at(six)));
    }

    @Test
    void eachHostGetsItsOwnAnswer() {
        add(4);
        server.behave(fqdn(1), new NameBehaviour.Absent());
        server.behave(fqdn(2), new NameBehaviour.Empty());
        assertThat(lookUp(fqdn(0), fqdn(1), fqdn(2)))
                .isEqualTo(Map.of(fqdn(0), at(block.member(0)), fqdn(1), new NoSuchName(), fqdn(2), new NoAddress()));
        server.behave(server.serviceName(), new NameBehaviour.Failing());
        server.behave(fqdn(3), new NameBehaviour.Failing());
        assertThat(lookUp(fqdn(0), fqdn(3)).get(fqdn(3)))
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.message()).contains("SERVFAIL", fqdn(3)));
    }

    @Test
    void aSilentNameServerIsAFailureWithinAFewTimeOutsHoweverManyHosts() {
        add(10);
        server.behave(server.serviceName(), new NameBehaviour.Silent());
        IntStream.range(0, 10).forEach(ordinal -> server.behave(fqdn(ordinal), new NameBehaviour.Silent()));
        long before = System.nanoTime();
        assertThat(lookUp(IntStream.range(0, 10)
                                .mapToObj(NamesContractTest::fqdn)
                                .toArray(String[]::new))
                        .values())
                .hasSize(10)
                .allSatisfy(answer -> assertThat(answer).isInstanceOf(Failed.class));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(TIMEOUT.multipliedBy(6));
    }

    @Test
    void answersAreNotRemembered() {
        assertThat(lookUp(fqdn(0))).isEqualTo(Map.of(fqdn(0), new NoSuchName()));
        add(1);
        assertThat(lookUp(fqdn(0))).isEqualTo(Map.of(fqdn(0), at(block.member(0))));
        server.put(fqdn(0), block.member(7));
        assertThat(lookUp(fqdn(0))).isEqualTo(Map.of(fqdn(0), at(block.member(7))));
        server.behave(fqdn(0), new NameBehaviour.Absent());
        assertThat(lookUp(fqdn(0))).isEqualTo(Map.of(fqdn(0), new NoSuchName()));
    }

    @Test
    void sixtyNamesComeInOneAnswerTooLongForADatagram() {
        int count = 60;
        IntStream.range(0, count).forEach(ordinal -> server.put(fqdn(ordinal), block.member(ordinal % 50)));
        String[] hosts =
                IntStream.range(0, count).mapToObj(NamesContractTest::fqdn).toArray(String[]::new);
        assertThat(lookUp(hosts))
                .isEqualTo(IntStream.range(0, count)
                        .boxed()
                        .collect(Collectors.toMap(NamesContractTest::fqdn, n -> at(block.member(n % 50)))));
        // Once by datagram, once more over TCP.
        assertThat(server.queries()).isEqualTo(2);
    }

    private void add(int count) {
        IntStream.range(0, count).forEach(ordinal -> server.put(fqdn(ordinal), block.member(ordinal)));
    }

    private Map<String, Answer> lookUp(String... hosts) {
        return names.lookUp(LocalSet.ZONE, Set.of(hosts));
    }

    private static Answer at(InetAddress address) {
        return new Addresses(List.of(address));
    }

    private static InetSocketAddress address(String text) {
        String[] parts = text.split(":", -1);
        return new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
    }

    private static String fqdn(int ordinal) {
        return "mongo-" + ordinal + "." + LocalSet.ZONE;
    }
}
