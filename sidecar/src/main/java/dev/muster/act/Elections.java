package dev.muster.act;

import dev.muster.dns.Names;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.Naming;
import dev.muster.model.Snapshot;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.PeerConnector;
import dev.muster.plan.Outcome;
import dev.muster.plan.Step;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Asks a member to become primary, again while it does not get the votes: under writes, one that is to take over from a
 * primary needs one to three tries. Never freezes other members and never changes priorities: both leave the set without a
 * primary for ten seconds or more.
 */
public final class Elections {
    /** The server's {@code CommandFailed}: it did not get the votes, as a voter has newer data for example. */
    private static final int NOT_ELECTED = 125;

    private static final int TRIES = 20;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

    private final Mongod local;
    private final Names names;
    private final PeerConnector connector;
    private final Sleeper sleeper;

    public Elections(Mongod local, Names names, PeerConnector connector, Sleeper sleeper) {
        this.local = local;
        this.names = names;
        this.connector = connector;
        this.sleeper = sleeper;
    }

    /** Hands over to another member: steps down only when that one did not step up. */
    public Outcome handOver(Snapshot snapshot, HostAddress target) {
        Outcome asked = with(snapshot, target, mongod -> stepUp(mongod, Optional::empty));
        if (asked instanceof Outcome.Done) {
            return asked;
        }
        Outcome left = local.stepDown();
        return left instanceof Outcome.Done
                ? new Outcome.Done("by stepping down, as the successor did not step up: " + asked.words())
                : left;
    }

    /** Calls an election in which that member stands, as the primary's {@code mongod} has ended. */
    Outcome call(Snapshot snapshot, Step.CallElection step) {
        return with(
                snapshot, step.target(), mongod -> stepUp(mongod, () -> unlessWithoutPrimary(mongod.observe(), step)));
    }

    /** The primary may be back, or another one elected. */
    private static Optional<Outcome> unlessWithoutPrimary(LocalMongod seen, Step.CallElection step) {
        boolean mayStand = seen instanceof LocalMongod.InSet set
                && set.status().myState() == MemberState.SECONDARY
                && set.status().term() == step.term()
                && set.status()
                        .primary()
                        .filter(primary -> !primary.host().equals(step.dead()))
                        .isEmpty();
        return mayStand
                ? Optional.empty()
                : Optional.of(new Outcome.Stale("an election has begun, or that member is no secondary"));
    }

    /** @param unless before each try: why it is no longer asked; empty if it is */
    private Outcome stepUp(Mongod mongod, Supplier<Optional<Outcome>> unless) {
        Outcome outcome = new Outcome.Stale("it was not asked");
        for (int tried = 0; tried < TRIES; tried++) {
            Optional<Outcome> why = unless.get();
            if (why.isPresent()) {
                return why.get();
            }
            outcome = mongod.stepUp();
            if (!(outcome instanceof Outcome.Failed failed) || failed.code() != NOT_ELECTED) {
                return outcome;
            }
            if (tried + 1 < TRIES && !sleep()) {
                return new Outcome.Failed(-1, "interrupted");
            }
        }
        return outcome;
    }

    private boolean sleep() {
        try {
            sleeper.sleep(BETWEEN_TRIES);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Outcome with(Snapshot snapshot, HostAddress target, Function<Mongod, Outcome> ask) {
        Naming naming = snapshot.self().naming();
        OptionalInt ordinal = snapshot.ordinalOf(target);
        if (ordinal.equals(OptionalInt.of(snapshot.self().ordinal()))) {
            return ask.apply(local);
        }
        // A name of its own may be known to the members alone, as from /etc/hosts.
        String host = ordinal.isPresent() ? naming.address(ordinal.getAsInt()).host() : target.host();
        Names.Answer answer = names.lookUp(naming.serviceName(), Set.of(host)).get(host);
        if (!(answer instanceof Names.Addresses addresses)) {
            return new Outcome.Failed(-1, target + " has no address in DNS");
        }
        try (Mongod mongod = connector.peer(target, addresses.addresses())) {
            return ask.apply(mongod);
        }
    }
}
