package dev.muster.sim.mongod;

import dev.muster.model.HostAddress;
import dev.muster.model.MemberState;
import dev.muster.model.OpTime;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one member tells another in a heartbeat, in the request and in the answer alike. It carries the configuration
 * itself where a real one carries its version; whoever wants it still has to wait as if it fetched it.
 */
record Beat(
        @Nullable Configuration config,
        int sender,
        MemberState state,
        long term,
        OpTime applied,
        Optional<HostAddress> syncSource,
        Optional<Instant> electedAt) {}
