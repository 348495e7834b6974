package dev.muster.cli;

import dev.muster.kube.ApiKubernetes;
import dev.muster.kube.Kubernetes;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.Self;
import dev.muster.model.SetRecord;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@code run} needs from the Kubernetes API: the StatefulSet, the record and this pod. Writes nothing. */
final class KubernetesCheck {
    private KubernetesCheck() {}

    /** @param facts what Kubernetes says of the StatefulSet now */
    static List<Finding> run(Kubernetes kubernetes, KubernetesFacts facts, Self self) {
        List<Finding> findings = new ArrayList<>();
        findings.add(
                switch (facts) {
                    case KubernetesFacts.Known known ->
                        Finding.ok("Kubernetes: StatefulSet %s wants %d %s, starting with ordinal %d"
                                .formatted(
                                        self.naming().statefulSet(),
                                        known.replicas(),
                                        known.replicas() == 1 ? "member" : "members",
                                        known.firstOrdinal()));
                    case KubernetesFacts.Unavailable away -> Finding.fault("Kubernetes: " + away.message());
                    case KubernetesFacts.Off off -> Finding.fault("Kubernetes: turned off");
                });
        String record = "Kubernetes: the record, ConfigMap %s, ".formatted(ApiKubernetes.recordName(self.naming()));
        findings.add(
                switch (kubernetes.recordNow()) {
                    case SetRecord.Formed formed -> Finding.ok(record + "names the set " + formed.replicaSetId());
                    case SetRecord.Intended intended ->
                        Finding.ok(record + "says that the set is about to be initiated");
                    case SetRecord.Absent absent -> Finding.ok(record + "does not exist yet");
                    case SetRecord.NotKept notKept -> Finding.fault(record + "is not kept");
                    case SetRecord.Unavailable away -> Finding.fault(record + "cannot be read: " + away.message());
                });
        findings.add(
                switch (kubernetes.ownPod()) {
                    case Kubernetes.Staying staying -> Finding.ok("Kubernetes: this is pod " + self.podName());
                    case Kubernetes.Leaving going ->
                        Finding.ok("Kubernetes: this is pod %s, which is being deleted".formatted(self.podName()));
                    case Kubernetes.NotKnown notKnown -> Finding.fault("Kubernetes: " + notKnown.message());
                });
        return findings;
    }
}
