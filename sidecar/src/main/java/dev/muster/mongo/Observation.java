package dev.muster.mongo;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.PeerMongod;
import dev.muster.model.PeerMongod.Cause;
import dev.muster.model.SetConfig;
import dev.muster.model.SetStatus;
import dev.muster.model.SourcePreference;
import java.time.Duration;
import java.util.Optional;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonObjectId;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** Reads what one {@code mongod} is. Keeps only what cannot change without a new configuration or process. */
final class Observation {
    private final Admin admin;
    private final String setName;
    private final CloneOrigin cloneOrigin = new CloneOrigin();

    /** The configuration of the last status. Another version or term needs a new read. */
    private @Nullable SetConfig config;

    /** {@code initialSyncSourceReadPreference}: set at start only, so read once for each process. */
    private @Nullable SourcePreference sourcePreference;

    Observation(Admin admin, String setName) {
        this.admin = admin;
        this.setName = setName;
    }

    synchronized LocalMongod observe() {
        try {
            return inSet(admin.read(statusCommand()));
        } catch (MongoException e) {
            config = null;
            return withoutStatus(e);
        }
    }

    private static BsonDocument statusCommand() {
        return new BsonDocument("replSetGetStatus", new BsonInt32(1)).append("initialSync", new BsonInt32(1));
    }

    private LocalMongod inSet(BsonDocument reply) {
        String name = reply.getString("set").getValue();
        if (!name.equals(setName)) {
            return new LocalMongod.Misconfigured(
                    "mongod is a member of the set '%s', but --set-name is '%s': start".formatted(name, setName)
                            + " the sidecar with the name of its set");
        }
        MemberState state = MemberState.ofCode(reply.getNumber("myState").intValue());
        boolean cloning = state == MemberState.STARTUP || state == MemberState.STARTUP2;
        if (cloning) {
            cloneOrigin.forget();
        }
        SetStatus status = ReplSetStatus.read(
                reply,
                cloning ? Optional.empty() : cloneOrigin.of(admin),
                cloning ? sourcePreference() : SourcePreference.ANY);
        return new LocalMongod.InSet(config(reply, state == MemberState.PRIMARY), status);
    }

    /** The configuration, read again only when the status shows another one, or it was not known to be committed. */
    private SetConfig config(BsonDocument status, boolean primary) {
        SetConfig last = config;
        if (last != null && last.committed() == primary && isOf(status, last)) {
            return last;
        }
        SetConfig read = primary ? configOfPrimary() : configOf(admin.read("replSetGetConfig"));
        config = read;
        return read;
    }

    /** With the commitment status, which only a primary knows and answers. */
    private SetConfig configOfPrimary() {
        try {
            return configOf(admin.read(new BsonDocument("replSetGetConfig", new BsonInt32(1))
                    .append("commitmentStatus", BsonBoolean.TRUE)));
        } catch (MongoCommandException e) {
            if (ServerError.of(e) != ServerError.NOT_WRITABLE_PRIMARY) {
                throw e;
            }
            // Just elected, or no longer primary: it is not known to be committed, and counts as not committed.
            return configOf(admin.read("replSetGetConfig"));
        }
    }

    private static SetConfig configOf(BsonDocument reply) {
        boolean committed =
                reply.getBoolean("commitmentStatus", BsonBoolean.FALSE).getValue();
        return ConfigDocument.read(reply.getDocument("config"), committed);
    }

    private static boolean isOf(BsonDocument status, SetConfig config) {
        return status.getArray("members").stream()
                .map(BsonValue::asDocument)
                .filter(member -> member.containsKey("self"))
                .anyMatch(self -> self.getNumber("configVersion", new BsonInt32(-1))
                                        .longValue()
                                == config.version()
                        && self.getNumber("configTerm", new BsonInt32(-1)).longValue() == config.term());
    }

    private SourcePreference sourcePreference() {
        SourcePreference known = sourcePreference;
        if (known == null) {
            String parameter = "initialSyncSourceReadPreference";
            BsonDocument reply =
                    admin.read(new BsonDocument("getParameter", new BsonInt32(1)).append(parameter, BsonBoolean.TRUE));
            known = switch (reply.getString(parameter, new BsonString("")).getValue()) {
                case "secondary" -> SourcePreference.SECONDARY_ONLY;
                case "secondaryPreferred" -> SourcePreference.SECONDARY_PREFERRED;
                default -> SourcePreference.ANY;
            };
            sourcePreference = known;
        }
        return known;
    }

    private LocalMongod withoutStatus(MongoException e) {
        try {
            return switch (ServerError.of(e)) {
                case NOT_YET_INITIALIZED -> emptyOrStarting();
                case INVALID_REPLICA_SET_CONFIG -> removedOrStarting();
                case NO_REPLICATION_ENABLED ->
                    new LocalMongod.Misconfigured(
                            "mongod was started without --replSet: start it with --replSet " + setName);
                case UNAUTHORIZED, AUTHENTICATION_FAILED -> denied(e);
                case ALREADY_INITIALIZED, USER_ALREADY_EXISTS, NOT_WRITABLE_PRIMARY, OTHER -> unanswered(e);
            };
        } catch (MongoException second) {
            return unanswered(second);
        }
    }

