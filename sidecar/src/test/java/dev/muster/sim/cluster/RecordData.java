package dev.muster.sim.cluster;

import static java.util.Objects.requireNonNull;

import dev.muster.model.Approval;
import dev.muster.model.SetRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The data of the record's ConfigMap. {@code RecordDocument} reads and writes the same as text.
 *
 * @param holderUid of the pod that intends; empty in any other
 * @param holders the ordinals of the pods that intended since a set was recorded
 * @param replicaSetId empty in one that is not formed
 * @param givenUp the ids of earlier sets
 */
public record RecordData(
        String setName,
        Phase phase,
        String holderUid,
        Set<Integer> holders,
        String replicaSetId,
        Approval approval,
        List<String> givenUp) {
    /** What is known of the set. */
    public enum Phase {
        NOT_INITIATED,
        INTENDED,
        FORMED
    }

    private static final Approval NONE = new Approval.None();

    public RecordData {
        requireNonNull(setName, "setName is null");
        requireNonNull(phase, "phase is null");
        requireNonNull(holderUid, "holderUid is null");
        holders = Set.copyOf(holders);
        requireNonNull(replicaSetId, "replicaSetId is null");
        requireNonNull(approval, "approval is null");
        givenUp = List.copyOf(givenUp);
    }

    static RecordData notInitiated(String setName, Approval approval) {
        return new RecordData(setName, Phase.NOT_INITIATED, "", Set.of(), "", approval, List.of());
    }

    static RecordData intended(String setName, String holderUid, int holder) {
        return new RecordData(setName, Phase.INTENDED, holderUid, Set.of(holder), "", NONE, List.of());
    }

    static RecordData formed(String setName, String replicaSetId) {
        return new RecordData(setName, Phase.FORMED, "", Set.of(), replicaSetId, NONE, List.of());
    }

    RecordData thenIntended(String name, String ownUid, int ownOrdinal) {
        Set<Integer> everyHolder = new HashSet<>(holders);
        everyHolder.add(ownOrdinal);
        List<String> ids = new ArrayList<>(givenUp);
        if (!replicaSetId.isEmpty()) {
            ids.add(replicaSetId);
        }
        Approval kept = approval instanceof Approval.Seed seed && seed.ordinal() == ownOrdinal ? seed : NONE;
        return new RecordData(name, Phase.INTENDED, ownUid, everyHolder, "", kept, ids);
    }

    RecordData thenFormed(String name, String id) {
        Approval kept =
                approval instanceof Approval.RenameSet rename && rename.newId().equals(id) ? rename : NONE;
        return new RecordData(name, Phase.FORMED, "", Set.of(), id, kept, givenUp);
    }

    RecordData with(Approval given) {
        return new RecordData(setName, phase, holderUid, holders, replicaSetId, given, givenUp);
    }

    /** As a sidecar reads it. */
    SetRecord read(String ownSetName, String ownUid, Duration lasting) {
        if (!setName.equals(ownSetName)) {
            return new SetRecord.Unavailable(
                    "it is of a replica set named '%s', this one is '%s'".formatted(setName, ownSetName));
        }
        return switch (phase) {
            case NOT_INITIATED -> new SetRecord.Absent(approval, lasting);
            case INTENDED ->
                new SetRecord.Intended(
                        holderUid, holders, !ownUid.isEmpty() && ownUid.equals(holderUid), lasting, approval);
            case FORMED -> new SetRecord.Formed(replicaSetId, approval, lasting);
        };
    }
}
