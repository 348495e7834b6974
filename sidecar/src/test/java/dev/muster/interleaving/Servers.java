package dev.muster.interleaving;

import dev.muster.interleaving.State.Role;
import dev.muster.interleaving.State.Server;
import java.util.function.Predicate;

/**
 * What the servers of a {@link World} do among themselves: heartbeats, elections, clones, and the checks of a new
 * configuration. Data is left out: who has cloned has it all.
 */
final class Servers {
    private final World world;

    Servers(World world) {
        this.world = world;
    }

    private static boolean isOf(Server server, Config config) {
        return server.config().set().equals(config.set());
    }

    /** Whether a majority of the voters can be reached and is like that. */
    private boolean hasMajority(Pod from, Config config, Predicate<Server> which) {
        long voters = config.members().stream()
                .filter(Config.Member::vote)
                .flatMap(member -> world.reach(from, member.ordinal()).stream())
                .filter(pod -> which.test(world.server(pod)))
                .count();
        return 2 * voters > config.voters();
    }

    boolean isCommitted(Pod pod) {
        Config config = world.server(pod).config();
        return hasMajority(pod, config, server -> server.config().equals(config));
    }

    /** What the server asks before it takes a new configuration. */
    boolean hasQuorum(Pod pod, Config config) {
        return hasMajority(pod, config, server -> server.isEmpty() || isOf(server, config));
    }

    /** A member that no longer has a vote is no primary. */
    void install(Pod pod, Config config) {
        Server before = world.server(pod);
        Role role = before.isEmpty()
                ? Role.CLONING
                : before.role() == Role.PRIMARY && !config.isVoter(pod.number()) ? Role.SECONDARY : before.role();
        world.put(pod, new Server(config, before.term(), role, before.cut()));
    }

    /** Nobody votes for a candidate with an older configuration, or twice in a term. */
    boolean elect(Pod pod) {
        Server candidate = world.server(pod);
        Config config = candidate.config();
        int term = candidate.term() + 1;
        Predicate<Server> votes = voter -> isOf(voter, config)
                && voter.role() != Role.CLONING
                && voter.term() < term
                && !voter.config().isNewerThan(config);
        if (candidate.role() != Role.SECONDARY || !config.isVoter(pod.number()) || !hasMajority(pod, config, votes)) {
            return false;
        }
        for (Config.Member member : config.members()) {
            world.reach(pod, member.ordinal())
                    .filter(voter -> isOf(world.server(voter), config))
                    .ifPresent(voter -> learnTerm(voter, term));
        }
        world.put(pod, new Server(config.elected(term), term, Role.PRIMARY, candidate.cut()));
        return true;
    }

    private void learnTerm(Pod pod, int term) {
        Server server = world.server(pod);
        if (server.term() < term) {
            Role role = server.role() == Role.PRIMARY ? Role.SECONDARY : server.role();
            world.put(pod, new Server(server.config(), term, role, server.cut()));
        }
    }

    /**
     * One learns from another, by a heartbeat or by the answer to one: the term, and a configuration that is newer or its
     * first. One of the two has to know of the other.
     */
    boolean tell(Pod from, int ordinal) {
        Config config = world.server(from).config();
        Pod to = world.reach(from, ordinal).orElse(from);
        Server before = world.server(to);
        boolean hears = before.isEmpty()
                ? config.names(ordinal)
                : isOf(before, config)
                        && (config.names(ordinal) || before.config().names(from.number()));
        if (to == from || !hears) {
            return false;
        }
        if (before.isEmpty() || config.isNewerThan(before.config())) {
            install(to, config);
        }
        learnTerm(to, world.server(from).term());
        return !world.server(to).equals(before);
    }

    boolean finishClone(Pod pod) {
        Server clone = world.server(pod);
        boolean possible = clone.role() == Role.CLONING
                && clone.config().members().stream()
                        .filter(member -> member.ordinal() != pod.number())
                        .flatMap(member -> world.reach(pod, member.ordinal()).stream())
                        .map(world::server)
                        .anyMatch(source -> isOf(source, clone.config()) && source.hasData());
        if (possible) {
            world.put(pod, clone.as(Role.SECONDARY));
        }
        return possible;
    }

    /** A primary steps down that a majority has not followed for ten seconds. */
    void stepDownAlone(Pod pod) {
        Server server = world.server(pod);
        if (server.role() == Role.PRIMARY
                && !hasMajority(
                        pod, server.config(), voter -> isOf(voter, server.config()) && voter.term() <= server.term())) {
            world.put(pod, server.as(Role.SECONDARY));
        }
    }
}
