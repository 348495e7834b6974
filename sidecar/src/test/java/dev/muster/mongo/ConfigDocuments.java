package dev.muster.mongo;

import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.SetConfig;
import dev.muster.model.SetRenaming;
import dev.muster.plan.ConfigChange;
import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;

/** {@link ConfigDocument} for tests of other packages: a simulated server's document is edited as a real one's is. */
public final class ConfigDocuments {
    private ConfigDocuments() {}

    /** As {@link ConfigDocument#read}. */
    public static SetConfig read(BsonDocument config, boolean committed) {
        return ConfigDocument.read(config, committed);
    }

    /** One member of a configuration. */
    public static ConfigMember readMember(BsonDocument member) {
        BsonDocument config = new BsonDocument("_id", new BsonString(""))
                .append("version", new BsonInt32(1))
                .append("members", new BsonArray(List.of(member)));
        return read(config, false).members().getFirst();
    }

    /** As {@link ConfigDocument#apply}. */
    public static BsonDocument apply(BsonDocument config, ConfigChange change) {
        return ConfigDocument.apply(config, change);
    }

    /** As {@link ConfigDocument#changesImplicitDefault}. */
    public static boolean changesImplicitDefault(BsonDocument before, BsonDocument after) {
        return ConfigDocument.changesImplicitDefault(before, after);
    }

    /** As {@link ConfigDocument#withoutVotesOf}. */
    public static BsonDocument withoutVotesOf(BsonDocument config, List<HostAddress> down) {
        return ConfigDocument.withoutVotesOf(config, down);
    }

    /** As {@link ConfigDocument#renamed}. */
    public static BsonDocument renamed(BsonDocument config, SetRenaming renaming) {
        return ConfigDocument.renamed(config, renaming);
    }
}
