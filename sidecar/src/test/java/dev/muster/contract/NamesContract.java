package dev.muster.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.dns.Names.Addresses;
import dev.muster.dns.Names.Answer;
import dev.muster.dns.Names.Failed;
import dev.muster.dns.Names.NoSuchName;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the port {@link dev.muster.dns.Names} promises, as far as a name server shows it without help. */
public abstract class NamesContract {
    private static final Duration AGAIN = Duration.ofMillis(20);

    private ContractZone zone;

    /** A Service without any host; closed after each test. */
    protected abstract ContractZone open() throws Exception;

    @BeforeEach
    void openZone() throws Exception {
        zone = open();
    }

    @AfterEach
    void closeZone() {
        zone.close();
    }

    private static InetAddress address(int number) {
        return InetAddress.ofLiteral("10.77.0." + number);
    }

    private static Answer at(InetAddress address) {
        return new Addresses(List.of(address));
    }

    private Map<String, Answer> lookUp(String... hosts) {
        return zone.names().lookUp(zone.service(), Set.of(hosts));
    }

    private void publish(int count) {
        IntStream.range(0, count).forEach(ordinal -> zone.publish(ordinal, address(ordinal + 1)));
        await("all are there", () -> members().size() == count);
    }

    private Set<String> members() {
        return zone.names().membersOf(zone.service());
    }

    private void await(String sentence, BooleanSupplier isSo) {
        Duration end = zone.elapsed().plus(zone.latest());
        while (!isSo.getAsBoolean()) {
            assertThat(zone.elapsed()).as(sentence).isLessThan(end);
            zone.pause(AGAIN);
        }
    }

    private void becomes(int ordinal, Answer expected) {
        Map<String, Answer> all = Map.of(zone.host(ordinal), expected);
        await(all.toString(), () -> lookUp(zone.host(ordinal)).equals(all));
    }

    @Test
    @DisplayName("each host of the Service is found, and no other is in the answer")
    void addresses() {
        publish(3);
        assertThat(lookUp(zone.host(0), zone.host(2)))
                .isEqualTo(Map.of(zone.host(0), at(address(1)), zone.host(2), at(address(3))));
    }

    @Test
    @DisplayName("without hosts there is nothing to answer")
    void nobodyIsAskedFor() {
        publish(1);
        assertThat(zone.names().lookUp(zone.service(), Set.of())).isEmpty();
    }

    @Test
    @DisplayName("the Service's members are the targets of its records, and nobody where it has none")
    void membersOf() {
        assertThat(members()).isEmpty();
        publish(3);
        assertThat(members()).containsExactlyInAnyOrder(zone.host(0), zone.host(1), zone.host(2));
        IntStream.range(0, 3).forEach(zone::withdraw);
        await("nobody", () -> members().isEmpty());
    }

    @Test
    @DisplayName("a host that the Service does not have does not exist, whether it has others or not")
    void noSuchHost() {
        assertThat(lookUp(zone.host(7))).isEqualTo(Map.of(zone.host(7), new NoSuchName()));
        publish(2);
        assertThat(lookUp(zone.host(0), zone.host(7)))
                .isEqualTo(Map.of(zone.host(0), at(address(1)), zone.host(7), new NoSuchName()));
    }

    @Test
    @DisplayName("nor does a host of a Service that does not exist")
    void noSuchService() {
        publish(1);
        String service = "no-" + zone.service();
        String host = "mongo-0." + service;
        assertThat(zone.names().lookUp(service, Set.of(host))).isEqualTo(Map.of(host, new NoSuchName()));
        assertThat(zone.names().membersOf(service)).isEmpty();
    }

    @Test
    @DisplayName("answers are not remembered: a host comes, moves and goes")
    void nothingIsRemembered() {
        becomes(0, new NoSuchName());
        zone.publish(0, address(1));
        becomes(0, at(address(1)));
        zone.publish(0, address(7));
        becomes(0, at(address(7)));
        zone.withdraw(0);
        becomes(0, new NoSuchName());
    }

    @Test
    @DisplayName("an address of version 6 is found as well")
    void version6() {
        InetAddress six = InetAddress.ofLiteral("fd00::17");
        zone.publish(0, six);
        becomes(0, at(six));
    }

    @Test
    @DisplayName("sixty hosts are found, with an answer too long for a datagram")
    void sixty() {
        publish(60);
        Map<String, Answer> expected = IntStream.range(0, 60)
                .boxed()
                .collect(Collectors.toMap(zone::host, ordinal -> at(address(ordinal + 1))));
        assertThat(zone.names().lookUp(zone.service(), expected.keySet())).isEqualTo(expected);
    }

    @Test
    @DisplayName("without the name server each host fails, within a few time-outs however many there are")
    void unreachable() {
        publish(1);
        Set<String> hosts = IntStream.range(0, 10).mapToObj(zone::host).collect(Collectors.toSet());
        Duration before = zone.elapsed();
        Map<String, Answer> answers = zone.namesOfNobody().lookUp(zone.service(), hosts);
        assertThat(zone.elapsed().minus(before)).isLessThan(zone.timeout().multipliedBy(6));
        assertThat(answers.keySet()).isEqualTo(hosts);
        assertThat(answers.values()).allSatisfy(answer -> assertThat(answer).isInstanceOf(Failed.class));
        assertThat(zone.namesOfNobody().membersOf(zone.service())).isEmpty();
    }
}
