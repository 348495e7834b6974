package dev.muster.interleaving;

import dev.muster.interleaving.Scene.Extra;
import dev.muster.interleaving.State.Phase;
import dev.muster.interleaving.State.Recorded;
import dev.muster.interleaving.State.Role;
import dev.muster.interleaving.State.Server;
import dev.muster.interleaving.State.Trouble;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/** The scenes, each as large as a few seconds allow. */
enum Story {
    /** Two empty pods initiate a set, and the first of them is replaced on the way. */
    INITIATED,
    /** The same, and an operator makes the record what it was at some time before. */
    RECORD_PUT_BACK,
    /** All volumes of a recorded set are lost, and an operator approves a new one, twice. */
    NEW_SET,
    /** One member of three is lost for good, another one is cut off twice, and an operator approves a force. */
    FORCED,
    /** A primary is cut off, and others are elected. */
    ANNOUNCED,
    /** A scale-down is begun and taken back, while a member is cut off, another is elected and an operator takes a vote. */
    SCALED;

    Scene scene() {
        return switch (this) {
            case INITIATED ->
                twoEmptyPods(
                        Recorded.ABSENT, Map.of(Trouble.REPLACED, 1, Trouble.DIES, 1), EnumSet.of(Extra.WATCHES_LAG));
            case RECORD_PUT_BACK ->
                twoEmptyPods(
                        Recorded.ABSENT,
                        Map.of(Trouble.REPLACED, 1, Trouble.RECORD_RESTORED, 1),
                        EnumSet.noneOf(Extra.class));
            case NEW_SET ->
                twoEmptyPods(
                        Recorded.of(Phase.FORMED, "f".repeat(24)),
                        Map.of(
                                Trouble.REPLACED, 1,
                                Trouble.NEW_SET_APPROVED, 2,
                                Trouble.WITHDRAWN, 1,
                                Trouble.EXPIRED, 1),
                        EnumSet.noneOf(Extra.class));
            case FORCED ->
                threeMembers(
                        List.of(Pod.FIRST, Pod.SECOND),
                        Map.of(
                                Trouble.CUT, 2,
                                Trouble.ELECTED, 1,
                                Trouble.FORCE_APPROVED, 1,
                                Trouble.WITHDRAWN, 1,
                                Trouble.EXPIRED, 1),
                        EnumSet.of(Extra.WATCHES_LAG));
            case ANNOUNCED ->
                threeMembers(
                        List.of(Pod.FIRST, Pod.SECOND, Pod.THIRD),
                        Map.of(Trouble.CUT, 1, Trouble.ELECTED, 2),
                        EnumSet.of(Extra.ANNOUNCED));
            case SCALED ->
                threeMembers(
                        List.of(Pod.FIRST, Pod.SECOND, Pod.THIRD),
                        Map.of(Trouble.SCALED, 2, Trouble.ELECTED, 1, Trouble.VOTE_TAKEN, 1, Trouble.CUT, 1),
                        EnumSet.noneOf(Extra.class));
        };
    }

    private static Scene twoEmptyPods(Recorded record, Map<Trouble, Integer> troubles, EnumSet<Extra> extras) {
        return new Scene(
                List.of(Pod.FIRST, Pod.REPLACEMENT, Pod.SECOND),
                List.of(Pod.FIRST, Pod.REPLACEMENT),
                troubles,
                2,
                record,
                Map.of(),
                extras);
    }

    /** A set of three, of which these run. */
    private static Scene threeMembers(List<Pod> pods, Map<Trouble, Integer> troubles, EnumSet<Extra> extras) {
        String set = Pod.FIRST.setId();
        Config config = Config.of(set, 5, 1, 0, 1, 2);
        Server secondary = new Server(config, 1, Role.SECONDARY, false);
        return new Scene(
                pods,
                List.of(Pod.FIRST, Pod.SECOND),
                troubles,
                3,
                Recorded.of(Phase.FORMED, set),
                Map.of(Pod.FIRST, secondary.as(Role.PRIMARY), Pod.SECOND, secondary, Pod.THIRD, secondary),
                extras);
    }
}
