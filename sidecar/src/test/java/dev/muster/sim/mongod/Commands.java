package dev.muster.sim.mongod;

import dev.muster.model.Credentials;
import dev.muster.model.HostAddress;
import dev.muster.model.MemberState;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The commands by which a member is moved, and its root user kept. What changes its configuration is in
 * {@link Reconfiguration}.
 */
final class Commands {
    private final MongodProcess process;
    private final Membership membership;

    Commands(MongodProcess process, Membership membership) {
        this.process = process;
        this.membership = membership;
    }

    /** {@code replSetStepUp}. */
    void stepUp(Consumer<Reply> answered) {
        if (membership.config() == null) {
            answered.accept(new Reply(Reply.NOT_YET_INITIALIZED, "no replset config has been received"));
        } else if (membership.state() == MemberState.PRIMARY) {
            answered.accept(Reply.DONE);
        } else {
            membership
                    .election()
                    .stand(
                            true,
                            won -> answered.accept(
                                    won ? Reply.DONE : new Reply(Reply.COMMAND_FAILED, "Election failed.")));
        }
    }

    /** {@code replSetStepDown}: waits for somebody who can follow, then hands over. */
    void stepDown(Duration unelectable, Duration patience, Consumer<Reply> answered) {
        Office office = membership.office();
        if (office == null) {
            answered.accept(new Reply(Reply.NOT_WRITABLE_PRIMARY, "not primary so can't step down"));
            return;
        }
        Optional<PeerView> successor = office.successor();
        if (successor.isPresent()) {
            membership.stepDown();
            membership.election().unelectableFor(unelectable);
            membership.handOverTo(successor.get());
            answered.accept(Reply.DONE);
        } else if (patience.isPositive()) {
            Duration again = Duration.ofMillis(100);
            process.after(again, () -> stepDown(unelectable, patience.minus(again), answered));
        } else {
            answered.accept(new Reply(
                    Reply.EXCEEDED_TIME_LIMIT,
                    "No electable secondaries caught up. Please use the replSetStepDown command"));
        }
    }

    /** {@code replSetSyncFrom}. */
    Reply syncFrom(HostAddress source) {
        if (membership.config() == null) {
            return new Reply(Reply.NOT_YET_INITIALIZED, "no replset config has been received");
        }
        if (membership.heartbeats().peer(source).isEmpty()) {
            return new Reply(Reply.NODE_NOT_FOUND, "Could not find member \"%s\" in replica set".formatted(source));
        }
        return membership.cloning().redirect(source)
                ? Reply.DONE
                : new Reply(Reply.COMMAND_FAILED, "there is nothing to redirect");
    }

    /** {@code createUser} or {@code updateUser} of the root user, which waits for a majority. */
    void writeUser(Credentials root, boolean create, Consumer<Reply> answered) {
        boolean exists = process.volume()
                .oplog()
                .rootUser()
                .filter(user -> user.user().equals(root.user()))
                .isPresent();
        if (!process.isWritablePrimary()) {
            answered.accept(new Reply(Reply.NOT_WRITABLE_PRIMARY, "not primary"));
        } else if (create && exists) {
            answered.accept(new Reply(Reply.USER_EXISTS, "User already exists"));
        } else if (!create && !exists) {
            answered.accept(new Reply(11, "User not found"));
        } else {
            process.write(
                    OplogEntry.NOTHING,
                    Optional.of(root),
                    done -> answered.accept(done ? Reply.DONE : new Reply(11602, "interrupted by a change of state")));
        }
    }
}
