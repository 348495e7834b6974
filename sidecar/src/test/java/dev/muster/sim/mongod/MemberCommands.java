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
final class MemberCommands {
    private final MongodProcess process;
    private final Membership membership;

    MemberCommands(MongodProcess process, Membership membership) {
        this.process = process;
        this.membership = membership;
    }

    /** {@code replSetStepUp}. */
    void stepUp(Consumer<CommandReply> answered) {
        if (membership.config() == null) {
            answered.accept(new CommandReply(CommandReply.NOT_YET_INITIALIZED, "no replset config has been received"));
        } else if (membership.state() == MemberState.PRIMARY) {
            answered.accept(CommandReply.DONE);
        } else {
            membership
                    .election()
                    .stand(
                            true,
                            won -> answered.accept(
                                    won
                                            ? CommandReply.DONE
                                            : new CommandReply(CommandReply.COMMAND_FAILED, "Election failed.")));
        }
    }

    /** {@code replSetStepDown}: waits for somebody who can follow, then hands over. */
    void stepDown(Duration unelectable, Duration patience, Consumer<CommandReply> answered) {
        Office office = membership.office();
        if (office == null) {
            answered.accept(new CommandReply(CommandReply.NOT_WRITABLE_PRIMARY, "not primary so can't step down"));
            return;
        }
        Optional<PeerView> successor = office.successor();
        if (successor.isPresent()) {
            membership.stepDown();
            membership.election().unelectableFor(unelectable);
            membership.handOverTo(successor.get());
            answered.accept(CommandReply.DONE);
        } else if (patience.isPositive()) {
            Duration again = Duration.ofMillis(100);
            process.after(again, () -> stepDown(unelectable, patience.minus(again), answered));
        } else {
            answered.accept(new CommandReply(
                    CommandReply.EXCEEDED_TIME_LIMIT,
                    "No electable secondaries caught up. Please use the replSetStepDown command"));
        }
    }

    /** {@code replSetSyncFrom}. */
    CommandReply syncFrom(HostAddress source) {
        if (membership.config() == null) {
            return new CommandReply(CommandReply.NOT_YET_INITIALIZED, "no replset config has been received");
        }
        if (membership.heartbeats().peer(source).isEmpty()) {
            return new CommandReply(
                    CommandReply.NODE_NOT_FOUND, "Could not find member \"%s\" in replica set".formatted(source));
        }
        return membership.cloning().redirect(source)
                ? CommandReply.DONE
                : new CommandReply(CommandReply.COMMAND_FAILED, "there is nothing to redirect");
    }

    /** {@code createUser} or {@code updateUser} of the root user, which waits for a majority. */
    void writeUser(Credentials root, boolean create, Consumer<CommandReply> answered) {
        boolean exists = process.volume().oplog().user(root.user()).isPresent();
        if (!process.isWritablePrimary()) {
            answered.accept(new CommandReply(CommandReply.NOT_WRITABLE_PRIMARY, "not primary"));
        } else if (root.password().isEmpty()) {
            answered.accept(new CommandReply(CommandReply.EMPTY_PASSWORD, "Error preflighting UTF-8 conversion"));
        } else if (create && root.user().isEmpty()) {
            answered.accept(
                    new CommandReply(CommandReply.BAD_VALUE, "User document needs 'user' field to be non-empty"));
        } else if (create && exists) {
            answered.accept(new CommandReply(CommandReply.USER_EXISTS, "User already exists"));
        } else if (!create && !exists) {
            answered.accept(new CommandReply(11, "User not found"));
        } else {
            process.write(
                    OplogEntry.NOTHING,
                    Optional.of(root),
                    done -> answered.accept(
                            done ? CommandReply.DONE : new CommandReply(11602, "interrupted by a change of state")));
        }
    }
}
