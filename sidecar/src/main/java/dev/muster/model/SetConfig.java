package dev.muster.model;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A replica set's configuration, members ordered by id.
 *
 * @param term -1 after a forced reconfiguration, when the server gives none
 * @param heartbeatIntervalMillis {@code settings.heartbeatIntervalMillis}
 * @param committed whether a majority of the voters has it, as {@code commitmentStatus} says. Only a primary knows
 */
public record SetConfig(
        String setName,
        String replicaSetId,
        long version,
        long term,
        List<ConfigMember> members,
        int heartbeatIntervalMillis,
        boolean committed) {
    /** Terms count before versions. */
    public static final Comparator<SetConfig> OLDEST_FIRST =
            Comparator.comparingLong(SetConfig::term).thenComparingLong(SetConfig::version);

    /** The server's limit, {@code ReplSetConfig::kMaxMembers}. */
    public static final int MAX_MEMBERS = 50;
    /** The server's limit, {@code ReplSetConfig::kMaxVotingMembers}. */
    public static final int MAX_VOTERS = 7;
    /** The server's default of {@code settings.heartbeatIntervalMillis}. */
    public static final int DEFAULT_HEARTBEAT_MILLIS = 2000;

    public SetConfig {
        requireNonNull(setName, "setName is null");
        requireNonNull(replicaSetId, "replicaSetId is null");
        members = members.stream()
                .sorted(Comparator.comparingInt(ConfigMember::id))
                .toList();
    }

    public Optional<ConfigMember> member(HostAddress host) {
        return members.stream().filter(member -> member.host().equals(host)).findFirst();
    }

    /** Of all members, in the order of the configuration. */
    public List<HostAddress> hosts() {
        return members.stream().map(ConfigMember::host).toList();
    }

    /** Whether this configuration replaces that one, or is the same. */
    public boolean isAtLeast(SetConfig other) {
        return OLDEST_FIRST.compare(this, other) >= 0;
    }

    public long voters() {
        return members.stream().filter(member -> member.votes() > 0).count();
    }

    /** The lowest id that no member has. It may be a removed member's. */
    public int freeId() {
        int id = 0;
        for (ConfigMember member : members) {
            if (member.id() != id) {
                return id;
            }
            id++;
        }
        return id;
    }
}
