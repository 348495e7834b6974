package dev.muster.playground;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is done to a real set: drawn by a seed, or given.
 *
 * @param members how many the set has
 * @param deeds in the order of their times
 */
record TroublePlan(int members, List<Deed> deeds) {
    private static final int FEWEST_MEMBERS = 3;
    private static final int MOST_MEMBERS = 5;

    /** The clients have written something before. */
    private static final Duration FIRST = Duration.ofSeconds(4);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(6);

    /** What an election takes after the primary is gone: its timeout is 10 s. */
    private static final Duration ELECTION = Duration.ofSeconds(13);

    /** What a mongod needs to end by SIGTERM. */
    private static final Duration QUIESCE = Duration.ofSeconds(15);

    /** What a member needs to be in service again, also by a clone of little data. */
    private static final Duration RETURN = Duration.ofSeconds(4);

    /** The part of all deeds that is for the primary, whichever member that is: its loss changes most. */
    private static final double TO_PRIMARY = 0.45;

    TroublePlan {
        deeds = List.copyOf(deeds);
    }

    /** How many members a seed's set has. */
    static int members(long seed) {
        return drawMembers(random(seed));
    }

    private static int drawMembers(RandomGenerator random) {
        return random.nextInt(FEWEST_MEMBERS, MOST_MEMBERS + 1);
    }

    private static RandomGenerator random(long seed) {
        // Not java.util.Random, whose first draws are alike for seeds that are close together.
        return new SplittableRandom(seed);
    }

    /**
     * Draws deeds for that long. As planned, a majority is always untouched; a real set may take longer than planned to
     * recover, so {@link Troublemaker} looks again before each.
     */
    static TroublePlan draw(long seed, Duration length) {
        RandomGenerator random = random(seed);
        int members = drawMembers(random);
        // One for each member that may be away at the same time: when the next may go.
        Duration[] free = new Duration[minority(members)];
        Arrays.fill(free, Duration.ZERO);
        List<Deed> deeds = new ArrayList<>();
        Duration at = FIRST;
        while (at.compareTo(length) < 0) {
            Deed.Kind kind = Deed.Kind.draw(random);
            Optional<Integer> ordinal = kind == Deed.Kind.STEP_DOWN || random.nextDouble() < TO_PRIMARY
                    ? Optional.empty()
                    : Optional.of(random.nextInt(members));
            Duration lasting = kind.drawLasting(random);
            if (kind.takesMember()) {
                Arrays.sort(free);
                at = latest(at, kind == Deed.Kind.LOSE_VOLUME ? free[free.length - 1] : free[0]);
            }
            Deed deed = new Deed(at, kind, ordinal, lasting);
            if (deed.end().compareTo(length) <= 0) {
                deeds.add(deed);
                Duration recovered = latest(at.plus(ELECTION), deed.end().plus(RETURN));
                switch (kind) {
                    case KILL_MONGOD, FREEZE_MONGOD, STEP_DOWN, CUT -> free[0] = recovered;
                    case STOP_MONGOD -> free[0] = deed.end().plus(QUIESCE).plus(RETURN);
                    // While a member has no data, no other is taken away.
                    case LOSE_VOLUME -> Arrays.fill(free, recovered);
                    case KILL_SIDECAR, FREEZE_SIDECAR -> {}
                }
            }
            at = at.plusMillis(100L * random.nextInt(5, (int) LONGEST_PAUSE.toMillis() / 100));
        }
        return new TroublePlan(members, deeds);
    }

    /**
     * Reads deeds as {@link #toString} writes them.
     *
     * @throws IllegalArgumentException with what is wrong and what is allowed
     */
    static TroublePlan parse(String text, int members) {
        return new TroublePlan(
                members,
                Stream.of(text.split(",", -1))
                        .map(String::strip)
                        .filter(word -> !word.isEmpty())
                        .map(word -> Deed.parse(word, members))
                        .sorted(Comparator.comparing(Deed::at))
                        .toList());
    }

    /**
     * Whether a majority of so many members is left alone and has the data, when one more is taken away.
     *
     * @param away members that are not in service
     * @param emptied those of them that lost their data
     */
    static boolean leavesMajority(Deed.Kind kind, Set<Integer> away, Set<Integer> emptied, int members) {
        // Stricter for lost data than a majority needs: an empty member may vote for one that lags.
        return kind == Deed.Kind.LOSE_VOLUME ? away.isEmpty() : emptied.isEmpty() && away.size() < minority(members);
    }

    /** How many of so many members may be away while a majority of them goes on. */
    private static int minority(int members) {
        return (members - 1) / 2;
    }

    /** The same for a machine on which no network can be cut: the member stands still instead. */
    TroublePlan withoutCuts() {
        return new TroublePlan(
                members,
                deeds.stream()
                        .map(deed -> deed.kind() == Deed.Kind.CUT
                                ? new Deed(deed.at(), Deed.Kind.FREEZE_MONGOD, deed.ordinal(), deed.lasting())
                                : deed)
                        .toList());
    }

    boolean hasCuts() {
        return deeds.stream().anyMatch(deed -> deed.kind() == Deed.Kind.CUT);
    }

    /** When the last deed is over, if all are done in time. */
    Duration end() {
        return deeds.stream().map(Deed::end).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
    }

    private static Duration latest(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return deeds.stream().map(Deed::toString).collect(Collectors.joining(","));
    }
}
