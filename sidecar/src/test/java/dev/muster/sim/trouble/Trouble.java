package dev.muster.sim.trouble;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Random;

/**
 * For how long there are faults. In some runs hours pass between the first half of them and the second, in which nothing
 * happens: what lies dormant, as an approval or the claim of a member that was scaled away, then meets another fault.
 *
 * @param lasting in which the faults are, without the hours between them
 * @param quiet between the two halves; zero where there is none
 */
public record Trouble(Duration lasting, Duration quiet) {
    private static final Duration SHORTEST = Duration.ofSeconds(3);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** A quiet hour costs as much as many ordinary runs. */
    private static final int QUIET_IN_ONE_OF = 400;

    private static final int LEAST_MINUTES = 20;
    private static final int MOST_MINUTES = 6 * 60;

    public Trouble {
        requireNonNull(lasting, "lasting is null");
        requireNonNull(quiet, "quiet is null");
    }

    /** Without hours in which nothing happens. */
    public static Trouble draw(Random random) {
        return new Trouble(SHORTEST.plusMillis(random.nextLong(LONGEST.toMillis())), Duration.ZERO);
    }

    /** With some, now and then. */
    public Trouble perhapsQuiet(Random random) {
        return random.nextInt(QUIET_IN_ONE_OF) == 0
                ? new Trouble(lasting, Duration.ofMinutes(LEAST_MINUTES + random.nextInt(MOST_MINUTES - LEAST_MINUTES)))
                : this;
    }

    /** Until the quiet hours. */
    public Duration firstHalf() {
        return lasting.dividedBy(2);
    }

    /** When that fault happens. */
    public Duration at(Fault fault) {
        return fault.at().compareTo(firstHalf()) < 0 ? fault.at() : fault.at().plus(quiet);
    }
}
