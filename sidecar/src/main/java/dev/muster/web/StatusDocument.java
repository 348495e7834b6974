package dev.muster.web;

import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.SetConfig;
import dev.muster.model.SetStatus;
import dev.muster.plan.Decision;
import dev.muster.plan.Outcome;
import dev.muster.tell.CycleReport;
import dev.muster.tell.SetView;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.bson.Document;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;

/**
 * What {@code /status} answers. A field whose value is not known is absent; times are ISO 8601 in UTC. A loop state
 * holds no secret, so neither does this.
 */
public final class StatusDocument {
    private static final JsonWriterSettings JSON =
            JsonWriterSettings.builder().outputMode(JsonMode.RELAXED).build();

    private StatusDocument() {}

    /**
     * The whole status.
     *
     * @param peers what the other members' sidecars say of themselves, by ordinal; nothing for who did not answer
     */
    public static Document of(CycleReport state, Map<Integer, OwnPart> peers) {
        SetView view = new SetView(state.snapshot());
        Document document = new Document("setName", state.snapshot().self().setName());
        if (state.snapshot().local() instanceof LocalMongod.InSet set) {
            appendSet(document, view, set);
        } else {
            state.snapshot().local().heldSetId().ifPresent(id -> document.append("replicaSetId", id));
        }
        document.append("self", state.snapshot().self().podName())
                .append("ready", state.readiness().ready())
                .append("readyReason", state.readiness().reason())
                .append("paused", state.snapshot().paused());
        state.snapshot().inSet().ifPresent(set -> document.append("members", members(state, view, set, peers)));
        view.approval().ifPresent(approval -> document.append("approval", approval(approval)));
        document.append("missing", missing(state, view, peers))
                .append(
                        "decision",
                        decision(state.decision()).append("since", since(state).toString()))
                .append("whatToDo", state.decision().reason().whatToDo())
                .append("waiting", waiting(state))
                .append("rules", rules(state))
                .append("history", history(state))
                .append("at", state.at().toString());
        return document;
    }

    /** What this sidecar alone knows of its member: the answer to another sidecar's {@code /status?self=true}. */
    public static Document ownPart(CycleReport state) {
        return OwnPart.of(state)
                .toDocument()
                .append("self", state.snapshot().self().podName());
    }

    /** The answer while no cycle has finished. */
    static Document beforeFirstCycle() {
        return new Document("ready", false).append("readyReason", NO_CYCLE_YET);
    }

    static final String NO_CYCLE_YET = "no cycle has finished yet";

    /** One line of JSON. */
    public static String toJson(Document document) {
        return document.toJson(JSON);
    }

    private static void appendSet(Document document, SetView view, LocalMongod.InSet set) {
        SetConfig config = set.config();
        document.append("replicaSetId", config.replicaSetId());
        set.status().primary().ifPresent(primary -> document.append("primary", view.nameOf(primary.host())));
        document.append("configVersion", config.version())
                .append("configTerm", config.term())
                .append("configCommitted", config.committed())
                .append("electionTerm", set.status().term());
    }

    private static List<Document> members(
            CycleReport state, SetView view, LocalMongod.InSet set, Map<Integer, OwnPart> peers) {
        return set.config().members().stream()
                .map(member -> member(state, view, set.status(), member, peers))
                .toList();
    }

    private static Document member(
            CycleReport state, SetView view, SetStatus status, ConfigMember member, Map<Integer, OwnPart> peers) {
        OptionalInt ordinal = state.snapshot().ordinalOf(member.host());
        Optional<MemberStatus> seen = status.member(member.host());
        boolean isSelf = seen.filter(MemberStatus::self).isPresent();
        Document document = new Document("name", ordinal.isPresent() ? view.nameOf(member.host()) : null)
                .append("ordinal", ordinal.isPresent() ? ordinal.getAsInt() : null)
                .append("host", member.host().toString())
                .append(
                        "state",
                        seen.map(MemberStatus::state)
                                .orElse(MemberState.UNKNOWN)
                                .name())
                .append("votes", member.votes())
                .append("priority", member.priority())
                .append("hidden", member.hidden())
                .append("arbiter", member.arbiterOnly())
                .append("self", isSelf)
                .append("healthy", seen.filter(MemberStatus::healthy).isPresent());
        seen.ifPresent(known -> appendSeen(document, view, status, known));
        Optional<OwnPart> part = isSelf
                ? Optional.of(OwnPart.of(state))
                : ordinal.stream().boxed().findFirst().map(peers::get);
        part.ifPresent(own -> document.putAll(own.toDocument()));
        return document;
    }

    private static void appendSeen(Document document, SetView view, SetStatus status, MemberStatus seen) {
        view.lagOf(status, seen).ifPresent(lag -> document.append("lagSeconds", lag.toSeconds()));
        seen.ping().ifPresent(ping -> document.append("pingMillis", ping.toMillis()));
        seen.syncSource().ifPresent((HostAddress source) -> document.append("syncSource", view.nameOf(source)));
        document.append("uptimeSeconds", seen.uptime().toSeconds());
    }

    private static List<Document> missing(CycleReport state, SetView view, Map<Integer, OwnPart> peers) {
        return view.missing().stream()
                .map(missing -> {
                    Document document = new Document("name", missing.name())
                            .append("ordinal", missing.ordinal())
                            .append("why", missing.why());
                    boolean isSelf =
                            missing.ordinal() == state.snapshot().self().ordinal();
                    Optional.ofNullable(isSelf ? OwnPart.of(state) : peers.get(missing.ordinal()))
                            .ifPresent(own -> document.putAll(own.toDocument()));
                    return document;
                })
                .toList();
    }

    /** What an operator approved and has not been carried out. */
    private static Document approval(SetView.PendingApproval approval) {
        return new Document("kind", approval.kind())
                .append("what", approval.what())
                .append("carriedOutBy", approval.carriedOutBy())
                .append("givenAt", approval.givenAt().toString())
                .append("validUntil", approval.validUntil().toString())
                .append("expired", approval.expired());
    }

    private static Document decision(Decision decision) {
        return new Document("kind", decision.kind())
                .append("reason", decision.reason().name())
                .append("message", decision.message());
    }

    /** What waits besides the decision. */
    private static List<Document> waiting(CycleReport state) {
        return state.judgement().waiting().stream()
                .filter(wait -> !wait.equals(state.decision()))
                .map(wait -> new Document("reason", wait.reason().name()).append("message", wait.message()))
                .toList();
    }

    /** Since when the decision is for this reason; its message may have changed since. */
    private static Instant since(CycleReport state) {
        return state.history().stream()
                .findFirst()
                .filter(change -> change.reason() == state.decision().reason())
                .map(CycleReport.Change::at)
                .orElse(state.at());
    }

    private static List<Document> rules(CycleReport state) {
        return state.judgement().explanation().stream()
                .map(rule -> new Document("rule", rule.rule())
                        .append("decided", rule.decided())
                        .append("said", rule.said().name().toLowerCase(Locale.ROOT))
                        .append("why", rule.why()))
                .toList();
    }

    private static List<Document> history(CycleReport state) {
        return state.history().stream()
                .map(change -> new Document("at", change.at().toString())
                        .append("kind", change.decision().kind())
                        .append("reason", change.reason().name())
                        .append("message", change.decision().message())
                        .append("outcome", change.outcome().map(Outcome::words).orElse("")))
                .toList();
    }
}
