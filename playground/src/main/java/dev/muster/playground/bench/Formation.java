package dev.muster.playground.bench;

import dev.muster.playground.LocalMember;
import dev.muster.playground.LocalSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/** Watches a set form, and takes next to nothing from it: one question to one mongod each {@link Poll#INTERVAL}. */
final class Formation {
    private final LocalSet set;

    Formation(LocalSet set) {
        this.set = set;
    }

    /**
     * Waits until the last mongod accepts connections and each answers {@code hello}.
     *
     * @return when the last one accepted, in {@link System#nanoTime}
     */
    long awaitAnswering() {
        // None is probed again after it accepted: each probe costs it a thread, while others still start.
        List<LocalMember> waiting = new ArrayList<>(set.members());
        Poll.until("every mongod accepts connections", () -> {
            waiting.removeIf(LocalMember::isListening);
            return waiting.isEmpty();
        });
        long accepted = System.nanoTime();
        for (LocalMember member : set.members()) {
            Poll.until(
                    member.name() + " answers hello",
                    () -> new MemberProbe(member).hello().isPresent());
        }
        return accepted;
    }

    /**
     * Waits until there is a primary, every member votes and a majority has that configuration, and every other
     * member says of itself that it is SECONDARY. Looked at one after the other; none is taken back in a
     * set that forms. A primary learns others' states by heartbeats only, up to 2 s late: so they are asked themselves.
     */
    void await() {
        LocalMember primary = Poll.forValue("a primary", this::primary);
        int wanted = set.members().size();
        Poll.until(
                wanted + " committed voters",
                () -> new MemberProbe(primary)
                        .committedConfig()
                        .filter(config -> voters(config) == wanted)
                        .isPresent());
        for (LocalMember member : set.members()) {
            if (member.ordinal() != primary.ordinal()) {
                Poll.until(member.name() + " is SECONDARY", () -> new MemberProbe(member).isSecondary());
            }
        }
    }

    /**
     * How long the set takes to form, from the moment that all answer.
     *
     * @param byHand what forms it then; nothing where sidecars do
     * @return in seconds
     */
    double seconds(Runnable byHand) {
        long answering = awaitAnswering();
        byHand.run();
        await();
        return (System.nanoTime() - answering) / 1e9;
    }

    /** Asks the first member, which names the primary once it knows it; empty before, and while it does not run. */
    Optional<LocalMember> primary() {
        return new MemberProbe(set.member(0))
                .hello()
                .flatMap(answer -> set.members().stream()
                        .filter(member -> member.host().equals(answer.getString("primary")))
                        .findFirst());
    }

    private static long voters(Document config) {
        List<Document> members = config.getList("members", Document.class);
        return members.stream()
                .filter(member -> member.getInteger("votes", 1) == 1)
                .count();
    }
}
