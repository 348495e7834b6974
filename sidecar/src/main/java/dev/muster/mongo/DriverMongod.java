package dev.muster.mongo;

import com.mongodb.MongoException;
import dev.muster.model.Credentials;
import dev.muster.model.FormingHeartbeat;
import dev.muster.model.HostAddress;
import dev.muster.model.InitialSync;
import dev.muster.model.LocalMongod;
import dev.muster.model.PeerMongod;
import dev.muster.model.RootUser;
import dev.muster.model.SetConfig;
import dev.muster.model.SetRenaming;
import dev.muster.plan.ConfigChange;
import dev.muster.plan.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;

/** {@link Mongod} by the MongoDB driver. */
public final class DriverMongod implements Mongod {
    /** How long the server may take to follow a redirection, which usually takes some milliseconds. */
    private static final Duration REDIRECT_LIMIT = Duration.ofSeconds(2);

    private final Admin admin;
    private final Observation observation;
    private final DetailsReader details;
    private final Predicate<Credentials> logsIn;
    private final BooleanSupplier hasEnded;

    /**
     * One {@code mongod}.
     *
     * @param logsIn whether a login with these credentials succeeds; throws {@link MongoException} when it cannot tell
     * @param hasEnded see {@link #hasEnded}
     */
    DriverMongod(Admin admin, String setName, Predicate<Credentials> logsIn, BooleanSupplier hasEnded) {
        this.admin = admin;
        this.observation = new Observation(admin, setName);
        this.details = new DetailsReader(admin);
        this.logsIn = logsIn;
        this.hasEnded = hasEnded;
    }

    @Override
    public LocalMongod observe() {
        return observation.observe();
    }

    @Override
    public boolean hasEnded() {
        return hasEnded.getAsBoolean();
    }

    @Override
    public PeerMongod observeAsPeer(Duration unknownFor) {
        return observation.observeAsPeer(unknownFor);
    }

    @Override
    public Outcome initiate(String setName, HostAddress self, LocalMongod seen) {
        LocalMongod now = observe();
        if (!now.equals(seen)) {
            return new Outcome.Stale("mongod is no longer as it was seen: it is " + now.words());
        }
        BsonDocument config = new BsonDocument("_id", new BsonString(setName))
                .append("version", new BsonInt32(1))
                .append(
                        "members",
                        new BsonArray(List.of(new BsonDocument("_id", new BsonInt32(0))
                                .append("host", new BsonString(self.toString())))))
                .append(
                        "settings",
                        new BsonDocument("heartbeatIntervalMillis", new BsonInt32(FormingHeartbeat.intervalMillis(1))));
        return attempt(() -> {
            admin.write(new BsonDocument("replSetInitiate", config));
            return new Outcome.Done();
        });
    }

    @Override
    public Outcome reconfigure(ConfigChange change, long version, long term) {
        return attempt(() -> {
            BsonDocument reply = admin.read(new BsonDocument("replSetGetConfig", new BsonInt32(1))
                    .append("commitmentStatus", BsonBoolean.TRUE));
            BsonDocument config = reply.getDocument("config");
            SetConfig present = ConfigDocument.read(
                    config, reply.getBoolean("commitmentStatus").getValue());
            if (present.version() != version || present.term() != term) {
                return new Outcome.Stale("the configuration is now version %d of term %d, not %d of term %d"
                        .formatted(present.version(), present.term(), version, term));
            }
            if (!present.committed()) {
                return new Outcome.Stale("a majority of the voters does not have the configuration");
            }
            admin.write(new BsonDocument("replSetReconfig", ConfigDocument.apply(config, change)));
            return new Outcome.Done();
        });
    }

    @Override
    public Outcome forceReconfigure(List<HostAddress> down, long version) {
        return withVersion(version, config -> {
            admin.write(new BsonDocument("replSetReconfig", ConfigDocument.withoutVotesOf(config, down))
                    .append("force", BsonBoolean.TRUE));
            return new Outcome.Done();
        });
    }

    @Override
    public Outcome checkForce(List<HostAddress> down, long version) {
        return withVersion(version, config -> {
            boolean changes =
                    ConfigDocument.changesImplicitDefault(config, ConfigDocument.withoutVotesOf(config, down));
            return changes && !hasDefaultWriteConcern()
                    ? new Outcome.Failed(
                            -1,
                            "without the arbiter, the implicit default write concern of the set would be another one,"
                                    + " and mongod refuses that unless setDefaultRWConcern was run before. Start the"
                                    + " arbiter again under its name: it needs no data")
                    : new Outcome.Done();
        });
    }

    private boolean hasDefaultWriteConcern() {
        return admin.read(new BsonDocument("getDefaultRWConcern", new BsonInt32(1)))
                .getString("defaultWriteConcernSource", new BsonString(""))
                .getValue()
                .equals("global");
    }

    private Outcome withVersion(long version, Function<BsonDocument, Outcome> write) {
        return attempt(() -> {
            BsonDocument config = admin.read(new BsonDocument("replSetGetConfig", new BsonInt32(1)))
                    .getDocument("config");
            long present = config.getNumber("version").longValue();
            return present == version
                    ? write.apply(config)
                    : new Outcome.Stale("the configuration is now version %d, not %d".formatted(present, version));
        });
    }

