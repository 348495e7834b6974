package dev.muster.kube;

import dev.muster.model.Approval;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.SetRecord;
import dev.muster.plan.Outcome;
import java.util.Set;

/** {@code --kubernetes=off}: nothing is read or written. */
public final class NoKubernetes implements Kubernetes {
    private static final Outcome OFF = new Outcome.Failed(-1, "the Kubernetes API is switched off by --kubernetes=off");

    @Override
    public KubernetesFacts facts(Set<Integer> pods) {
        return new KubernetesFacts.Off();
    }

    @Override
    public KubernetesFacts factsNow() {
        return new KubernetesFacts.Off();
    }

    @Override
    public Existence existence(int ordinal) {
        return Existence.UNKNOWN;
    }

    @Override
    public SetRecord record() {
        return new SetRecord.NotKept();
    }

    @Override
    public SetRecord recordNow() {
        return new SetRecord.NotKept();
    }

    @Override
    public Outcome recordIntended(SetRecord seen) {
        return OFF;
    }

    @Override
    public Outcome recordFormed(SetRecord seen, String replicaSetId) {
        return OFF;
    }

    @Override
    public Outcome recordApproval(SetRecord seen, Approval approval) {
        return OFF;
    }

    @Override
    public Outcome useUp(Approval approval) {
        return OFF;
    }

    @Override
    public OwnPod ownPod() {
        return new NotKnown("the Kubernetes API is switched off by --kubernetes=off");
    }

    @Override
    public Outcome tellHeld() {
        return OFF;
    }

    @Override
    public Outcome tellStarted() {
        return new Outcome.Done();
    }

    @Override
    public Outcome label(String role) {
        return new Outcome.Done();
    }

    @Override
    public Publication publishPrimary(String replicaSetId, long electionTerm) {
        return Publication.of(new Outcome.Done());
    }

    @Override
    public Outcome takeOverPrimary(String replicaSetId, long electionTerm) {
        return new Outcome.Done();
    }

    @Override
    public Outcome withdrawPrimary() {
        return new Outcome.Done();
    }

    @Override
    public Outcome event(boolean warning, String reason, String message) {
        return new Outcome.Done();
    }

    @Override
    public void close() {}
}
