package dev.muster.loop;

import dev.muster.act.HandOver;
import dev.muster.model.HostAddress;
import dev.muster.model.Snapshot;
import dev.muster.plan.Outcome;
import dev.muster.plan.Successor;
import dev.muster.web.ControlAnswer;
import dev.muster.web.ControlSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** What a person in the container may ask for: the only commands that change something. */
final class Commands {
    private final ControlLoop loop;
    private final Pause pause;
    private final HandOver handOver;
    private final Approvals approvals;

    Commands(ControlLoop loop, Pause pause, HandOver handOver, Approvals approvals) {
        this.approvals = approvals;
        this.loop = loop;
        this.pause = pause;
        this.handOver = handOver;
    }

    /** The commands by name; each answers with a sentence, or throws why it is refused. */
    Map<String, ControlSocket.Handler> byName() {
        return Map.of(
                "pause", new ControlSocket.Handler(0, _ -> ControlAnswer.done(pause())),
                "resume", new ControlSocket.Handler(0, _ -> ControlAnswer.done(resume())),
                "step-down", new ControlSocket.Handler(0, _ -> ControlAnswer.done(stepDown())),
                "approve-new-set", new ControlSocket.Handler(2, approvals::newSet),
                "approve-force-reconfig", new ControlSocket.Handler(3, approvals::forceReconfig));
    }

    private String pause() {
        try {
            pause.begin();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot pause: " + e.getMessage(), e);
        }
        loop.wake();
        return "paused: this sidecar changes nothing until 'muster resume'. Each pod has its own sidecar; pause that of"
                + " the primary, and of every pod that may become it";
    }

    private String resume() {
        try {
            pause.end();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot resume: " + e.getMessage(), e);
        }
        loop.wake();
        return "resumed";
    }

    private String stepDown() {
        Snapshot snapshot = loop.report()
                .orElseThrow(() -> new IllegalStateException("nothing is known yet; try again"))
                .snapshot();
        Optional<HostAddress> target = Successor.of(snapshot);
        if (target.isEmpty()) {
            throw new IllegalStateException(
                    "this member is not the primary, or no other can be elected: look at 'muster status'");
        }
        Outcome outcome = handOver.to(snapshot, target.get());
        loop.wake();
        return switch (outcome) {
            case Outcome.Done done -> "handed over to " + target.get();
            case Outcome.Stale stale -> throw new IllegalStateException(stale.why());
            case Outcome.Failed failed -> throw new IllegalStateException(failed.why());
        };
    }
}
