package dev.muster.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.contract.ContractZoneWithFaults.Fault;
import dev.muster.dns.Names.Addresses;
import dev.muster.dns.Names.Answer;
import dev.muster.dns.Names.Failed;
import dev.muster.dns.Names.NoAddress;
import dev.muster.dns.Names.NoSuchName;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the port {@link dev.muster.dns.Names} makes of a name server that errs. */
public abstract class NameFaultsContract {
    private ContractZoneWithFaults zone;

    /** A Service without any host; closed after each test. */
    protected abstract ContractZoneWithFaults open() throws Exception;

    @BeforeEach
    void openZone() throws Exception {
        zone = open();
        IntStream.range(0, 4).forEach(ordinal -> zone.publish(ordinal, address(ordinal)));
    }

    @AfterEach
    void closeZone() {
        zone.close();
    }

    private static InetAddress address(int ordinal) {
        return InetAddress.ofLiteral("10.77.0." + (ordinal + 1));
    }

    private static Answer at(int ordinal) {
        return new Addresses(List.of(address(ordinal)));
    }

    private Map<String, Answer> lookUp(String... hosts) {
        return zone.names().lookUp(zone.service(), Set.of(hosts));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a host is found by itself where the Service is not")
    void byItself(Fault ofService) {
        zone.fault(zone.service(), ofService);
        assertThat(lookUp(zone.host(0))).isEqualTo(Map.of(zone.host(0), at(0)));
        assertThat(zone.names().membersOf(zone.service())).isEmpty();
    }

    @Test
    @DisplayName("each host gets its own answer")
    void eachItsOwn() {
        zone.fault(zone.host(1), Fault.NO_SUCH_NAME);
        zone.fault(zone.host(2), Fault.NO_ADDRESS);
        assertThat(lookUp(zone.host(0), zone.host(1), zone.host(2)))
                .isEqualTo(Map.of(zone.host(0), at(0), zone.host(1), new NoSuchName(), zone.host(2), new NoAddress()));
    }

    @Test
    @DisplayName("a host whose own name fails is found with the Service, and fails without")
    void withTheService() {
        zone.fault(zone.host(3), Fault.FAILING);
        assertThat(lookUp(zone.host(3))).isEqualTo(Map.of(zone.host(3), at(3)));
        zone.fault(zone.service(), Fault.FAILING);
        assertThat(lookUp(zone.host(0), zone.host(3)).get(zone.host(3)))
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.message()).contains("SERVFAIL", zone.host(3)));
    }

    @Test
    @DisplayName("silence is a failure within a few time-outs, however many hosts there are")
    void silence() {
        zone.fault(zone.service(), Fault.SILENT);
        Set<String> hosts = IntStream.range(0, 4).mapToObj(zone::host).collect(Collectors.toSet());
        hosts.forEach(host -> zone.fault(host, Fault.SILENT));
        Duration before = zone.elapsed();
        assertThat(zone.names().lookUp(zone.service(), hosts).values())
                .hasSize(4)
                .allSatisfy(answer -> assertThat(answer).isInstanceOf(Failed.class));
        assertThat(zone.elapsed().minus(before)).isLessThan(zone.timeout().multipliedBy(6));
    }
}
