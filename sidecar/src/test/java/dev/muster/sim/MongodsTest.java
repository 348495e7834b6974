package dev.muster.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.SetConfig;
import dev.muster.model.SourcePreference;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.Outcome;
import dev.muster.plan.ConfigChange;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What only the simulation promises: that it is the same each time, and cheap; and what a few seconds of a set hold. */
class MongodsTest {
    private static final int MEMBERS = 3;

    private final Scheduler scheduler = new Scheduler(1);
    private final Network network = new Network(scheduler);
    private final Mongods mongods = new Mongods(
            scheduler,
            network,
            (place, host) -> Optional.of(address(host.host().charAt(6) - '0')),
            new MongodListener() {});
    private final List<MongodProcess> processes = new ArrayList<>();
    private final List<Mongod> ports = new ArrayList<>();

    private static HostAddress host(int member) {
        return new HostAddress("mongo-" + member + ".test", HostAddress.DEFAULT_PORT);
    }

    private static InetAddress address(int member) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) member});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private void formSet() {
        Launch launch = new Launch(Optional.of("rs0"), Optional.of("key"), SourcePreference.ANY);
        for (int member = 0; member < MEMBERS; member++) {
            MongodProcess process =
                    mongods.process(member, address(member), HostAddress.DEFAULT_PORT, new Volume(), launch);
            processes.add(process);
            process.start();
            ports.add(mongods.local(member, host(member), address(member), "rs0", Optional.of("key"), primary -> {}));
        }
        scheduler.run(Duration.ofSeconds(3));
        assertThat(ports.getFirst().initiate("rs0", host(0))).isEqualTo(new Outcome.Done());
        for (int member = 1; member < MEMBERS; member++) {
            change(new ConfigChange.Add(member, host(member)));
            scheduler.run(Duration.ofSeconds(5));
            assertThat(processes.get(member).state()).isEqualTo(MemberState.SECONDARY);
            change(new ConfigChange.Promote(host(member)));
        }
        change(new ConfigChange.RestoreHeartbeat());
    }

    private void change(ConfigChange change) {
        scheduler.run(Duration.ofSeconds(1));
        LocalMongod.InSet set = (LocalMongod.InSet) ports.getFirst().observe();
        SetConfig config = set.config();
        assertThat(config.committed()).isTrue();
        assertThat(ports.getFirst().reconfigure(change, config.version(), config.term()))
                .isEqualTo(new Outcome.Done());
    }

    @Test
    void anIdleSetOfThreeIsCheap() {
        formSet();
        scheduler.run(Duration.ofSeconds(5));
        long before = scheduler.events();
        scheduler.run(Duration.ofMinutes(1));
        assertThat(scheduler.events() - before).isLessThan(1000);
    }

    @Test
    void aWriteIsAcknowledgedByAMajorityAndSurvivesItsPrimary() {
        formSet();
        List<Boolean> answers = new ArrayList<>();
        processes.getFirst().write(7, answers::add);
        scheduler.run(Duration.ofMillis(100));
        assertThat(answers).containsExactly(true);
        processes.getFirst().kill();
        scheduler.run(Duration.ofSeconds(15));
        assertThat(processes)
                .filteredOn(MongodProcess::isWritablePrimary)
                .singleElement()
                .satisfies(primary -> {
                    assertThat(primary.holds(7)).isTrue();
                    assertThat(primary.term()).isEqualTo(2);
                });
    }
}
