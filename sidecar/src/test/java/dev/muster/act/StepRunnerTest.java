package dev.muster.act;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.dns.Names;
import dev.muster.kube.Kubernetes;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.Ordinals;
import dev.muster.model.RootUser;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import dev.muster.model.Wanted;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.PeerConnector;
import dev.muster.plan.ConfigChange;
import dev.muster.plan.Outcome;
import dev.muster.plan.Step;
import dev.muster.tell.CycleReports;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is read again directly before a write. */
class StepRunnerTest {
    private static final Outcome DONE = new Outcome.Done();
    private static final KubernetesFacts FACTS = new KubernetesFacts.Known(3, 0, new TreeMap<>());
    private static final SetRecord INTENDED = new SetRecord.Intended("another-pod", false, Duration.ofSeconds(20));
    private static final Step ADD = new Step.Reconfigure(new ConfigChange.Add(3, CycleReports.NAMING.address(2)), 7, 2);

    private static <T> T answering(Class<T> port, Map<String, ?> answers) {
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, (_, method, _) -> {
            if (!answers.containsKey(method.getName())) {
                throw new UnsupportedOperationException(method.getName());
            }
            return answers.get(method.getName());
        }));
    }

    private static Outcome run(Step step, SetRecord seen, Kubernetes.OwnPod ownPod) {
        Kubernetes kubernetes = answering(Kubernetes.class, Map.of("factsNow", FACTS, "ownPod", ownPod));
        Mongod local = answering(Mongod.class, Map.of("reconfigure", DONE));
        HandOver handOver = new HandOver(
                local, answering(Names.class, Map.of()), answering(PeerConnector.class, Map.of()), _ -> {});
        return new StepRunner(local, Optional.empty(), handOver, kubernetes).run(step, snapshot(seen));
    }

    private static Snapshot snapshot(SetRecord record) {
        Snapshot healthy = CycleReports.healthy().snapshot();
        return new Snapshot(
                healthy.self(),
                healthy.local(),
                healthy.peers(),
                FACTS,
                Wanted.of(FACTS, new Ordinals(0, 0)),
                record,
                RootUser.NOT_KEPT,
                healthy.maxLag(),
                healthy.now(),
                healthy.observedIn(),
                false);
    }

    @Test
    void aPodThatWasReplacedAddsNobodyToASetThatTheRecordDoesNotName() {
        Kubernetes.OwnPod replaced = new Kubernetes.NotKnown("the API server's pod mongo-0 has another address");

        assertThat(run(ADD, INTENDED, replaced)).isInstanceOf(Outcome.Failed.class);
        assertThat(run(ADD, INTENDED, new Kubernetes.Staying())).isEqualTo(DONE);
        assertThat(run(ADD, new SetRecord.Formed(CycleReports.ID), replaced))
                .as("the record names the set, whatever the API server says of the pod")
                .isEqualTo(DONE);
    }
}
