package dev.muster.act;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.dns.Names;
import dev.muster.model.HostAddress;
import dev.muster.mongo.Mongod;
import dev.muster.plan.Outcome;
import dev.muster.plan.World;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the log says of a hand-over: at night somebody asks why the writes waited for an election. */
class HandOverTest {
    private static final HostAddress TARGET = World.NAMING.address(1);
    private static final Outcome STALE = new Outcome.Failed(125, "No candidate: staler than mine");

    private final Deque<Outcome> stepUps = new ArrayDeque<>();
    private final AtomicInteger stepDowns = new AtomicInteger();

    private Outcome handOver() {
        Mongod mongod = (Mongod) Proxy.newProxyInstance(
                Mongod.class.getClassLoader(),
                new Class<?>[] {Mongod.class},
                (_, method, _) -> switch (method.getName()) {
                    case "stepUp" -> stepUps.size() > 1 ? stepUps.removeFirst() : stepUps.getFirst();
                    case "stepDown" -> {
                        stepDowns.incrementAndGet();
                        yield new Outcome.Done();
                    }
                    case "close" -> null;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        Names names = (Names) Proxy.newProxyInstance(
                Names.class.getClassLoader(),
                new Class<?>[] {Names.class},
                (_, _, _) -> Map.of(TARGET.host(), new Names.Addresses(List.of(InetAddress.getLoopbackAddress()))));
        HandOver handOver = new HandOver(mongod, names, (address, addresses) -> mongod, _ -> {});
        return handOver.to(World.pod(0).set("0 PRIMARY", "1 SECONDARY").look(), TARGET);
    }

    @Test
    void aSuccessorThatIsStaleForAMomentIsAskedAgain() {
        stepUps.addAll(List.of(STALE, STALE, new Outcome.Done()));

        assertThat(handOver().words()).isEqualTo("done");
        assertThat(stepDowns).hasValue(0);
    }

    @Test
    void whereTheSuccessorDoesNotStepUpThePrimaryStepsDownAndSaysWhy() {
        stepUps.add(new Outcome.Failed(1, "Election failed."));

        assertThat(handOver().words())
                .isEqualTo("done by stepping down, as the successor did not step up: failed: Election failed.");
        assertThat(stepDowns).hasValue(1);
    }
}
