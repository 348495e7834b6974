package dev.muster.playground;

import com.mongodb.MongoException;
import dev.muster.judge.clients.Acknowledgements;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/**
 * Does the deeds of a plan to a set. It keeps to one rule: a majority of the members has its data and is left alone. So a
 * deed that takes a member away waits until enough others are in service again, and until writes are acknowledged. Nothing
 * else excuses a set that does not acknowledge writes.
 */
final class Troublemaker implements AutoCloseable {
    /** For how long a set may acknowledge no write: an election, and some seconds for a busy machine. */
    static final Duration LONGEST_GAP = Duration.ofSeconds(40);

    private static final Duration POLL = Duration.ofMillis(200);

    /** One that acknowledged a write so recently has a primary and a majority. */
    private static final Duration RECENTLY = Duration.ofSeconds(2);

    private static final int CATCH_UP_SECONDS = 4;

    private final LocalSet set;
    private final Acknowledgements acknowledgements;
    private final Diary diary;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Ongoing> ongoing = new ArrayList<>();
    /** Members that lost their data and have not been seen in service since. */
    private final Set<Integer> emptied = new HashSet<>();

    private record Ongoing(Deed.Kind kind, int ordinal, Future<?> result) {}

    Troublemaker(LocalSet set, Acknowledgements acknowledgements, Diary diary) {
        this.set = set;
        this.acknowledgements = acknowledgements;
        this.diary = diary;
    }

    /** Does all deeds for which there is time, and returns when they are undone, and not before that time. */
    void run(List<Deed> deeds, Duration length) throws InterruptedException {
        for (Deed deed : deeds) {
            while (diary.now().compareTo(deed.at()) < 0) {
                pause();
            }
            begin(deed, length);
        }
        while (diary.now().compareTo(length) < 0 || !ongoing.isEmpty()) {
            pause();
        }
    }

    private void begin(Deed deed, Duration length) throws InterruptedException {
        while (diary.now().plus(deed.lasting()).compareTo(length.plus(RECENTLY)) <= 0) {
            Optional<Integer> target = target(deed);
            if (target.isPresent()) {
                LocalMember member = set.member(target.get());
                if (deed.kind() == Deed.Kind.LOSE_VOLUME) {
                    emptied.add(member.ordinal());
                }
                ongoing.add(new Ongoing(deed.kind(), member.ordinal(), executor.submit(() -> {
                    perform(deed, member);
                    return null;
                })));
                return;
            }
            pause();
        }
        diary.write("%s is left out: the set had not recovered in time", deed);
    }

    /** The member that it can be done to now. */
    private Optional<Integer> target(Deed deed) {
        SetState state = new SetObserver(set, false).observe();
        Optional<Integer> target = deed.ordinal().or(() -> primary(state));
        if (target.isEmpty() || isOngoing(target.get(), deed.kind().takesMember())) {
            return Optional.empty();
        }
        if (!deed.kind().takesMember()) {
            return target;
        }
        Set<Integer> away = away(state);
        emptied.retainAll(away);
        boolean isPossible = TroublePlan.leavesMajority(deed.kind(), away, emptied, set.replicas());
        boolean isWritable = acknowledgements.silence().compareTo(RECENTLY) < 0;
        return target.filter(ordinal -> !away.contains(ordinal) && isPossible && isWritable);
    }

    private boolean isOngoing(int ordinal, boolean takingMember) {
        return ongoing.stream()
                .anyMatch(other -> other.ordinal() == ordinal && other.kind().takesMember() == takingMember);
    }

    /** Whose data or vote the set is without, as far as anybody knows. */
    private Set<Integer> away(SetState state) {
        Set<Integer> away = new HashSet<>();
        ongoing.stream().filter(deed -> deed.kind().takesMember()).forEach(deed -> away.add(deed.ordinal()));
        state.members().stream()
                .filter(member -> !member.isServing() || member.votes() == 0)
                .forEach(member -> away.add(member.ordinal()));
        return away;
    }

    private static Optional<Integer> primary(SetState state) {
        return state.members().stream()
                .filter(member -> state.primary().filter(member.name()::equals).isPresent())
                .map(MemberView::ordinal)
                .findFirst();
    }

    private void perform(Deed deed, LocalMember member) throws InterruptedException {
        diary.write("%s: %s", deed, member.name());
        switch (deed.kind()) {
            case KILL_MONGOD -> member.killMongod();
            case STOP_MONGOD -> member.stopMongod();
            case FREEZE_MONGOD -> member.freezeMongod();
            case LOSE_VOLUME -> member.loseVolume();
            case STEP_DOWN -> stepDown(member, deed.lasting());
            case CUT -> set.cut(member.ordinal());
            case KILL_SIDECAR -> member.killSidecar();
            case FREEZE_SIDECAR -> member.freezeSidecar();
        }
        Thread.sleep(deed.lasting());
        undo(deed.kind(), member);
        diary.write("%s: undone", deed);
    }

    private void undo(Deed.Kind kind, LocalMember member) {
        switch (kind) {
            case KILL_MONGOD, STOP_MONGOD, LOSE_VOLUME -> member.startMongod();
            case FREEZE_MONGOD -> member.thawMongod();
            case STEP_DOWN -> {}
            case CUT -> set.heal(member.ordinal());
            case KILL_SIDECAR -> member.startSidecar();
            case FREEZE_SIDECAR -> member.thawSidecar();
        }
    }

    private void stepDown(LocalMember member, Duration lasting) {
        try {
            member.mongo()
                    .withTimeout(lasting.toMillis() + CATCH_UP_SECONDS * 1000L, TimeUnit.MILLISECONDS)
                    .getDatabase("admin")
                    .runCommand(new Document("replSetStepDown", lasting.toSeconds())
                            .append("secondaryCatchUpPeriodSecs", CATCH_UP_SECONDS));
        } catch (MongoException e) {
            diary.write("%s does not step down: %s", member.name(), e.toString());
        }
    }

    /** Waits a moment, and fails if a deed could not be done, or if no write has been acknowledged for too long. */
    private void pause() throws InterruptedException {
        Thread.sleep(POLL);
        for (Ongoing deed : List.copyOf(ongoing)) {
            if (deed.result().isDone()) {
                ongoing.remove(deed);
                fail(deed);
            }
        }
        if (acknowledgements.silence().compareTo(LONGEST_GAP) > 0) {
            throw new AssertionError("no write was acknowledged for " + LONGEST_GAP.toSeconds()
                    + " s, although a majority of the members was left alone");
        }
    }

    private static void fail(Ongoing deed) throws InterruptedException {
        try {
            deed.result().get();
        } catch (ExecutionException e) {
            throw new AssertionError(
                    deed.kind().word() + " of mongo-" + deed.ordinal() + " failed: " + e.getCause(), e);
        }
    }

    /** Ends deeds that still last, and leaves things as they are. */
    @Override
    public void close() {
        executor.shutdownNow();
        executor.close();
    }
}
