package dev.muster.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * One member as one {@code mongod} sees it in {@code replSetGetStatus}.
 *
 * @param healthy whether the heartbeats to it succeed; always true for the {@code mongod} itself
 * @param self whether this is the {@code mongod} itself
 * @param opTime what it has applied; empty where it never said
 * @param syncSource the member that it replicates from
 * @param ping the heartbeat's round trip; empty for the {@code mongod} itself
 * @param uptime of its process
 * @param answeredAgo since its last answer to a heartbeat; empty for the {@code mongod} itself, and if there was none
 */
public record MemberStatus(
        int id,
        HostAddress host,
        MemberState state,
        boolean healthy,
        boolean self,
        Optional<OpTime> opTime,
        Optional<HostAddress> syncSource,
        Optional<Duration> ping,
        Duration uptime,
        Optional<Duration> answeredAgo) {
    public MemberStatus {
        requireNonNull(host, "host is null");
        requireNonNull(state, "state is null");
        requireNonNull(opTime, "opTime is null");
        requireNonNull(syncSource, "syncSource is null");
        requireNonNull(ping, "ping is null");
        requireNonNull(uptime, "uptime is null");
        requireNonNull(answeredAgo, "answeredAgo is null");
    }
}
