package dev.muster.sim.mongod;

import dev.muster.model.SetConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonValue;

/**
 * A configuration that somebody sent, with the server's defaults filled in; or why the server cannot read it.
 *
 * @param document empty where it is refused
 */
record ConfigCheck(BsonDocument document, Optional<CommandReply> refusal) {
    /** Reads it; whether it makes sense is another question, see {@link #invalid}. */
    static ConfigCheck of(BsonDocument requested) {
        try {
            BsonDocument config = ConfigFields.read(requested);
            return config.getArray("members").stream()
                    .map(BsonValue::asDocument)
                    .peek(ConfigCheck::zeroPriorityOfArbiter)
                    .flatMap(member -> contradiction(member).stream())
                    .findFirst()
                    .or(() -> unknownTag(config))
                    .map(ConfigCheck::unreadable)
                    .orElseGet(() -> new ConfigCheck(config, Optional.empty()));
        } catch (FieldTypes.Unreadable e) {
            return unreadable(String.valueOf(e.getMessage()));
        }
    }

    private static ConfigCheck unreadable(String why) {
        return new ConfigCheck(
                new BsonDocument(), Optional.of(new CommandReply(CommandReply.INVALID_REPLICA_SET_CONFIG, why)));
    }

    /** One that has the default, too. */
    private static void zeroPriorityOfArbiter(BsonDocument member) {
        if (isTrue(member, "arbiterOnly") && number(member, "priority") == 1) {
            member.put("priority", new BsonDouble(0));
        }
    }

    /** What no member can be at the same time. */
    private static Optional<String> contradiction(BsonDocument member) {
        if (isTrue(member, "arbiterOnly")) {
            if (number(member, "votes") == 0) {
                return Optional.of("Arbiter must vote (cannot have 0 votes)");
            }
            if (!member.getDocument("tags").isEmpty()) {
                return Optional.of("Cannot set tags on arbiters.");
            }
        }
        if (member.containsKey("newlyAdded")) {
            return Optional.of("Cannot provide newlyAdded field to member config during reconfig.");
        }
        if (number(member, "priority") == 0) {
            return Optional.empty();
        }
        if (number(member, "votes") == 0) {
            return Optional.of("priority must be 0 when non-voting (votes:0)");
        }
        if (number(member, "secondaryDelaySecs") > 0) {
            return Optional.of("priority must be 0 when secondaryDelaySecs is used");
        }
        if (isTrue(member, "hidden")) {
            return Optional.of("priority must be 0 when hidden=true");
        }
        return isTrue(member, "buildIndexes")
                ? Optional.empty()
                : Optional.of("priority must be 0 when buildIndexes=false");
    }

    /** A write concern mode counts the values of a tag, which some member must have. */
    private static Optional<String> unknownTag(BsonDocument config) {
        Set<String> tags = config.getArray("members").stream()
                .flatMap(member -> member.asDocument().getDocument("tags").keySet().stream())
                .collect(Collectors.toSet());
        return config.getDocument("settings").getDocument("getLastErrorModes").values().stream()
                .flatMap(mode -> mode.asDocument().keySet().stream())
                .filter(tag -> !tags.contains(tag))
                .findFirst()
                .map("No replica set tag key %s in config"::formatted);
    }

    private static boolean isTrue(BsonDocument member, String flag) {
        return member.getBoolean(flag, BsonBoolean.FALSE).getValue();
    }

    private static double number(BsonDocument member, String field) {
        return member.getNumber(field).doubleValue();
    }

