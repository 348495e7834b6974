package dev.muster.playground;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/** Looks at a set through its mongods and their logs, not through the sidecars: the truth that they are held to. */
final class SetObserver {
    private static final long COMMAND_TIMEOUT_MILLIS = 1_500;
    /** The server's answer of a member that has no configuration. */
    private static final int NOT_YET_INITIALIZED = 94;

    private final LocalSet set;
    private final boolean readLogs;

    /**
     * @param readLogs whether to look for the sources of clones; who looks a hundred times a second should not
     */
    SetObserver(LocalSet set, boolean readLogs) {
        this.set = set;
        this.readLogs = readLogs;
    }

    /** Asks every member that runs; the primary's answer is taken where there is one. */
    SetState observe() {
        Map<Integer, Document> statuses = new HashMap<>();
        Map<Integer, String> states = new HashMap<>();
        for (LocalMember member : set.members()) {
            ask(member, statuses, states);
        }
        Optional<Document> best = statuses.values().stream()
                .max(Comparator.comparingInt(status -> status.getInteger("myState", 0) == 1 ? 1 : 0));
        Optional<Integer> primary = statuses.entrySet().stream()
                .filter(entry -> entry.getValue().getInteger("myState", 0) == 1)
                .map(Map.Entry::getKey)
                .findFirst();
        Optional<Document> configuration = configuration(primary, statuses);
        List<MemberView> views = new ArrayList<>();
        for (LocalMember member : set.members()) {
            views.add(view(member, best, freshest(member, statuses, best), configuration, states));
        }
        return new SetState(
                configuration.flatMap(SetObserver::replicaSetId),
                primary.map(ordinal -> set.member(ordinal).name()),
                views,
                primary.isPresent()
                        && configuration
                                .filter(answer -> answer.getBoolean("commitmentStatus", false))
                                .isPresent(),
                Optional.empty());
    }

    private void ask(LocalMember member, Map<Integer, Document> statuses, Map<Integer, String> states) {
        if (!member.isMongodAlive()) {
            states.put(member.ordinal(), "not running");
            return;
        }
        if (member.isMongodFrozen()) {
            states.put(member.ordinal(), "frozen");
            return;
        }
        if (!member.isListening()) {
            states.put(member.ordinal(), "no answer");
            return;
        }
        try {
            statuses.put(member.ordinal(), command(member, new Document("replSetGetStatus", 1)));
        } catch (MongoException e) {
            states.put(member.ordinal(), e.getCode() == NOT_YET_INITIALIZED ? "empty" : "no answer");
        }
    }

    private Optional<Document> configuration(Optional<Integer> primary, Map<Integer, Document> statuses) {
        Optional<Integer> ordinal =
                primary.or(() -> statuses.keySet().stream().sorted().findFirst());
        try {
            return ordinal.map(asked -> command(
                    set.member(asked),
                    primary.isPresent()
                            ? new Document("replSetGetConfig", 1).append("commitmentStatus", true)
                            : new Document("replSetGetConfig", 1)));
        } catch (MongoException e) {
            // It lost its role, or its life, between the two questions: unknown until the next look.
            return Optional.empty();
        }
    }

    /** What the member says of itself; the others know its state only as of their last heartbeat. */
    private static Optional<Document> freshest(
            LocalMember member, Map<Integer, Document> statuses, Optional<Document> best) {
        return Optional.ofNullable(statuses.get(member.ordinal()))
                .or(() -> best)
                .flatMap(answer -> byHost(answer.getList("members", Document.class), "name", member.host()));
    }

    private MemberView view(
            LocalMember member,
            Optional<Document> status,
            Optional<Document> seen,
            Optional<Document> configuration,
            Map<Integer, String> states) {
        String ofProcess = states.get(member.ordinal());
        String state = ofProcess != null
                ? ofProcess
                : seen.map(document -> document.getString("stateStr")).orElse("not a member");
        int votes = configuration
                .map(answer -> answer.get("config", new Document()))
                .flatMap(config -> byHost(config.getList("members", Document.class, List.of()), "host", member.host()))
                .map(document -> document.getInteger("votes", 1))
                .orElse(0);
        return new MemberView(
                member.name(),
                member.ordinal(),
                member.host(),
                state,
                votes,
                status.filter(_ -> ofProcess == null)
                        .map(answer -> lagSeconds(answer, seen))
                        .orElse(OptionalLong.empty()),
                clonedFrom(member, state),
                seen.map(document -> uptimeSeconds(document, ofProcess)).orElse(OptionalLong.empty()));
    }

    private Optional<String> clonedFrom(LocalMember member, String state) {
        if (!readLogs || state.equals("empty")) {
            return Optional.empty();
        }
        if (state.startsWith("STARTUP")) {
            try {
                Document status = command(member, new Document("replSetGetStatus", 1).append("initialSync", 1));
                String source = status.get("initialSyncStatus", new Document()).getString("syncSourceHost");
                return Optional.ofNullable(source).filter(host -> !host.isEmpty());
            } catch (MongoException e) {
                return Optional.empty();
            }
        }
        return member.clonedFrom();
    }

    private static OptionalLong lagSeconds(Document status, Optional<Document> member) {
        Optional<Instant> newest = status.getList("members", Document.class).stream()
                .filter(document -> document.getInteger("state", 0) == 1)
                .map(document -> document.getDate("optimeDate").toInstant())
                .filter(time -> time.isAfter(Instant.EPOCH))
                .findFirst();
        Optional<Instant> own = member.map(
                        document -> document.getDate("optimeDate").toInstant())
                .filter(time -> time.isAfter(Instant.EPOCH));
        if (newest.isEmpty() || own.isEmpty()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(
                Math.max(0, Duration.between(own.get(), newest.get()).toSeconds()));
    }

    private static OptionalLong uptimeSeconds(Document member, @Nullable String ofProcess) {
        Integer uptime = member.getInteger("uptime");
        return uptime == null || ofProcess != null ? OptionalLong.empty() : OptionalLong.of(uptime);
    }

    private static Optional<String> replicaSetId(Document answer) {
        ObjectId id = answer.get("config", new Document())
                .get("settings", new Document())
                .getObjectId("replicaSetId");
        return Optional.ofNullable(id).map(ObjectId::toHexString);
    }

    private static Optional<Document> byHost(List<Document> members, String field, String host) {
        return members.stream()
                .filter(document -> host.equals(document.getString(field)))
                .findFirst();
    }

    private static Document command(LocalMember member, Document command) {
        MongoCluster mongo = member.mongo().withTimeout(COMMAND_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        return mongo.getDatabase("admin").runCommand(command);
    }
}
