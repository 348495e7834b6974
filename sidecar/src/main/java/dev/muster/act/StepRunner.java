package dev.muster.act;

import dev.muster.config.RootUserSource;
import dev.muster.model.Snapshot;
import dev.muster.mongo.Credentials;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.Outcome;
import dev.muster.plan.Step;
import java.util.Optional;
import java.util.function.Function;

/**
 * Runs one step: the precondition that the step names is read again, then one write is made. The {@link Mongod} does
 * both, so that nothing comes between them that need not.
 */
public final class StepRunner {
    private final Mongod local;
    private final Optional<RootUserSource> rootUser;
    private final HandOver handOver;

    public StepRunner(Mongod local, Optional<RootUserSource> rootUser, HandOver handOver) {
        this.local = local;
        this.rootUser = rootUser;
        this.handOver = handOver;
    }

    /** Makes the write. Takes as long as the server does, at most some seconds. */
    public Outcome run(Step step, Snapshot snapshot) {
        return switch (step) {
            case Step.Initiate initiate -> local.initiate(initiate.setName(), initiate.self());
            case Step.Reconfigure reconfigure ->
                local.reconfigure(reconfigure.change(), reconfigure.version(), reconfigure.term());
            case Step.SyncFrom syncFrom -> local.syncFrom(syncFrom.source());
            case Step.CreateRootUser create -> withRootUser(local::createRootUser);
            case Step.UpdateRootPassword update -> withRootUser(local::updateRootPassword);
            case Step.HandOver target -> handOver.to(snapshot, target.target());
            case Step.RecordIntended intended -> withoutRecord();
            case Step.RecordFormed formed -> withoutRecord();
        };
    }

    private Outcome withRootUser(Function<Credentials, Outcome> write) {
        return rootUser.flatMap(RootUserSource::read)
                .map(write)
                .orElseGet(() -> new Outcome.Stale("the root user's files cannot be read now"));
    }

    /** The planner asks for the record only where one is kept, which needs Kubernetes. */
    private static Outcome withoutRecord() {
        return new Outcome.Failed(-1, "no record is kept with --kubernetes=off");
    }
}
