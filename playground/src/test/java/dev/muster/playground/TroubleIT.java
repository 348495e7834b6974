package dev.muster.playground;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.judge.clients.Acknowledgements;
import dev.muster.judge.clients.DriverClients;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A real set in trouble: mongods and sidecars are killed, stopped and frozen, volumes are lost and networks are cut, as a
 * seed draws it, while clients write and read. What they see is judged as in the simulation. Clocks are not set wrong, as
 * the processes of a machine have one clock.
 */
class TroubleIT {
    /** To form, and to be whole again once all is undone. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void aSetInTroubleKeepsItsWordAndIsWholeAgainInTheEnd() throws InterruptedException {
        TroubleSettings settings = withoutImpossibleCuts(TroubleSettings.read(System.getProperties()));
        System.out.println("seed %d: %d members, %d s of trouble, deeds:"
                .formatted(
                        settings.seed(),
                        settings.plan().members(),
                        settings.length().toSeconds()));
        System.out.println(settings.plan());
        play(settings);
    }

    /** A user that may cut networks has to: otherwise the cuts would be left out in silence where iptables is missing. */
    private static TroubleSettings withoutImpossibleCuts(TroubleSettings settings) {
        if (!settings.plan().hasCuts()) {
            return settings;
        }
        Optional<String> obstacle = LocalSet.cutObstacle();
        if (Shell.isRoot() || !settings.drawn()) {
            assertThat(obstacle).as("the deed cut needs root and iptables").isEmpty();
            return settings;
        }
        System.out.println("freeze-mongod takes the place of cut: " + obstacle.orElse("this user is not root"));
        return settings.withPlan(settings.plan().withoutCuts());
    }

    private static void play(TroubleSettings settings) throws InterruptedException {
        try (LocalSet set =
                LocalSet.builder().members(settings.plan().members()).build()) {
            set.start();
            set.awaitFormed(PATIENCE);
            awaitWhole(set);
            Diary diary = new Diary();
            try (DriverClients clients =
                    new DriverClients(addresses(set), "judged", settings.seed(), set.names()::resolve)) {
                try {
                    trouble(set, settings, diary, clients);
                } catch (AssertionError | RuntimeException e) {
                    Path kept = TroubleEvidence.keep(set, settings, diary, clients.history(), e.toString());
                    throw new AssertionError(
                            "seed %d: %s%nreplay: %s%nwhat was seen is in %s"
                                    .formatted(settings.seed(), e.getMessage(), settings.replay(), kept),
                            e);
                }
            }
        }
    }

    private static void trouble(LocalSet set, TroubleSettings settings, Diary diary, DriverClients clients)
            throws InterruptedException {
        try (Troublemaker troublemaker = new Troublemaker(set, clients.acknowledgements(), diary)) {
            troublemaker.run(settings.plan().deeds(), settings.length());
        }
        awaitWhole(set);
        diary.write("the set is whole again");
        Acknowledgements acknowledgements = clients.acknowledgements();
        Duration longestGap = acknowledgements.longestGap();
        String gap = "the longest time without an acknowledged write was %.1f s, until %.1f s"
                .formatted(
                        longestGap.toMillis() / 1000.0,
                        acknowledgements.longestGapEnded().toMillis() / 1000.0);
        clients.stop();
        clients.readAll();
        diary.write("%d writes were acknowledged; %s", acknowledgements.count(), gap);

        assertThat(clients.history().anomalies()).as("what clients saw").isEmpty();
        assertThat(acknowledgements.count()).as("acknowledged writes").isPositive();
        assertThat(longestGap).as(gap).isLessThanOrEqualTo(Troublemaker.LONGEST_GAP);
        assertThat(set.crashWatch().unexpected()).as("crashes").isEmpty();
    }

    /**
     * Two applications with the driver's view of the set, and one for each of two members, which may ask a member that
     * still takes itself for the primary.
     */
    private static List<String> addresses(LocalSet set) {
        String members = set.members().stream().map(LocalMember::host).collect(Collectors.joining(","));
        String everything = "mongodb://%s/?replicaSet=%s".formatted(members, LocalSet.SET_NAME);
        List<String> addresses = new ArrayList<>(List.of(everything, everything));
        for (LocalMember member : set.members().subList(0, 2)) {
            addresses.add("mongodb://%s/?directConnection=true".formatted(member.host()));
        }
        return addresses;
    }

    private static void awaitWhole(LocalSet set) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Optional<String> missing = missing(set); missing.isPresent(); missing = missing(set)) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(
                        "the set is not whole again after " + PATIENCE.toSeconds() + " s: " + missing.get());
            }
            Thread.sleep(Duration.ofMillis(200));
        }
    }

    /** What is missing until every member is in service with its vote, as its mongod and its sidecar say. */
    private static Optional<String> missing(LocalSet set) {
        SetState state = new SetObserver(set, false).observe();
        Optional<String> missing = state.missing();
        if (missing.isPresent()) {
            return missing;
        }
        for (LocalMember member : set.members()) {
            boolean isPrimary = state.primary().filter(member.name()::equals).isPresent();
            try {
                String reason = SidecarStatus.reason(member);
                int ready = SidecarStatus.get(member, "/readyz").code();
                if (!reason.equals(isPrimary ? "SETTLED" : "FOLLOWING") || ready != 200) {
                    return Optional.of("the sidecar of %s says %s, and %d to the readiness probe"
                            .formatted(member.name(), reason, ready));
                }
            } catch (UncheckedIOException e) {
                return Optional.of("the sidecar of " + member.name() + " does not answer: " + e.getMessage());
            }
        }
        return Optional.empty();
    }
}
