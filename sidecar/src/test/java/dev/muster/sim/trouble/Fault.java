package dev.muster.sim.trouble;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * One thing that goes wrong, or that a person does, once.
 *
 * @param at when, since the beginning
 * @param ordinal whom it concerns; some kinds concern everybody
 * @param other of the kinds that concern two: the other one
 * @param lasting until it is over by itself, for the kinds that last
 * @param number whatever else the kind needs, drawn once so that it stays the same when other faults are left out
 */
public record Fault(Duration at, Kind kind, int ordinal, int other, Duration lasting, int number) {
    /** What goes wrong. */
    public enum Kind {
        /** Two nodes do not hear each other. */
        PARTITION(10),
        /** What one node sends to the other is lost; the other way works. */
        ONE_WAY_PARTITION(6),
        /** A node hears none of the others, but the API server and the name server. */
        CUT_OFF_FROM_PEERS(6),
        /** A node hears nobody. */
        ISOLATED(6),
        /** A node does not reach the API server. */
        NO_API(5),
        /** A node's name server does not answer. */
        NO_DNS(4),
        API_SERVER_DOWN(5),
        /** The answers of the API server to writes are lost: they took effect, and nobody knows. */
        ANSWERS_LOST(4),
        /** The sidecars lose their rights. */
        RIGHTS_TAKEN(2),
        /** The name server fails: SERVFAIL. */
        DNS_FAILS(4),
        /** A member's name does not exist for a while: NXDOMAIN, or an answer without it. */
        NAME_MISSING(5),
        /** The Service's answer leaves a member out. */
        NAME_LEFT_OUT(3),
        /** A member's name gives the address that its last pod had. */
        NAME_STALE(5),
        SIDECAR_KILLED(8),
        /** The sidecar dies just before its next write. */
        SIDECAR_KILLED_BEFORE_A_WRITE(10),
        /** The sidecar dies just after its next write, and never knows that it was made. */
        SIDECAR_KILLED_AFTER_A_WRITE(10),
        SIDECAR_FROZEN(5),
        /** A person runs {@code muster pause}, and {@code muster resume} later. */
        PAUSED(4),
        MONGOD_KILLED(8),
        /** It comes back with a keyfile that no other member has. */
        KEYFILE_WRONG(3),
        MONGOD_FROZEN(5),
        /** Power loss. */
        NODE_LOST(8),
        ALL_NODES_LOST(3),
        POD_DELETED(6),
        /** Pod and claim are deleted: it comes back empty. */
        VOLUME_LOST(10),
        ALL_VOLUMES_LOST(1),
        /** It comes back with the data of another set of the same name. */
        VOLUME_FOREIGN(3),
        /** It comes back with the data of a mongod that was in no set. */
        VOLUME_OF_A_STANDALONE(2),
        /** It comes back with the data that it had a while ago. */
        VOLUME_RESTORED(3),
        /** All members come back with the data, and the votes, that they had a while and an election ago. */
        ALL_VOLUMES_RESTORED(2),
        /** Its node is cut off, and a person has a second pod of its name made, with an empty volume. */
        SECOND_POD(4),
        CLOCK_JUMPS(4),
        DISK_SLOW(4),
        /** An application loads so much data that every clone takes the better part of a minute from then on. */
        DATA_LOADED(3),
        /** So much is written that from then on no oplog reaches back for long: who was away is too stale to catch up. */
        OPLOG_SHORT(3),
        SCALED(8),
        /** And a moment later back to as many as before. */
        SCALED_AND_BACK(4),
        /** {@code spec.ordinals.start}: the lowest members leave and others join. Half of the time it is taken back. */
        START_MOVED(2),
        /** From now on the claims of members that are scaled away go with them. */
        CLAIMS_DELETED_WHEN_SCALED(2),
        SCALED_TO_ZERO(2),
        ROLLOUT(3),
        RECORD_DELETED(2),
        RECORD_ROLLED_BACK(2),
        /** A person changes the configuration by {@code rs.reconfig}. */
        RECONFIGURED_BY_HAND(5),
        /** Somebody asks a member to stand for election, whether there is a primary or not. */
        ELECTION_CALLED(4),
        /** All nodes but one are lost, and a person approves a forced reconfiguration, or hesitates then, or withdraws it. */
        FORCE_APPROVED(3);

        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }
    }

    private static final int TOTAL = total();

    private static int total() {
        int total = 0;
        for (Kind kind : Kind.values()) {
            total += kind.weight;
        }
        return total;
    }

    /**
     * Some faults within that time, in order.
     *
     * @param provoked kinds of which half of them are; none for the ordinary mixture
     */
    public static List<Fault> draw(Random random, int count, Duration within, Setting setting, List<Kind> provoked) {
        int firstOrdinal = setting.firstOrdinal();
        int replicas = setting.replicas();
        List<Fault> faults = new ArrayList<>();
        for (int fault = 0; fault < count; fault++) {
            int ordinal = random.nextInt(replicas);
            int other = replicas == 1 ? 0 : (ordinal + 1 + random.nextInt(replicas - 1)) % replicas;
            faults.add(new Fault(
                    Duration.ofMillis(random.nextLong(within.toMillis())),
                    kind(random, provoked),
                    firstOrdinal + ordinal,
                    firstOrdinal + other,
                    Duration.ofMillis(500 + (long) (Math.pow(random.nextDouble(), 2) * 30_000)),
                    random.nextInt(1_000_000)));
        }
        faults.sort(Comparator.comparing(Fault::at));
        return faults;
    }

    private static Kind kind(Random random, List<Kind> provoked) {
        if (!provoked.isEmpty() && random.nextBoolean()) {
            return provoked.get(random.nextInt(provoked.size()));
        }
        int drawn = random.nextInt(TOTAL);
        for (Kind kind : Kind.values()) {
            drawn -= kind.weight;
            if (drawn < 0) {
                return kind;
            }
        }
        throw new IllegalStateException("the weights do not add up");
    }

    @Override
    public String toString() {
        return "%s of %d (other %d, lasting %.1f s, number %d)"
                .formatted(kind, ordinal, other, lasting.toMillis() / 1000.0, number);
    }
}
