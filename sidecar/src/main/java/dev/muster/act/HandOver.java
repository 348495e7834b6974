package dev.muster.act;

import dev.muster.dns.Names;
import dev.muster.model.HostAddress;
import dev.muster.model.Naming;
import dev.muster.model.Snapshot;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.PeerConnector;
import dev.muster.plan.Outcome;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Hands over to another member: asks it to step up, again while it is refused as stale, and steps down only when that
 * did not help. Never freezes other members and never changes priorities: both leave the set without a primary for ten
 * seconds or more.
 */
public final class HandOver {
    /** The server's "staler than mine". Under writes the step-up takes one to three tries. */
    private static final int NOT_FRESH_ENOUGH = 125;

    private static final int TRIES = 20;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

    private final Mongod local;
    private final Names names;
    private final PeerConnector connector;
    private final Sleeper sleeper;

    public HandOver(Mongod local, Names names, PeerConnector connector, Sleeper sleeper) {
        this.local = local;
        this.names = names;
        this.connector = connector;
        this.sleeper = sleeper;
    }

    public Outcome to(Snapshot snapshot, HostAddress target) {
        Outcome asked = stepUp(snapshot, target);
        if (asked instanceof Outcome.Done) {
            return asked;
        }
        Outcome left = local.stepDown();
        return left instanceof Outcome.Done
                ? new Outcome.Done("by stepping down, as the successor did not step up: " + asked.words())
                : left;
    }

    private Outcome stepUp(Snapshot snapshot, HostAddress target) {
        // A name of its own may be known to the members alone, as from /etc/hosts.
        Naming naming = snapshot.self().naming();
        OptionalInt ordinal = snapshot.ordinalOf(target);
        String host = ordinal.isPresent() ? naming.address(ordinal.getAsInt()).host() : target.host();
        Names.Answer answer = names.lookUp(naming.serviceName(), Set.of(host)).get(host);
        if (!(answer instanceof Names.Addresses addresses)) {
            return new Outcome.Failed(-1, target + " has no address in DNS");
        }
        try (Mongod mongod = connector.peer(target, addresses.addresses())) {
            Outcome outcome = mongod.stepUp();
            for (int tried = 1; tried < TRIES && isStale(outcome); tried++) {
                sleeper.sleep(BETWEEN_TRIES);
                outcome = mongod.stepUp();
            }
            return outcome;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.Failed(-1, "interrupted");
        }
    }

    private static boolean isStale(Outcome outcome) {
        return outcome instanceof Outcome.Failed failed && failed.code() == NOT_FRESH_ENOUGH;
    }
}
