package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.muster.contract.ContractZone;
import dev.muster.contract.NamesContract;
import dev.muster.dns.DnsNames;
import dev.muster.dns.Names;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The cluster's CoreDNS keeps what the port to DNS promises. Needs a machine that reaches the addresses of pods. */
@Tag("e2e")
@Timeout(120)
class NamesContractE2E extends NamesContract {
    @Override
    protected ContractZone open() {
        return new CoreDnsZone(server());
    }

    private static InetAddress server() {
        Optional<InetAddress> found =
                CoreDnsZone.servers().stream().filter(NamesContractE2E::answers).findFirst();
        assumeTrue(found.isPresent(), "not run: no pod of the cluster's DNS answers from here");
        return found.orElseThrow();
    }

    private static boolean answers(InetAddress server) {
        Names names = new DnsNames(Optional.of(new InetSocketAddress(server, 53)), Duration.ofSeconds(2), (_, _) -> {});
        String host = "kubernetes.default.svc.cluster.local";
        return names.lookUp(host, Set.of(host)).get(host) instanceof Names.Addresses;
    }

    @Test
    @DisplayName(
            "a Service that has lost its last endpoint does not exist for DNS; the name above it does, without address")
    void withoutEndpoints() {
        try (ContractZone zone = open()) {
            zone.publish(0, InetAddress.ofLiteral("10.77.0.1"));
            assertBecomes(zone, zone.service(), new Names.Addresses(List.of(InetAddress.ofLiteral("10.77.0.1"))));
            zone.withdraw(0);
            assertBecomes(zone, zone.service(), new Names.NoSuchName());
            String above = zone.service().substring(zone.service().indexOf('.') + 1);
            assertBecomes(zone, above, new Names.NoAddress());
        }
    }

    private static void assertBecomes(ContractZone zone, String name, Names.Answer expected) {
        Wait.untilAsserted(
                name + " becomes " + expected,
                zone.latest(),
                () -> assertThat(zone.names().lookUp(zone.service(), Set.of(name)))
                        .isEqualTo(Map.of(name, expected)));
    }
}