    /** Why no server has that configuration, whatever it had before. */
    static Optional<String> invalid(Configuration config) {
        List<Configuration.Member> members = config.members();
        if (members.isEmpty() || members.size() > SetConfig.MAX_MEMBERS) {
            return Optional.of(
                    "Replica set configuration contains %d members, but must have at least 1 and no more than %d"
                            .formatted(members.size(), SetConfig.MAX_MEMBERS));
        }
        Set<Object> seen = new HashSet<>();
        for (Configuration.Member member : members) {
            if (!seen.add(member.id()) || !seen.add(member.hostText())) {
                return Optional.of("Found two member configurations with same _id or host field");
            }
        }
        long local = members.stream().filter(ConfigCheck::isLocal).count();
        if (local != 0 && local != members.size()) {
            return Optional.of("Either all host names in a replica set configuration must be localhost references, or"
                    + " none must be; found " + local);
        }
        // Without those that are newly added: a safe change can add more voters than there may be.
        if (config.voters() == 0 || config.voters() > SetConfig.MAX_VOTERS) {
            return Optional.of(
                    "Replica set configuration contains %d voting members, but must be at least 1 and no more than %d"
                            .formatted(config.voters(), SetConfig.MAX_VOTERS));
        }
        if (members.stream().noneMatch(Configuration.Member::isElectable)) {
            return Optional.of(
                    "Replica set configuration must contain at least one non-arbiter member with priority > 0");
        }
        if (config.isForConfigServers()) {
            return Optional.of("Nodes being used for config servers must be started with the --configsvr flag");
        }
        List<Configuration.Member> arbiters =
                members.stream().filter(member -> member.config().arbiterOnly()).toList();
        if (arbiters.size() > 1) {
            return Optional.of("Multiple arbiters are not allowed");
        }
        return arbiters.stream().anyMatch(arbiter -> arbiter.config().priority() > 0)
                ? Optional.of("Arbiter priority must be 0.")
                : Optional.empty();
    }

    private static boolean isLocal(Configuration.Member member) {
        String host = member.host().host();
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
    }

    /**
     * Why the server refuses that configuration after that one.
     *
     * @param hasDefaultWriteConcern whether an operator set one
     */
    static Optional<CommandReply> change(
            Configuration before, Configuration after, boolean force, boolean hasDefaultWriteConcern) {
        Optional<String> invalid = invalid(after);
        if (invalid.isEmpty() && after.hasCustomizedLastErrorDefaults()) {
            return Optional.of(new CommandReply(
                    CommandReply.LAST_ERROR_DEFAULTS,
                    "Failed to reconfig: Replica set config contains customized getLastErrorDefaults"));
        }
        return invalid.or(() -> incompatible(before, after, force, hasDefaultWriteConcern))
                .map(why -> new CommandReply(CommandReply.INCOMPATIBLE_CONFIG, why));
    }

    private static Optional<String> incompatible(
            Configuration before, Configuration after, boolean force, boolean hasDefaultWriteConcern) {
        if (!after.replicaSetId().equals(before.replicaSetId())) {
            return Optional.of("New and old configurations differ in replica set ID");
        }
        if (!after.isNewerThan(before)) {
            return Optional.of(
                    "New replica set configuration version and term must be greater than old, but %s is not greater than %s"
                            .formatted(after, before));
        }
        Optional<String> other = after.members().stream()
                .flatMap(member -> before.members().stream().flatMap(old -> changed(old, member).stream()))
                .findFirst();
        if (other.isPresent()) {
            return other;
        }
        if (!hasDefaultWriteConcern && before.hasImplicitMajority() != after.hasImplicitMajority()) {
            return Optional.of(
                    "Reconfig attempted to install a config that would change the implicit default write concern.");
        }
        if (after.isPrimarySecondaryArbiter() && before.canElectWithoutWriters()) {
            return Optional.of("Rejecting reconfig where the new config has a PSA topology and the secondary is"
                    + " electable, but the old config contains only one writable node.");
        }
        long votes = changedVotes(before, after) + changedVotes(after, before);
        return force || votes <= 1
                ? Optional.empty()
                : Optional.of("Non force replica set reconfig can only add or remove at most 1 voting member.");
    }

    /** What a member never changes; it has to be removed and added again. */
    private static Optional<String> changed(Configuration.Member old, Configuration.Member now) {
        boolean sameId = old.id() == now.id();
        boolean sameHost = old.hostText().equals(now.hostText());
        if (sameHost && !sameId) {
            return Optional.of("New and old configurations both have members with the same host, but another _id");
        }
        if (sameId && old.config().arbiterOnly() != now.config().arbiterOnly()) {
            return Optional.of("New and old configurations differ in the setting of the arbiterOnly field");
        }
        return sameId && old.buildsIndexes() != now.buildsIndexes()
                ? Optional.of("New and old configurations differ in the setting of the buildIndexes field")
                : Optional.empty();
    }

    private static long changedVotes(Configuration from, Configuration to) {
        return from.members().stream()
                .filter(Configuration.Member::isVoter)
                .filter(member -> to.member(member.id())
                        .filter(Configuration.Member::isVoter)
                        .isEmpty())
                .count();
    }
}
