package dev.muster.e2e;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is done to a set in one run, by time. */
record DeedList(List<Deed> deeds) {
    private static final String BETWEEN = ", ";

    DeedList {
        deeds = deeds.stream().sorted(Comparator.comparing(Deed::at)).toList();
    }

    /** The same seed and length always give the same list. */
    static DeedList draw(long seed, Duration length) {
        Random random = new Random(seed);
        return new DeedList(Stream.concat(
                        drawLane(DeedKind.Lane.MEMBERS, random, length).stream(),
                        drawLane(DeedKind.Lane.CONTROL, random, length).stream())
                .toList());
    }

    private static List<Deed> drawLane(DeedKind.Lane lane, Random random, Duration length) {
        List<Deed> drawn = new ArrayList<>();
        Deque<DeedKind> deck = new ArrayDeque<>();
        int replicas = Deed.ALWAYS;
        Duration at = between(random, 1_000, 15_000);
        while (at.compareTo(length) < 0) {
            if (deck.isEmpty()) {
                deck.addAll(shuffled(lane, random));
            }
            DeedKind kind = deck.pop();
            Deed deed = switch (kind) {
                case SCALE -> drawScale(at, replicas, random);
                case DIP -> drawDip(at, random);
                default -> drawOne(at, kind, random);
            };
            if (kind == DeedKind.SCALE && deed.lasting().isEmpty()) {
                replicas = deed.number().orElseThrow();
            }
            drawn.add(deed);
            at = at.plus(deed.lasting().orElse(Duration.ZERO)).plus(between(random, 1_000, 20_000));
        }
        return drawn;
    }

    /** As a deck of cards: every kind comes, also in a short run. */
    private static List<DeedKind> shuffled(DeedKind.Lane lane, Random random) {
        List<DeedKind> deck = new ArrayList<>();
        for (DeedKind kind : DeedKind.values()) {
            if (kind.lane() == lane) {
                deck.addAll(Collections.nCopies(kind.weight(), kind));
            }
        }
        Collections.shuffle(deck, random);
        return deck;
    }

    /** The primary as often as all others together: most goes wrong where it is. */
    private static Deed drawOne(Duration at, DeedKind kind, Random random) {
        boolean isOfPrimary = random.nextBoolean();
        int ordinal = random.nextInt(Deed.ALWAYS);
        return new Deed(
                at,
                kind,
                kind.target() == DeedKind.Target.NONE || isOfPrimary ? Optional.empty() : Optional.of(ordinal),
                kind.lasts()
                        ? Optional.of(between(
                                random,
                                kind.shortest().toMillis(),
                                kind.longest().toMillis()))
                        : Optional.empty());
    }

    /** Another number of members: more are taken back at once, taken back after seconds, or stay. */
    private static Deed drawScale(Duration at, int now, Random random) {
        int other = now;
        while (other == now) {
            other = random.nextInt(Deed.ALWAYS, Deed.MOST + 1);
        }
        return new Deed(at, DeedKind.SCALE, Optional.of(other), other > now ? drawMoment(random) : Optional.empty());
    }

    private static Optional<Duration> drawMoment(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Optional.of(between(random, 0, 600));
            case 1 -> Optional.of(between(random, 1_000, 20_000));
            default -> Optional.empty();
        };
    }

    /** Mostly within less than a second, when nobody has stopped yet or all stop. */
    private static Deed drawDip(Duration at, Random random) {
        return new Deed(
                at,
                DeedKind.DIP,
                Optional.of(random.nextInt(Deed.ALWAYS, Deed.MOST)),
                Optional.of(
                        random.nextInt(3) == 0
                                ? between(random, 1_000, DeedKind.DIP.longest().toMillis())
                                : between(random, 0, 600)));
    }

    /** In tenths of a second, as the notation has them. */
    private static Duration between(Random random, long shortestMillis, long longestMillis) {
        return Duration.ofMillis(random.nextLong(shortestMillis / 100, longestMillis / 100 + 1) * 100);
    }

    /**
     * Reads what {@link #toString()} has written.
     *
     * @throws IllegalArgumentException with the deed that is wrong and what is allowed
     */
    static DeedList parse(String text) {
        return new DeedList(Arrays.stream(text.split(",", -1)).map(Deed::parse).toList());
    }

    List<Deed> of(DeedKind.Lane lane) {
        return deeds.stream().filter(deed -> deed.kind().lane() == lane).toList();
    }

    @Override
    public String toString() {
        return deeds.stream().map(Deed::toString).collect(Collectors.joining(BETWEEN));
    }
}
