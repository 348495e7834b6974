package dev.muster.sim.cluster;

import dev.muster.sim.cluster.KubernetesObjects.Kind;
import dev.muster.sim.engine.Scheduler;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** What is wrong with the API server, apart from the network. */
public final class ApiFaults {
    /** How a server behaves that does nothing. */
    public enum Down {
        NO,
        /** Connections are refused at once, as when its process is gone; watches break off. */
        REFUSES,
        /** Nothing ever answers, as when its machine is gone; watches hang. */
        SILENT
    }

    private final Scheduler scheduler;
    private final Runnable onChange;
    private final Set<Kind> forbidden = EnumSet.noneOf(Kind.class);
    private Down down = Down.NO;
    private Duration slowest = Duration.ZERO;
    private Duration watchLag = Duration.ofSeconds(1);
    private double lostAnswers;
    private int firstForbiddenOrdinal = Integer.MAX_VALUE;

    ApiFaults(Scheduler scheduler, Runnable onChange) {
        this.scheduler = scheduler;
        this.onChange = onChange;
    }

    /** Takes it down or up. Controllers and kubelets stand still meanwhile. */
    public void down(Down how) {
        down = how;
        onChange.run();
    }

    public boolean isUp() {
        return down == Down.NO;
    }

    /** Whether whoever reaches it learns at once of pods and the StatefulSet. */
    public boolean tellsOfPods() {
        return isUp() && slowest.isZero() && permits(Kind.PODS) && permits(Kind.STATEFUL_SET);
    }

    boolean refuses() {
        return down == Down.REFUSES;
    }

    /** Takes the sidecars' right to that kind. */
    public void forbid(Kind kind) {
        forbidden.add(kind);
    }

    /** Gives it back. */
    public void allow(Kind kind) {
        forbidden.remove(kind);
    }

    /** Takes the sidecars' right to pods and claims from that ordinal on: the Role names each of them. */
    void forbidOrdinalsFrom(int first) {
        firstForbiddenOrdinal = first;
    }

    boolean permits(Kind kind) {
        return !forbidden.contains(kind);
    }

    boolean permits(Kind kind, int ordinal) {
        return permits(kind) && ordinal < firstForbiddenOrdinal;
    }

    /** Lets each answer take up to this much longer; beyond the client's limit it comes too late. */
    public void slow(Duration most) {
        slowest = most;
    }

    Duration delay() {
        return slowest.isZero() ? Duration.ZERO : scheduler.between(Duration.ZERO, slowest);
    }

    /** Loses the answers of that share of the writes: they took effect, and their writers do not know. */
    public void loseAnswers(double share) {
        lostAnswers = share;
    }

    boolean losesThisAnswer() {
        return lostAnswers > 0 && scheduler.chance(lostAnswers);
    }

    /** Lets a watch lag behind by up to this; most changes are seen at once all the same. */
    public void watchLag(Duration most) {
        watchLag = most;
    }

    Duration lag() {
        return scheduler.chance(0.1) ? scheduler.between(Duration.ZERO, watchLag) : Duration.ZERO;
    }

    /** All is well again. */
    public void heal() {
        forbidden.clear();
        firstForbiddenOrdinal = Integer.MAX_VALUE;
        slowest = Duration.ZERO;
        lostAnswers = 0;
        down(Down.NO);
    }
}
