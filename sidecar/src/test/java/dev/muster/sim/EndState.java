package dev.muster.sim;

import dev.muster.model.ConfigMember;
import dev.muster.model.SetConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the configuration must be in the end, from the StatefulSet and from what operators changed by hand alone: every
 * member has one vote and priority 1 and is not hidden, unless an operator said otherwise.
 */
final class EndState {
    /** A change that an election follows within this time may not have reached a majority. */
    private static final Duration UNCERTAIN = Duration.ofSeconds(15);

    private record Wish(
            Duration since,
            boolean certain,
            Optional<Integer> votes,
            Optional<Double> priority,
            Optional<Boolean> hidden) {
        private static final Wish NONE =
                new Wish(Duration.ZERO, true, Optional.empty(), Optional.empty(), Optional.empty());

        private Wish uncertain() {
            return new Wish(since, false, votes, priority, hidden);
        }
    }

    private final SimulatedWorld world;
    private final Intent intent;
    private final Map<Integer, Wish> wishes = new TreeMap<>();
    private long lastByHand;
    private String setOfWishes = "";

    EndState(SimulatedWorld world, Intent intent) {
        this.world = world;
        this.intent = intent;
    }

    /** An operator's reconfiguration took effect at the primary. */
    void changedByHand(SetConfig before, SetConfig after) {
        lastByHand = after.version();
        if (!setOfWishes.equals(after.replicaSetId())) {
            setOfWishes = after.replicaSetId();
            wishes.clear();
        }
        for (ConfigMember member : after.members()) {
            before.members().stream()
                    .filter(was -> was.id() == member.id())
                    .findFirst()
                    .ifPresent(was -> SimulatedWorld.ordinalOf(member.host())
                            .ifPresent(ordinal -> wishes.merge(ordinal, difference(was, member), EndState::later)));
        }
        wishes.values().removeIf(Wish.NONE::equals);
    }

    private Wish difference(ConfigMember was, ConfigMember is) {
        Wish wish = new Wish(
                world.scheduler().elapsed(),
                true,
                was.votes() == is.votes() ? Optional.empty() : Optional.of(is.votes()),
                was.priority() == is.priority() ? Optional.empty() : Optional.of(is.priority()),
                was.hidden() == is.hidden() ? Optional.empty() : Optional.of(is.hidden()));
        return wish.votes().isEmpty()
                        && wish.priority().isEmpty()
                        && wish.hidden().isEmpty()
                ? Wish.NONE
                : wish;
    }

    private static Wish later(Wish before, Wish now) {
        return now.equals(Wish.NONE)
                ? before
                : new Wish(
                        now.since(),
                        before.certain() && now.certain(),
                        now.votes().or(before::votes),
                        now.priority().or(before::priority),
                        now.hidden().or(before::hidden));
    }

    /** A member was elected: a change that was made just before may be gone. */
    void elected() {
        Duration since = world.scheduler().elapsed().minus(UNCERTAIN);
        wishes.replaceAll((_, wish) -> wish.since().compareTo(since) > 0 ? wish.uncertain() : wish);
    }

    /** A primary begins with this configuration: a later change by hand did not reach the members that elected it. */
    void continuesFrom(SetConfig config) {
        if (config.version() < lastByHand) {
            changesMayBeGone();
        }
    }

    /** An operator brought back an older configuration, had another set made, or changed one that does not last. */
    void changesMayBeGone() {
        wishes.replaceAll((_, wish) -> wish.uncertain());
    }

    /** Requires that the configuration is what it must be. */
    void check(SetConfig config) {
        List<String> wrong = new ArrayList<>();
        for (ConfigMember member : config.members()) {
            SimulatedWorld.ordinalOf(member.host()).ifPresent(ordinal -> {
                Wish wish =
                        config.replicaSetId().equals(setOfWishes) ? wishes.getOrDefault(ordinal, Wish.NONE) : Wish.NONE;
                // One that has left and joined again is a new member.
                boolean mayBeNew = !wish.certain() || intent.wasScaledAwaySince(ordinal, wish.since());
                boolean mayHaveNone = member.votes() == 0 && config.voters() == SetConfig.MAX_VOTERS;
                compare(wrong, member, "votes", member.votes(), wish.votes(), mayHaveNone ? 0 : 1, mayBeNew);
                // The server allows no other to a member that is hidden or has no vote.
                double priority = member.hidden() || member.votes() == 0 ? 0 : 1;
                compare(wrong, member, "priority", member.priority(), wish.priority(), priority, mayBeNew);
                compare(wrong, member, "hidden", member.hidden(), wish.hidden(), false, mayBeNew);
            });
        }
        if (!wrong.isEmpty()) {
            Violation.because(
                    "the configuration is not what it must be in the end: %s: %s",
                    String.join("; ", wrong), config.members());
        }
    }

    private static <T> void compare(
            List<String> wrong,
            ConfigMember member,
            String what,
            T present,
            Optional<T> wished,
            T otherwise,
            boolean mayBeNew) {
        boolean asWished = wished.map(present::equals).orElseGet(() -> present.equals(otherwise));
        if (!asWished && !(mayBeNew && present.equals(otherwise))) {
            wrong.add("%s of %s is %s, not %s".formatted(what, member.host(), present, wished.orElse(otherwise)));
        }
    }
}
