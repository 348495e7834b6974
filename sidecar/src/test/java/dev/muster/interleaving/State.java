package dev.muster.interleaving;

import dev.muster.model.Approval;
import dev.muster.model.SetRecord;
import dev.muster.plan.Decision;
import dev.muster.plan.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Everything at one moment. Equal states have the same future, so nothing is in it that no rule, server or promise asks
 * for. Lists are by {@link Pod#place()}.
 *
 * @param copy an earlier record, which an operator may put back
 * @param users the sets that have a root user
 * @param given the approvals that an operator gave, and that nobody has carried out or withdrawn
 * @param named the sets that got a second member, a user or the record
 * @param givenUp those that an operator gave up
 * @param shown what an operator who is about to approve has seen
 * @param left how often each {@link Trouble} may still happen
 */
record State(
        Recorded record,
        Optional<Recorded> copy,
        Slice slice,
        int replicas,
        Name name,
        List<Server> servers,
        List<Sidecar> sidecars,
        Set<String> users,
        Set<Approval> given,
        Set<String> named,
        Set<String> givenUp,
        Optional<Seen> shown,
        int left) {

    /** Which pods of ordinal 0 run. The API server knows the last one only, and DNS leads to it. */
    enum Name {
        FIRST_ONLY,
        BOTH,
        REPLACEMENT_ONLY
    }

    /** What can go wrong, or be done by an operator, a limited number of times. */
    enum Trouble {
        REPLACED(0),
        DIES(2),
        NEW_SET_APPROVED(4),
        FORCE_APPROVED(6),
        WITHDRAWN(8),
        EXPIRED(10),
        RECORD_RESTORED(12),
        CUT(14),
        ELECTED(16),
        SCALED(18),
        VOTE_TAKEN(20);

        private static final int MOST = 3;

        /** Its two bits in {@link State#left}. */
        private final int shift;

        Trouble(int shift) {
            this.shift = shift;
        }

        int times(int count) {
            return count << shift;
        }

        int left(int budget) {
            return (budget >> shift) & MOST;
        }
    }

    enum Phase {
        ABSENT,
        INTENDED,
        FORMED
    }

    /**
     * The record in the API server, or in a watch.
     *
     * @param who the uid of its holder, or the id of the set
     * @param old whether it has been unchanged for as long as another pod waits for the result of an intent
     * @param expired whether the time limit of its approval has passed
     */
    record Recorded(Phase phase, String who, Approval approval, boolean old, boolean expired) {
        static final Recorded ABSENT = of(Phase.ABSENT, "");

        static Recorded of(Phase phase, String who) {
            return new Recorded(phase, who, new Approval.None(), false, false);
        }

        Recorded with(Approval other) {
            return new Recorded(phase, who, other, false, false);
        }

        Recorded older(boolean limitPassed) {
            return new Recorded(
                    phase,
                    who,
                    approval,
                    phase == Phase.INTENDED,
                    expired || (limitPassed && approval instanceof Approval.Given));
        }

        /** But for its age. */
        boolean isSameAs(Recorded other) {
            return phase == other.phase && who.equals(other.who) && approval.equals(other.approval);
        }

        boolean isOf(String set) {
            return phase == Phase.FORMED && who.equals(set);
        }

        /** As a process sees it that knows this uid as its own, or none. */
        SetRecord seenBy(String uid) {
            return switch (phase) {
                case ABSENT -> new SetRecord.Absent();
                case INTENDED ->
                    new SetRecord.Intended(who, who.equals(uid), old ? Duration.ofSeconds(15) : Duration.ZERO);
                case FORMED -> new SetRecord.Formed(who, approval);
            };
        }
    }

    /** The primary's EndpointSlice; no uid where it leads to nobody. */
    record Slice(String set, long term, String uid) {}

    enum Role {
        EMPTY,
        CLONING,
        SECONDARY,
        PRIMARY
    }

    /**
     * One {@code mongod}.
     *
     * @param term of the newest election that it knows
     * @param cut whether it and the other servers cannot reach each other
     */
    record Server(Config config, int term, Role role, boolean cut) {
        static final Server EMPTY = new Server(Config.NONE, 0, Role.EMPTY, false);

        boolean isEmpty() {
            return role == Role.EMPTY;
        }

        boolean hasData() {
            return role == Role.PRIMARY || role == Role.SECONDARY;
        }

        Server as(Role other) {
            return new Server(config, term, other, cut);
        }

        Server cut(boolean whether) {
            return new Server(config, term, role, whether);
        }
    }

    /**
     * One sidecar's process.
     *
     * @param knowsItself whether it has seen that the API server's pod of its name is its own
     * @param watched what its watch has told it of the record
     * @param aside the step that did not work out lately, and gives way
     * @param step what it is doing
     * @param telling what its announcement is doing
     * @param refused since when the primary's Service was refused to it
     */
    record Sidecar(
            boolean knowsItself,
            Recorded watched,
            int watchedReplicas,
            Optional<Step> aside,
            Optional<Run> step,
            Optional<Run> telling,
            Optional<Refused> refused) {
        static Sidecar started(boolean knowsItself, Recorded record, int replicas) {
            return new Sidecar(
                    knowsItself,
                    record,
                    replicas,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        Sidecar hears(Recorded record, int replicas) {
            return new Sidecar(knowsItself, record, replicas, aside, step, telling, refused);
        }

        Sidecar does(Optional<Run> what, Optional<Step> givesWay) {
            return new Sidecar(knowsItself, watched, watchedReplicas, givesWay, what, telling, refused);
        }

        Sidecar tells(Optional<Run> what, Optional<Refused> since) {
            return new Sidecar(knowsItself, watched, watchedReplicas, aside, step, what, since);
        }
    }

    /**
     * What follows from one look: a step or an announcement, between two of its requests.
     *
     * @param aside the step that gave way when it was decided
     * @param passed whether fifteen seconds have passed since the look
     * @param expiredSince whether the time limit of an approval has passed since the look
     * @param answers to the requests that it has made
     */
    record Run(Seen seen, Optional<Step> aside, boolean passed, boolean expiredSince, List<Object> answers) {
        Run {
            answers = List.copyOf(answers);
        }

        static Run after(Seen look, Optional<Step> aside) {
            return new Run(look, aside, false, false, List.of());
        }

        Look look() {
            return seen.look();
        }

        /** The step that it makes; empty for an announcement of a look that decided on none. */
        Optional<Step> step() {
            return seen.judged(aside).decision() instanceof Decision.Act act
                    ? Optional.of(act.step())
                    : Optional.empty();
        }

        Run answered(List<Object> more) {
            return new Run(seen, aside, passed, expiredSince, more);
        }

        Run older(boolean expired) {
            return new Run(seen, aside, true, expiredSince || expired, answers);
        }
    }

    /**
     * The primary's Service was left to a newer election.
     *
     * @param seen on which the announcement was made of which that is known
     * @param passed whether fifteen seconds have passed since
     */
    record Refused(Seen seen, boolean passed) {
        Refused older() {
            return new Refused(seen, true);
        }
    }

    /** An answer of the API server with an object's version, which is the current one or never comes back. */
    record Read(Object what, boolean current) {}
}
