package dev.muster.contract.fuzz;

import dev.muster.contract.Fleet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonValue;

/**
 * A real and a simulated set that get the same operations. Their answers have to be the same, and so have the
 * configurations that they make of them. Random operations come in rows: a row begins with a {@link Base} and goes on
 * for as long as both sets come to rest after what they accepted.
 */
public final class SideBySide implements AutoCloseable {
    /** How long the configurations may differ: the server gives new voters their votes by itself. */
    private static final Duration UNTIL_ALIKE = Duration.ofSeconds(5);
    /** How long a row waits for a set to come to rest before it begins another one. */
    private static final Duration UNTIL_SETTLED = Duration.ofSeconds(2);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    /** Of the operations in a row; those that are refused do not count. */
    private static final int LONGEST_ROW = 4;

    /** By force a version leaps by up to 100,000: so it is clear which is lower. */
    private static final int LEAST_VERSION = 200_000;

    private static final int ENOUGH_DISAGREEMENTS = 20;

    private final Subject real;
    private final Subject simulated;
    private final Consumer<String> log;

    /**
     * Two fleets of which nothing runs; they are closed by whoever opened them.
     *
     * @param log told how it goes
     */
    public SideBySide(Fleet real, Fleet simulated, Consumer<String> log) {
        this.real = new Subject("the real one", real);
        this.simulated = new Subject("the simulated one", simulated);
        this.log = log;
    }

    /** How an operation went on both sides. */
    private record Outcome(Fleet.Answer real, Fleet.Answer simulated, String difference) {
        boolean isAlike() {
            return real.code() == simulated.code() && difference.isEmpty();
        }

        boolean isDone() {
            return real.isDone();
        }

        /** Whether it is the same disagreement. */
        boolean isLike(Outcome other) {
            return !isAlike() && real.code() == other.real.code() && simulated.code() == other.simulated.code();
        }
    }

    private void bring(Base base) {
        real.bring(base);
        simulated.bring(base);
        if (base != Base.EMPTY) {
            int version = Math.max(LEAST_VERSION, Math.max(real.newestVersion(), simulated.newestVersion())) + 1;
            real.level(base, version);
            simulated.level(base, version);
        }
    }

    private Outcome put(Operation operation) {
        BsonDocument realBefore = real.config(operation.member());
        BsonDocument simulatedBefore = simulated.config(operation.member());
        Fleet.Answer realAnswer = real.put(operation);
        Fleet.Answer simulatedAnswer = simulated.put(operation);
        boolean areDone = realAnswer.isDone() && simulatedAnswer.isDone();
        return new Outcome(
                realAnswer,
                simulatedAnswer,
                areDone ? difference(operation.member(), realBefore, simulatedBefore) : "");
    }

    /** Empty where the configurations are alike, or soon are. */
    private String difference(int member, BsonDocument realBefore, BsonDocument simulatedBefore) {
        Duration waited = Duration.ZERO;
        while (true) {
            BsonDocument one = real.comparable(member, realBefore);
            BsonDocument other = simulated.comparable(member, simulatedBefore);
            if (one.equals(other)) {
                return "";
            }
            if (waited.compareTo(UNTIL_ALIKE) > 0) {
                return "; configurations: " + differences("", one, other);
            }
            waited = waited.plus(BETWEEN_LOOKS);
            real.pass(BETWEEN_LOOKS);
            simulated.pass(BETWEEN_LOOKS);
        }
    }

    private static String differences(String at, BsonValue one, BsonValue other) {
        if (one.equals(other)) {
            return "";
        }
        if (one.isDocument() && other.isDocument()) {
            Set<String> fields = new TreeSet<>(one.asDocument().keySet());
            fields.addAll(other.asDocument().keySet());
            return fields.stream()
                    .map(field -> differences(
                            at + "." + field,
                            one.asDocument().getOrDefault(field, BsonNull.VALUE),
                            other.asDocument().getOrDefault(field, BsonNull.VALUE)))
                    .collect(Collectors.joining());
        }
        if (one.isArray()
                && other.isArray()
                && one.asArray().size() == other.asArray().size()) {
            return IntStream.range(0, one.asArray().size())
                    .mapToObj(index -> differences(
                            at + "." + index,
                            one.asArray().get(index),
                            other.asArray().get(index)))
                    .collect(Collectors.joining());
        }
        return "%n  %s: %s and %s".formatted(at, one, other);
    }

