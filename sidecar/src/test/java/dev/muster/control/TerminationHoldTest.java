package dev.muster.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.kube.Kubernetes;
import dev.muster.kube.NoKubernetes;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.LocalMongod;
import dev.muster.plan.Departure;
import dev.muster.tell.CycleReport;
import dev.muster.tell.CycleReports;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the preStop hook is answered, and when, on a clock that only the hold itself moves. */
class TerminationHoldTest {
    private static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Kubernetes.OwnPod UNKNOWN = new Kubernetes.NotKnown("the API server did not answer");
    private static final Kubernetes.OwnPod LEAVING = new Kubernetes.Leaving(BEGAN.plusSeconds(300));
    private static final KubernetesFacts AWAY = new KubernetesFacts.Unavailable("the API server did not answer");

    private Instant now = BEGAN;
    private final List<Duration> requests = new ArrayList<>();

    /** The answers to the first requests for this pod; the last one is repeated. */
    private final Deque<Kubernetes.OwnPod> pod = new ArrayDeque<>();

    /** The answers to the first requests for the StatefulSet; the last one is repeated. */
    private final Deque<KubernetesFacts> statefulSet = new ArrayDeque<>();

    private Optional<CycleReport> report = Optional.empty();
    private final TerminationHold hold = new TerminationHold(kubernetes(), 1, clock(), time -> now = now.plus(time));

    private Clock clock() {
        InstantSource source = () -> now;
        return source.withZone(ZoneOffset.UTC);
    }

