package dev.muster.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

class NameServerTest {
    private static final String SERVICE = "_mongodb._tcp." + LocalSet.ZONE;

    private final LoopbackBlock block = LoopbackBlock.claim();
    private final NameServer server = NameServer.start(block, LocalSet.ZONE);

    @AfterEach
    void close() {
        server.close();
        block.close();
    }

    @Test
    void theServiceHasOneRecordPerPresentMember() throws IOException {
        addMembers(3);
        server.behave(fqdn(1), new NameBehaviour.Absent());
        assertThat(targets(query(SERVICE, Type.SRV))).containsExactly(fqdn(0) + ".", fqdn(2) + ".");
        assertThat(query(fqdn(1), Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(query(fqdn(2), Type.A).getSection(Section.ANSWER))
                .singleElement()
                .extracting(Record::rdataToString)
                .isEqualTo(block.member(2).getHostAddress());
    }

    @Test
    void anAnswerTooLongForOneDatagramComesOverTcp() throws IOException {
        addMembers(LoopbackBlock.MAX_MEMBERS);
        assertThat(targets(query(SERVICE, Type.SRV))).hasSize(LoopbackBlock.MAX_MEMBERS);
    }

    @Test
    void otherTypesOfAPresentNameAreEmptyAndOtherNamesDoNotExist() throws IOException {
        assertThat(query(SERVICE, Type.SRV).getRcode()).isEqualTo(Rcode.NXDOMAIN);
        addMembers(1);
        Message noData = query(fqdn(0), Type.AAAA);
        assertThat(noData.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(noData.getSection(Section.ANSWER)).isEmpty();
        assertThat(query("elsewhere.example", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    }

    @Test
    void aNameCanFailOrBeSlowAndIsCounted() throws IOException {
        addMembers(1);
        server.behave(SERVICE, new NameBehaviour.Failing());
        assertThat(query(SERVICE, Type.SRV).getRcode()).isEqualTo(Rcode.SERVFAIL);
        server.behave(SERVICE, new NameBehaviour.Delayed(Duration.ofMillis(200)));
        long before = System.nanoTime();
        assertThat(targets(query(SERVICE, Type.SRV))).hasSize(1);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        assertThat(server.queries(SERVICE)).isEqualTo(2);
        assertThat(server.queries()).isEqualTo(2);
    }

    private void addMembers(int count) {
        IntStream.range(0, count).forEach(ordinal -> server.put(fqdn(ordinal), block.member(ordinal)));
    }

    private Message query(String name, int type) throws IOException {
        String[] parts = block.nameServer().split(":", -1);
        SimpleResolver resolver = new SimpleResolver(new InetSocketAddress(parts[0], Integer.parseInt(parts[1])));
        resolver.setTimeout(Duration.ofSeconds(5));
        return resolver.send(Message.newQuery(Record.newRecord(Name.fromString(name + "."), type, DClass.IN)));
    }

    private static List<String> targets(Message answer) {
        return answer.getSection(Section.ANSWER).stream()
                .map(SRVRecord.class::cast)
                .map(record -> record.getTarget().toString())
                .toList();
    }

    private static String fqdn(int ordinal) {
        return "mongo-" + ordinal + "." + LocalSet.ZONE;
    }
}
