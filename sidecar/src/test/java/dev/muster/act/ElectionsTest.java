package dev.muster.act;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.dns.Names;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.SetStatus;
import dev.muster.mongo.Mongod;
import dev.muster.plan.Outcome;
import dev.muster.plan.Step;
import dev.muster.plan.World;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ElectionsTest {
    private static final HostAddress TARGET = World.NAMING.address(1);
    private static final Outcome STALE = new Outcome.Failed(125, "No candidate: staler than mine");

    private final Deque<Outcome> stepUps = new ArrayDeque<>();
    private final AtomicInteger stepDowns = new AtomicInteger();

    private final List<LocalMongod> observed = new ArrayList<>();

    private Elections elections() {
        Mongod mongod = (Mongod) Proxy.newProxyInstance(
                Mongod.class.getClassLoader(),
                new Class<?>[] {Mongod.class},
                (_, method, _) -> switch (method.getName()) {
                    case "observe" -> observed.size() > 1 ? observed.removeFirst() : observed.getFirst();
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
        return new Elections(mongod, names, (address, addresses) -> mongod, _ -> {});
    }

    /** What the log says of it: at night somebody asks why the writes waited for an election. */
    private Outcome handOver() {
        return elections().handOver(World.pod(0).set("0 PRIMARY", "1 SECONDARY").look(), TARGET);
    }

    private Outcome call() {
        return elections().call(World.pod(0).look(), new Step.CallElection(TARGET, World.NAMING.address(0), 1));
    }

    private static LocalMongod target(String... members) {
        return World.pod(1).set(members).look().local();
    }

    @Test
    void aCandidateThatSeesNoOtherPrimaryIsAskedAgainUntilItGetsTheVotes() {
        observed.add(target("0 PRIMARY", "1 SECONDARY", "2 SECONDARY"));
        observed.add(target("0 PRIMARY down", "1 SECONDARY", "2 SECONDARY"));
        stepUps.addAll(List.of(STALE, new Outcome.Done()));

        assertThat(call()).isEqualTo(new Outcome.Done());
        assertThat(stepDowns).hasValue(0);
    }

    @Test
    void aCandidateIsNotAskedWhereSomebodyWasFaster() {
        stepUps.add(new Outcome.Failed(1, "it was asked"));
        for (LocalMongod seen : List.of(
                target("0 SECONDARY", "1 SECONDARY", "2 PRIMARY"),
                target("0 SECONDARY", "1 PRIMARY", "2 SECONDARY"),
                target("0 SECONDARY", "1 RECOVERING", "2 SECONDARY"),
                new LocalMongod.Unreachable("gone"))) {
            observed.clear();
            observed.add(seen);
            assertThat(call()).as("%s", seen).isInstanceOf(Outcome.Stale.class);
        }
    }

    @Test
    void aCandidateIsNotAskedAgainWhereAnElectionHasBegun() {
        LocalMongod.InSet before = (LocalMongod.InSet) target("0 PRIMARY down", "1 SECONDARY", "2 SECONDARY");
        SetStatus status = before.status();
        SetStatus later = new SetStatus(
                status.myState(),
                status.term() + 1,
                status.electedAt(),
                status.members(),
                status.initialSync(),
                status.clonedFrom(),
                status.sourcePreference());
        observed.addAll(List.of(before, new LocalMongod.InSet(before.config(), later)));
        stepUps.addAll(List.of(STALE, new Outcome.Done()));

        assertThat(call()).isInstanceOf(Outcome.Stale.class);
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
