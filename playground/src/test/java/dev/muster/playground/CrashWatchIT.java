package dev.muster.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.contract.Fleet;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A mongod that crashes fails whatever test it is in, and what a test does to mongods on purpose does not. */
@Timeout(120)
class CrashWatchIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void aSetWhoseMongodCrashedAndCameBackFailsWhenItIsClosed() throws IOException, InterruptedException {
        LocalSet set = answering();
        abort(set.member(0));
        set.member(0).startMongod();
        set.awaitAnswering(PATIENCE);

        assertThatThrownBy(set::close)
                .hasMessageContaining("the mongod of mongo-0 crashed: its process")
                .hasMessageContaining("ended by signal 6")
                .hasMessageContaining("it logged")
                .hasMessageContaining("Got signal: 6");
        assertThat(set.directory()).as("what is left behind").doesNotExist();
    }

    @Test
    void aMongodThatIsKilledByAnybodyElseHasCrashed() throws IOException, InterruptedException {
        LocalSet set = answering();
        signalFromOutside("KILL", set.member(0).mongodPid().orElseThrow());
        Awaitility.await().atMost(PATIENCE).until(() -> !set.member(0).isMongodAlive());
        assertThatThrownBy(set::close).hasMessageContaining("ended by signal 9");
    }

    @Test
    void aCrashThatTheTestExpectsIsNone() throws IOException, InterruptedException {
        try (LocalSet set = answering()) {
            set.member(0).expectCrash();
            abort(set.member(0));
        }
    }

    @Test
    void whatATestDoesToAMongodIsNoCrash() {
        try (LocalSet set = answering()) {
            LocalMember member = set.member(0);
            member.stopMongod();
            member.startMongod();
            set.awaitAnswering(PATIENCE);
            member.freezeMongod();
            member.killMongod();
            member.startMongod();
            set.awaitAnswering(PATIENCE);
            member.wipe();
            set.awaitAnswering(PATIENCE);
        }
    }

    @Test
    void aFleetWhoseMongodCrashedBeforeItWasWipedFailsWhenItIsClosed() throws IOException, InterruptedException {
        PlaygroundFleet fleet = new PlaygroundFleet();
        fleet.start(0, new Fleet.Launch(Optional.empty(), Optional.empty()));
        fleet.write(0, 1);
        signalFromOutside("ABRT", fleet.pid(0));
        Awaitility.await().atMost(PATIENCE).until(() -> !fleet.isAlive(0));
        fleet.wipe(0);
        assertThatThrownBy(fleet::close)
                .hasMessageContaining("the mongod of member 0 crashed")
                .hasMessageContaining("signal 6");
    }

    private static LocalSet answering() {
        LocalSet set = LocalSet.builder().members(1).build();
        set.startMongods();
        set.awaitAnswering(PATIENCE);
        return set;
    }

    private static void abort(LocalMember member) throws IOException, InterruptedException {
        signalFromOutside("ABRT", member.mongodPid().orElseThrow());
        Awaitility.await().atMost(PATIENCE).until(() -> !member.isMongodAlive());
    }

    private static void signalFromOutside(String signal, long process) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process))
                        .start()
                        .waitFor())
                .isZero();
    }
}