    /** A member with a configuration also answers NotYetInitialized while it loads it. Its disk shows which it is. */
    private LocalMongod emptyOrStarting() {
        if (admin.storedConfig() != null) {
            return new LocalMongod.Starting();
        }
        BsonDocument options = admin.read("getCmdLineOpts").getDocument("parsed", new BsonDocument());
        BsonDocument replication = options.getDocument("replication", new BsonDocument());
        BsonValue name =
                replication.containsKey("replSet") ? replication.get("replSet") : replication.get("replSetName");
        return name != null && name.isString() && !name.asString().getValue().equals(setName)
                ? new LocalMongod.Misconfigured("mongod was started with --replSet %s, but --set-name is '%s'"
                        .formatted(name.asString().getValue(), setName))
                : Holdings.read(admin);
    }

    private LocalMongod removedOrStarting() {
        BsonDocument stored = admin.storedConfig();
        if (stored == null) {
            return new LocalMongod.Starting();
        }
        SetConfig config = ConfigDocument.read(stored, false);
        return new LocalMongod.Removed(config.replicaSetId(), config.version(), config.hosts());
    }

    private static LocalMongod denied(MongoException e) {
        return new LocalMongod.Denied(
                ServerError.of(e) == ServerError.UNAUTHORIZED
                        ? "it requires authentication: give the sidecar mongod's keyfile with --keyfile"
                        : "authentication as __system failed: the sidecar's keyfile is not the same as mongod's");
    }

    private LocalMongod unanswered(MongoException e) {
        Cause cause = ServerError.causeOf(e);
        return switch (cause) {
            case AUTHENTICATION -> denied(e);
            case TLS -> new LocalMongod.Denied("the TLS handshake failed");
            case NO_SUCH_NAME, NO_ADDRESS, DNS_FAILED, UNREACHABLE, TIMEOUT, ANOTHER_POD, STARTING -> {
                cloneOrigin.forget();
                sourcePreference = null;
                yield new LocalMongod.Unreachable("%s: %s".formatted(admin.address(), ServerError.words(e)));
            }
        };
    }

    PeerMongod observeAsPeer(Duration unknownFor) {
        Duration uptime = Duration.ZERO;
        try {
            BsonDocument hello = admin.read("hello");
            uptime = uptimeOf(hello);
            if (hello.containsKey("setName") && hello.containsKey("me")) {
                HostAddress me = HostAddress.parse(hello.getString("me").getValue());
                BsonDocument status = admin.read(
                        new BsonDocument("replSetGetStatus", new BsonInt32(1)).append("initialSync", new BsonInt32(1)));
                MemberState state =
                        MemberState.ofCode(status.getNumber("myState").intValue());
                // One that restarts with its data is STARTUP2 for a moment too, and does not clone.
                boolean clones = state == MemberState.STARTUP2 && status.containsKey("initialSyncStatus");
                SetConfig theirs =
                        ConfigDocument.read(admin.read("replSetGetConfig").getDocument("config"), false);
                return new PeerMongod.InSet(
                        theirs.replicaSetId(),
                        me,
                        state,
                        clones ? processOf(hello).map(id -> id.getValue().toHexString()) : Optional.empty(),
                        Optional.of(theirs),
                        ReplSetStatus.ownOpTime(status));
            }
        } catch (MongoException e) {
            if (ServerError.of(e) == ServerError.OTHER || ServerError.of(e) == ServerError.UNAUTHORIZED) {
                return new PeerMongod.Unknown(ServerError.causeOf(e), ServerError.words(e), unknownFor);
            }
        }
        Duration uptimeAtLeast = uptime;
        return anotherPod(unknownFor).orElseGet(() -> PeerMongod.withoutMember(observe(), unknownFor, uptimeAtLeast));
    }

    /** Nothing that another pod says is true of this peer: above all not that it is empty. */
    private Optional<PeerMongod> anotherPod(Duration unknownFor) {
        try {
            String hostname = admin.read("hostInfo")
                    .getDocument("system", new BsonDocument())
                    .getString("hostname", new BsonString(""))
                    .getValue();
            return PeerMongod.anotherPod(admin.address(), hostname)
                    .map(other -> new PeerMongod.Unknown(Cause.ANOTHER_POD, other, unknownFor));
        } catch (MongoException e) {
            Cause cause = ServerError.causeOf(e);
            // Who refuses us does so again when it is read as the local one, and then it is told how.
            return cause == Cause.AUTHENTICATION
                    ? Optional.empty()
                    : Optional.of(new PeerMongod.Unknown(cause, ServerError.words(e), unknownFor));
        }
    }

    /** A lower bound: the id of a process begins with the second in which it started. Zero where it says none. */
    static Duration uptimeOf(BsonDocument hello) {
        Optional<BsonObjectId> id = processOf(hello);
        if (id.isEmpty() || !hello.isDateTime("localTime")) {
            return Duration.ZERO;
        }
        long madeBefore = id.get().getValue().getTimestamp() + 1L;
        return Duration.ofMillis(Math.max(0, hello.getDateTime("localTime").getValue() - madeBefore * 1000));
    }

    private static Optional<BsonObjectId> processOf(BsonDocument hello) {
        BsonValue id = hello.getDocument("topologyVersion", new BsonDocument()).get("processId");
        return id != null && id.isObjectId() ? Optional.of(id.asObjectId()) : Optional.empty();
    }
}
