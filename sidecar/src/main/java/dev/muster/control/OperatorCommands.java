package dev.muster.control;

import dev.muster.act.Elections;
import dev.muster.loop.ControlLoop;
import dev.muster.model.HostAddress;
import dev.muster.model.Snapshot;
import dev.muster.plan.Outcome;
import dev.muster.plan.Successor;
import dev.muster.tell.CycleReport;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** The commands of an operator in the container: the only ones that change something. */
public final class OperatorCommands {
    private final ControlLoop loop;
    private final Pause pause;
    private final Elections elections;
    private final Approvals approvals;

    public OperatorCommands(ControlLoop loop, Pause pause, Elections elections, Approvals approvals) {
        this.approvals = approvals;
        this.loop = loop;
        this.pause = pause;
        this.elections = elections;
    }

    /** The commands by name. Each answers with a sentence, also when it refuses. */
    public Map<String, ControlSocket.Handler> byName() {
        return Map.of(
                "pause", new ControlSocket.Handler(0, _ -> pause()),
                "resume", new ControlSocket.Handler(0, _ -> resume()),
                "step-down", new ControlSocket.Handler(0, _ -> stepDown()),
                "approve-new-set", new ControlSocket.Handler(2, approvals::newSet),
                "approve-force-reconfig", new ControlSocket.Handler(3, approvals::forceReconfig),
                "approve-seed", new ControlSocket.Handler(3, approvals::seed),
                "approve-rename-set", new ControlSocket.Handler(3, approvals::renameSet),
                "withdraw-approval", new ControlSocket.Handler(0, approvals::withdraw));
    }

    private ControlAnswer pause() {
        try {
            pause.begin();
        } catch (IOException e) {
            return ControlAnswer.notDone("cannot pause: " + e.getMessage());
        }
        loop.wake();
        return ControlAnswer.done(
                "paused: this sidecar changes nothing until 'muster resume'. Each pod has its own sidecar: pause the"
                        + " primary's, and that of every pod that may become primary");
    }

    private ControlAnswer resume() {
        try {
            pause.end();
        } catch (IOException e) {
            return ControlAnswer.notDone("cannot resume: " + e.getMessage());
        }
        loop.wake();
        return ControlAnswer.done("resumed");
    }

    private ControlAnswer stepDown() {
        Optional<CycleReport> report = loop.report();
        if (report.isEmpty()) {
            return ControlAnswer.notDone(ControlAnswer.NOTHING_KNOWN);
        }
        Snapshot snapshot = report.get().snapshot();
        Optional<HostAddress> target = Successor.of(snapshot);
        if (target.isEmpty()) {
            return ControlAnswer.notDone(
                    "this member is not the primary, or no other member can be elected: look at 'muster status'");
        }
        Outcome outcome = elections.handOver(snapshot, target.get());
        loop.wake();
        return ControlAnswer.of(outcome, "handed over to " + target.get());
    }
}
