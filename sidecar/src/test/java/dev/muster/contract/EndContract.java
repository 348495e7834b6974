package dev.muster.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.LocalMongod;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.PortWatch;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The end of a process is seen at once, and nothing else is taken for it. */
public interface EndContract extends ContractCases {
    @Test
    default void whoeverWatchesAProcessIsToldOfItsEnd() {
        AtomicInteger told = new AtomicInteger();
        Mongod local = members().started(0);
        try (PortWatch watch = members().fleet().watch(0, told::incrementAndGet)) {
            // Its monitor has to be connected, to see that the connection is closed.
            members().fleet().pass(Duration.ofSeconds(1));
            assertThat(local.hasEnded()).isFalse();
            assertThat(watch.hasEnded()).isFalse();
            assertThat(told).hasValue(0);

            members().fleet().kill(0);
            members().until("the sidecar beside it knows", local::hasEnded);
            members().until("another pod's sidecar knows", watch::hasEnded);
            assertThat(told).hasValue(1);

            members().start(0);
            members().awaitAnswer(local);
            members().until("it runs again", () -> !local.hasEnded());
        }
    }

    @Test
    default void aProcessThatHangsHasNotEnded() {
        AtomicInteger told = new AtomicInteger();
        Mongod local = members().started(0);
        try (PortWatch watch = members().fleet().watch(0, told::incrementAndGet)) {
            members().fleet().pass(Duration.ofSeconds(1));

            members().fleet().freeze(0);
            assertThat(local.observe()).isInstanceOf(LocalMongod.Unreachable.class);
            members().fleet().pass(Duration.ofSeconds(2));
            assertThat(local.hasEnded()).isFalse();
            assertThat(watch.hasEnded()).isFalse();
            assertThat(told).hasValue(0);

            members().fleet().kill(0);
            members().until("another pod's sidecar knows", watch::hasEnded);
        }
    }
}