    /**
     * Puts random operations to both.
     *
     * @return each disagreement, made as small as it gets, as a text with all that is needed to see it again
     */
    public List<String> fuzz(long seed, int operations) {
        List<String> disagreements = new ArrayList<>();
        Random seeds = new Random(seed);
        for (Base.Stage stage : Base.Stage.values()) {
            // One of its own: what happens in one stage changes nothing of what the next one draws.
            Random random = new Random(seeds.nextLong());
            fuzz(stage, random, operations * share(stage) / 100, disagreements);
        }
        return disagreements;
    }

    private static int share(Base.Stage stage) {
        return switch (stage) {
            case EMPTY -> 15;
            case DATA -> 55;
            case USERS -> 5;
            case ARBITER -> 15;
            case ARBITER_AND_DEFAULT -> 10;
        };
    }

    private void fuzz(Base.Stage stage, Random random, int operations, List<String> disagreements) {
        Drawing drawing = new Drawing(random);
        Base base = stage.bases().getFirst();
        List<Operation> row = new ArrayList<>();
        boolean begins = true;
        int accepted = 0;
        try {
            for (int count = 0; count < operations && disagreements.size() < ENOUGH_DISAGREEMENTS; count++) {
                // A set that is initiated is not initiated again.
                begins |= base == Base.EMPTY && !row.isEmpty() && random.nextBoolean();
                if (begins) {
                    Base next = stage.bases().get(random.nextInt(stage.bases().size()));
                    bring(next);
                    base = next;
                    row.clear();
                }
                row.add(drawing.draw(base, simulated.config(0)));
                Outcome outcome = put(row.getLast());
                if (!outcome.isAlike()) {
                    disagreement(base, row, outcome).ifPresent(disagreements::add);
                    begins = true;
                } else if (outcome.isDone()) {
                    accepted++;
                    begins = base != Base.USERS && (row.size() >= LONGEST_ROW || !settle());
                } else {
                    row.removeLast();
                    begins = false;
                }
            }
        } catch (RuntimeException e) {
            // Such as a server that has ended.
            throw new AssertionError("%s, %s: %s".formatted(base, row, e), e);
        }
        log.accept("%s: %d operations, %d accepted".formatted(stage, operations, accepted));
    }

    /** What it comes down to; empty where it does not come again. */
    private Optional<String> disagreement(Base base, List<Operation> row, Outcome found) {
        log.accept("%s, %s: %s".formatted(base, row, told(found)));
        Outcome again = replayed(base, row);
        if (!again.isLike(found)) {
            log.accept("it does not come again: " + told(again));
            return Optional.empty();
        }
        List<Operation> least =
                Reduction.of(row, shorter -> replayed(base, shorter).isLike(found));
        Outcome outcome = replayed(base, least);
        String told = "%s%n%s%n%s%n%s%s%n%s%s"
                .formatted(
                        new Corpus.Entry(base, steps(base, least)),
                        told(outcome),
                        "afterwards",
                        real.name(),
                        real.told(),
                        simulated.name(),
                        simulated.told());
        log.accept(told);
        return Optional.of(told);
    }

    private String told(Outcome outcome) {
        return "%s %d %s; %s %d %s%s"
                .formatted(
                        real.name(),
                        outcome.real().code(),
                        outcome.real().message(),
                        simulated.name(),
                        outcome.simulated().code(),
                        outcome.simulated().message(),
                        outcome.difference());
    }

    /** How the last of these goes. */
    private Outcome replayed(Base base, List<Operation> row) {
        bring(base);
        for (Operation operation : row.subList(0, row.size() - 1)) {
            put(operation);
            settle();
        }
        return put(row.getLast());
    }

    /** Whether both come to rest, so that the next operation meets the same on both. */
    private boolean settle() {
        return real.settles(UNTIL_SETTLED) && simulated.settles(UNTIL_SETTLED);
    }

    private List<Corpus.Step> steps(Base base, List<Operation> row) {
        bring(base);
        List<Corpus.Step> steps = new ArrayList<>();
        for (Operation operation : row) {
            steps.add(new Corpus.Step(operation, put(operation).real().code()));
            settle();
        }
        return steps;
    }

    /**
     * Puts to both what they once disagreed about.
     *
     * @return where one of them now answers otherwise than the {@link Corpus} says, or their configurations differ
     */
    public List<String> replay() {
        return Corpus.entries().flatMap(entry -> replay(entry).stream()).toList();
    }

    private Optional<String> replay(Corpus.Entry entry) {
        bring(entry.base());
        for (Corpus.Step step : entry.steps()) {
            Outcome outcome = put(step.operation());
            if (!outcome.isAlike() || outcome.real().code() != step.code()) {
                return Optional.of("%s%n%s: %s".formatted(entry.base(), step, told(outcome)));
            }
            if (outcome.isDone()) {
                settle();
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        real.close();
        simulated.close();
    }
}