    private Kubernetes kubernetes() {
        return (Kubernetes) Proxy.newProxyInstance(
                Kubernetes.class.getClassLoader(),
                new Class<?>[] {Kubernetes.class},
                (_, method, _) -> switch (method.getName()) {
                    case "facts" -> asksFor(3);
                    case "ownPod" -> next(pod);
                    case "factsNow" -> next(statefulSet);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private <T> T next(Deque<T> answers) {
        requests.add(Duration.between(BEGAN, now));
        return answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
    }

    private static KubernetesFacts asksFor(int replicas) {
        return new KubernetesFacts.Known(
                replicas, 0, new TreeMap<>(Map.of(1, new KubernetesFacts.Pod(Optional.of(BEGAN.plusSeconds(300))))));
    }

    /** The last cycle saw that this pod, of ordinal 1, is being deleted. */
    private void sees(LocalMongod mongod, int replicas) {
        report = Optional.of(CycleReports.of(1, mongod, asksFor(replicas)));
    }

    private static LocalMongod secondary() {
        return CycleReports.healthySecondary().snapshot().local();
    }

    private String hold() {
        return hold.hold(() -> report, () -> {});
    }

    private Duration took() {
        return Duration.between(BEGAN, now);
    }

    @Test
    void aPodThatStaysIsNotDelayed() {
        pod.add(new Kubernetes.Staying());

        assertThat(hold()).isEqualTo("not delayed: Kubernetes is not deleting this pod");
        assertThat(took()).isZero();
        assertThat(hold.isLeaving()).isFalse();
    }

    @Test
    void withoutKubernetesNothingIsDelayed() {
        TerminationHold off = new TerminationHold(new NoKubernetes(), 1, clock(), time -> now = now.plus(time));

        assertThat(off.hold(() -> report, () -> {}))
                .isEqualTo("not delayed: it is not known whether Kubernetes is deleting this pod:"
                        + " the Kubernetes API is switched off by --kubernetes=off");
        assertThat(took()).isZero();
    }

    @Test
    void oneRequestThatFailsReleasesNothing() {
        pod.addAll(List.of(UNKNOWN, UNKNOWN, UNKNOWN, LEAVING));
        statefulSet.add(asksFor(3));
        sees(secondary(), 3);

        assertThat(hold()).isEqualTo("may stop: it is SECONDARY and comes back");
        assertThat(hold.isLeaving()).isTrue();
        assertThat(took()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void anApiServerThatDoesNotAnswerIsAskedForAsLongAsAHandOverMayLast() {
        pod.add(UNKNOWN);

        assertThat(hold())
                .isEqualTo("not delayed: it is not known whether Kubernetes is deleting this pod:"
                        + " the API server did not answer");
        assertThat(took()).isBetween(TerminationHold.API_SERVER_LIMIT, TerminationHold.API_SERVER_LIMIT.plusSeconds(1));
    }

    @Test
    void callersCannotHaveTheApiServerAskedMoreThanTwiceASecond() {
        pod.add(new Kubernetes.Staying());
        for (int call = 0; call < 100; call++) {
            hold();
        }
        pod.clear();
        pod.addAll(List.of(UNKNOWN, LEAVING));
        statefulSet.addAll(List.of(AWAY, AWAY, asksFor(3)));
        sees(secondary(), 3);
        hold();

        for (int request = 1; request < requests.size(); request++) {
            assertThat(requests.get(request).minus(requests.get(request - 1)))
                    .isGreaterThanOrEqualTo(TerminationHold.APART);
        }
        assertThat(requests).hasSizeGreaterThan(100);
    }

    @Test
    void aClockThatIsSetBackDoesNotPutTheNextRequestOff() {
        pod.add(new Kubernetes.Staying());
        hold();
        now = now.minus(Duration.ofHours(1));
        hold();

        assertThat(requests).hasSize(2);
        assertThat(took()).isEqualTo(Duration.ofHours(-1));
    }

    @Test
    void aMemberThatAScaleDownRemovesWaitsUntilItsGracePeriodIsNearlyOver() {
        pod.add(LEAVING);
        statefulSet.add(asksFor(1));
        sees(secondary(), 1);

        assertThat(hold())
                .isEqualTo("is no longer delayed, because its grace period ends:"
                        + " it is being removed by a scale-down and is still in the configuration");
        assertThat(took()).isEqualTo(Duration.ofMinutes(5).minus(TerminationHold.LEFT_FOR_MONGOD));
    }

    @Test
    void whatTheStatefulSetSaysNowCountsAlsoWhenAHandOverTakesTooLong() {
        pod.add(LEAVING);
        statefulSet.add(asksFor(1));
        // The watch is late, and the loop sees a primary that hands over to mongo-2.
        sees(CycleReports.healthyPrimary(1).snapshot().local(), 3);

        assertThat(hold()).startsWith("is no longer delayed, because its grace period ends: ");
    }

    @Test
    void aHandOverThatTakesTooLongDelaysNothingMore() {
        pod.add(LEAVING);
        statefulSet.add(AWAY);
        sees(CycleReports.healthyPrimary(1).snapshot().local(), 3);

        assertThat(hold()).startsWith("is no longer delayed, because it has waited for 20 s: it is PRIMARY");
        assertThat(took()).isBetween(Departure.HAND_OVER_LIMIT, Departure.HAND_OVER_LIMIT.plusSeconds(1));
    }

    @Test
    void aScaleDownThatIsTakenBackAfterMinutesDelaysForAsLongAsAnyRestart() {
        pod.add(LEAVING);
        statefulSet.add(AWAY);
        handsOverInItsTimeFrom(BEGAN.plusSeconds(120), Optional.of(primary(1)));
    }

    private static CycleReport primary(int replicas) {
        return CycleReports.of(1, CycleReports.healthyPrimary(1).snapshot().local(), asksFor(replicas));
    }

    /** @param before what the loop sees until then */
    private void handsOverInItsTimeFrom(Instant begins, Optional<CycleReport> before) {
        CycleReport stays = primary(3);

        assertThat(hold.hold(() -> now.isBefore(begins) ? before : Optional.of(stays), () -> {}))
                .startsWith("is no longer delayed, because it has waited for 20 s: it is PRIMARY");
        assertThat(Duration.between(begins, now))
                .isBetween(Departure.HAND_OVER_LIMIT, Departure.HAND_OVER_LIMIT.plusSeconds(1));
    }

    /** A primary that waited for the others of a majority hands over only then. */
    @Test
    void aHandOverHasItsTimeWhateverWasWaitedForBefore() {
        pod.add(LEAVING);
        statefulSet.add(AWAY);
        handsOverInItsTimeFrom(BEGAN.plusSeconds(18), Optional.empty());
    }
}