    @Override
    public Outcome renameSet(SetRenaming renaming) {
        return attempt(() -> {
            if (!(observe() instanceof LocalMongod.Removed removed)) {
                return new Outcome.Stale("mongod is in a set, or in none");
            }
            BsonDocument stored = admin.storedConfig();
            if (stored == null) {
                return new Outcome.Stale("mongod has no stored configuration");
            }
            if (!removed.replicaSetId().equals(renaming.newId())) {
                SetConfig present = ConfigDocument.read(stored, false);
                if (!present.replicaSetId().equals(renaming.replicaSetId())
                        || present.version() != renaming.version()) {
                    return new Outcome.Stale("the stored configuration is now version %d of set %s"
                            .formatted(present.version(), present.replicaSetId()));
                }
                if (!renaming.hosts().keySet().containsAll(present.hosts())) {
                    return new Outcome.Stale(
                            "the stored configuration names other members than those that get new names");
                }
                if (admin.isCloneUnfinished()) {
                    return new Outcome.Failed(
                            -1, "this member has not finished its clone: give the pod an empty volume");
                }
                admin.replaceStoredConfig(ConfigDocument.renamed(stored, renaming));
                // Not durable without it, though never half written.
                admin.write(new BsonDocument("fsync", new BsonInt32(1)));
            }
            admin.shutDown();
            return new Outcome.Done();
        });
    }

    @Override
    public Outcome restart(HostAddress takenForItself) {
        return attempt(() -> {
            if (!observe().knownAs().equals(Optional.of(takenForItself))) {
                return new Outcome.Stale("mongod no longer takes itself for " + takenForItself);
            }
            admin.shutDown();
            return new Outcome.Done();
        });
    }

    @Override
    public Outcome syncFrom(HostAddress source) {
        if (!(observe() instanceof LocalMongod.InSet set)) {
            return new Outcome.Stale("mongod is not in a set");
        }
        Optional<String> why = set.status().whyNotDirectedTo(source);
        if (why.isPresent()) {
            return new Outcome.Stale(why.get());
        }
        InitialSync before = set.status().initialSync().orElseThrow();
        return attempt(() -> {
            admin.write(new BsonDocument("replSetSyncFrom", new BsonString(source.toString())));
            // It has followed when it counts the running attempt as failed. Before that it must not be asked again.
            long deadline = System.nanoTime() + REDIRECT_LIMIT.toNanos();
            while (System.nanoTime() < deadline && !isTakenUp(initialSync(), before, source)) {
                sleepShortly();
            }
            return new Outcome.Done();
        });
    }

    private static boolean isTakenUp(Optional<InitialSync> now, InitialSync before, HostAddress source) {
        return now.isEmpty() || now.get().hasTakenUp(source, before);
    }

    private Optional<InitialSync> initialSync() {
        return observe() instanceof LocalMongod.InSet set ? set.status().initialSync() : Optional.empty();
    }

    private static void sleepShortly() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public RootUser compareRootUser(Credentials root) {
        try {
            BsonDocument reply = admin.read(new BsonDocument(
                    "usersInfo",
                    new BsonDocument("user", new BsonString(root.user())).append("db", new BsonString("admin"))));
            if (reply.getArray("users").isEmpty()) {
                return RootUser.MISSING;
            }
            if (logsIn.test(root)) {
                return RootUser.AS_THE_FILES_SAY;
            }
            return isRoot(reply.getArray("users").get(0).asDocument()) ? RootUser.PASSWORD_DIFFERS : RootUser.ANOTHERS;
        } catch (MongoException e) {
            return RootUser.UNKNOWN;
        }
    }

    private static boolean isRoot(BsonDocument user) {
        return user.getArray("roles").stream()
                .map(BsonValue::asDocument)
                .anyMatch(role -> role.getString("role").getValue().equals("root")
                        && role.getString("db").getValue().equals("admin"));
    }

    @Override
    public Outcome createRootUser(Credentials root) {
        return attempt(() -> {
            admin.write(
                    userCommand("createUser", root).append("roles", new BsonArray(List.of(new BsonString("root")))));
            return new Outcome.Done();
        });
    }

    @Override
    public Outcome updateRootPassword(Credentials root) {
        return attempt(() -> {
            admin.write(userCommand("updateUser", root));
            return new Outcome.Done();
        });
    }

    private static BsonDocument userCommand(String command, Credentials root) {
        return new BsonDocument(command, new BsonString(root.user())).append("pwd", new BsonString(root.password()));
    }

    @Override
    public Outcome stepUp() {
        return attempt(() -> {
            admin.write(new BsonDocument("replSetStepUp", new BsonInt32(1)));
            return new Outcome.Done();
        });
    }

    @Override
    public Outcome stepDown() {
        return attempt(() -> {
            // The member cannot be elected for 10 s: about as long as the election of another one may take.
            admin.write(new BsonDocument("replSetStepDown", new BsonInt32(10))
                    .append("secondaryCatchUpPeriodSecs", new BsonInt32(5)));
            return new Outcome.Done();
        });
    }

    @Override
    public Optional<MongodDetails> details() {
        return details.read();
    }

    private interface Attempt {
        Outcome run();
    }

    private static Outcome attempt(Attempt attempt) {
        try {
            return attempt.run();
        } catch (MongoException e) {
            return switch (ServerError.of(e)) {
                case ALREADY_INITIALIZED -> new Outcome.Stale("the set is already initiated");
                case USER_ALREADY_EXISTS -> new Outcome.Stale("the user already exists");
                // Refused before anything was written: it stepped down, or was elected and still drains its oplog.
                case NOT_WRITABLE_PRIMARY -> new Outcome.Stale("the member is not a primary that accepts writes");
                case UNAUTHORIZED,
                        AUTHENTICATION_FAILED,
                        INVALID_REPLICA_SET_CONFIG,
                        NO_REPLICATION_ENABLED,
                        NOT_YET_INITIALIZED,
                        OTHER -> new Outcome.Failed(ServerError.codeOf(e), ServerError.words(e));
            };
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
