package dev.muster.mongo;

import dev.muster.model.HostAddress;
import dev.muster.model.InitialSync;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.OpTime;
import dev.muster.model.SetStatus;
import dev.muster.model.SourcePreference;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** The reply of {@code replSetGetStatus {initialSync: 1}} as a value. Pure. */
final class ReplSetStatus {
    private ReplSetStatus() {}

    static SetStatus read(BsonDocument reply, Optional<HostAddress> clonedFrom, SourcePreference sourcePreference) {
        return new SetStatus(
                MemberState.ofCode(reply.getNumber("myState").intValue()),
                reply.getNumber("term", new BsonInt64(-1)).longValue(),
                electedAt(reply),
                reply.getArray("members").stream()
                        .map(member -> readMember(member.asDocument(), reply))
                        .toList(),
                initialSync(reply),
                clonedFrom,
                sourcePreference);
    }

    private static Optional<Instant> electedAt(BsonDocument reply) {
        return reply.getArray("members").stream()
                .map(BsonValue::asDocument)
                .filter(member -> member.getNumber("state").intValue() == MemberState.PRIMARY.code())
                .flatMap(member -> Optional.ofNullable(member.get("electionDate")).stream())
                .filter(BsonValue::isDateTime)
                .map(date -> Instant.ofEpochMilli(date.asDateTime().getValue()))
                .findFirst();
    }

    private static MemberStatus readMember(BsonDocument member, BsonDocument reply) {
        boolean self = member.containsKey("self");
        return new MemberStatus(
                member.getNumber("_id").intValue(),
                HostAddress.parse(member.getString("name").getValue()),
                MemberState.ofCode(member.getNumber("state").intValue()),
                self || member.getNumber("health", new BsonInt32(0)).doubleValue() > 0,
                self,
                opTime(member.get("optime")),
                host(member, "syncSourceHost"),
                member.containsKey("pingMs")
                        ? Optional.of(
                                Duration.ofMillis(member.getNumber("pingMs").longValue()))
                        : Optional.empty(),
                Duration.ofSeconds(member.getNumber("uptime", new BsonInt32(0)).longValue()),
                answeredAgo(member, reply));
    }

    /** Both times are the server's. Before the first answer it shows the epoch. */
    private static Optional<Duration> answeredAgo(BsonDocument member, BsonDocument reply) {
        long answered = member.getDateTime("lastHeartbeat", new BsonDateTime(0)).getValue();
        return answered == 0 || !reply.isDateTime("date")
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(reply.getDateTime("date").getValue() - answered));
    }

    /** The newest write of the member that gave this reply. */
    static Optional<OpTime> ownOpTime(BsonDocument reply) {
        return opTime(reply.getDocument("optimes", new BsonDocument()).get("appliedOpTime"));
    }

    private static Optional<OpTime> opTime(@Nullable BsonValue value) {
        if (value == null || !value.isDocument()) {
            return Optional.empty();
        }
        BsonDocument document = value.asDocument();
        BsonTimestamp at = document.getTimestamp("ts", new BsonTimestamp());
        // A member that has applied nothing, or cannot be reached, shows the zero timestamp: its optime is not known.
        return at.getTime() == 0
                ? Optional.empty()
                : Optional.of(
                        new OpTime(document.getNumber("t", new BsonInt64(-1)).longValue(), at.getTime(), at.getInc()));
    }

    private static Optional<HostAddress> host(BsonDocument document, String field) {
        BsonValue value = document.get(field);
        String text = value != null && value.isString() ? value.asString().getValue() : "";
        // ":27017" is how the server writes that there is none yet.
        return text.isEmpty() || text.startsWith(":") ? Optional.empty() : Optional.of(HostAddress.parse(text));
    }

    private static Optional<InitialSync> initialSync(BsonDocument reply) {
        BsonValue value = reply.get("initialSyncStatus");
        if (value == null || !value.isDocument()) {
            return Optional.empty();
        }
        BsonDocument sync = value.asDocument();
        // While it copies, the server names the source at the top. Before that, only the latest attempt may name it.
        Optional<HostAddress> source = host(reply, "syncSourceHost").or(() -> host(sync, "syncSourceHost"));
        long total = sync.getNumber("approxTotalDataSize", new BsonInt64(-1)).longValue();
        long remaining = sync.getNumber("remainingInitialSyncEstimatedMillis", new BsonInt64(-1))
                .longValue();
        return Optional.of(new InitialSync(
                source,
                sync.getNumber("failedInitialSyncAttempts", new BsonInt32(0)).intValue(),
                sync.getNumber("approxTotalBytesCopied", new BsonInt64(0)).longValue(),
                total < 0 ? OptionalLong.empty() : OptionalLong.of(total),
                remaining < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(remaining)),
                Duration.ofMillis(sync.getNumber("totalInitialSyncElapsedMillis", new BsonInt64(0))
                        .longValue())));
    }
}
