package dev.muster.playground;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.contract.ContractZone;
import dev.muster.contract.ContractZoneWithFaults;
import dev.muster.contract.NameFaultsContract;
import dev.muster.contract.NamesContract;
import dev.muster.dns.Names.Addresses;
import java.net.InetAddress;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the port {@code Names} of the sidecar promises, on a name server that answers over the network. */
@Timeout(60)
final class NamesContractTest {
    @Nested
    class All extends NamesContract {
        @Override
        protected ContractZone open() {
            return new PlaygroundZone();
        }
    }

    @Nested
    class Faults extends NameFaultsContract {
        @Override
        protected ContractZoneWithFaults open() {
            return new PlaygroundZone();
        }
    }

    /** How many queries it takes: a cycle asks for every member's name. */
    @Nested
    class Queries {
        private final PlaygroundZone zone = new PlaygroundZone();

        @AfterEach
        void close() {
            zone.close();
        }

        private void publish(int count) {
            IntStream.range(0, count)
                    .forEach(ordinal -> zone.publish(ordinal, InetAddress.ofLiteral("10.77.0." + (ordinal + 1))));
        }

        private Map<String, ?> lookUp(Set<String> hosts) {
            return zone.names().lookUp(zone.service(), hosts);
        }

        @Test
        void withTheServicesAnswerNoHostIsAskedFor() {
            publish(3);
            assertThat(lookUp(Set.of(zone.host(0), zone.host(2)))).hasSize(2);
            assertThat(zone.server().queries()).isEqualTo(1);
        }

        @Test
        void withoutHostsNothingIsAsked() {
            assertThat(lookUp(Set.of())).isEmpty();
            assertThat(zone.server().queries()).isZero();
        }

        @Test
        void anAnswerTooLongForADatagramIsAskedForOnceMoreOverTcp() {
            publish(60);
            Set<String> hosts = IntStream.range(0, 60).mapToObj(zone::host).collect(Collectors.toSet());
            assertThat(lookUp(hosts).values())
                    .hasSize(60)
                    .allSatisfy(answer -> assertThat(answer).isInstanceOf(Addresses.class));
            assertThat(zone.server().queries()).isEqualTo(2);
        }
    }
}
