package dev.muster.sim;

import dev.muster.model.ConfigMember;
import dev.muster.model.FormingHeartbeat;
import dev.muster.model.MemberState;
import dev.muster.model.SetConfig;
import dev.muster.plan.Decision;
import dev.muster.sim.mongod.MongodProcess;
import dev.muster.sim.mongod.Volume;
import dev.muster.sim.trouble.Fault;
import dev.muster.sim.trouble.Minimiser;
import dev.muster.sim.trouble.Sabotage;
import dev.muster.sim.trouble.Setting;
import dev.muster.sim.trouble.Trouble;
import dev.muster.tell.CycleReport;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One run: a set is made while faults happen and people interfere, then all is healed and it has to settle. The seed
 * gives the setting, the faults and all chance.
 */
final class Run {
    private static final int MOST_FAULTS = 9;

    /** Names, elections and restarts take their time; a set that has not settled by then, and has cloned, never does. */
    private static final Duration SETTLES_WITHIN = Duration.ofMinutes(5);

    private static final Duration LAST_ANSWERS = Duration.ofMillis(500);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration PERSON_LOOKS = Duration.ofSeconds(10);
    private static final int LOOKS_TO_BE_SURE = 3;

    private final long seed;
    private final SimulatedWorld world;
    private final Person person;
    private final Injector injector;
    private final List<Fault> faults;
    private final Trouble trouble;

    private Run(long seed, List<Fault> faults, Setting setting, Trouble trouble, Sabotage sabotage) {
        this.seed = seed;
        this.world = new SimulatedWorld(seed, setting, sabotage);
        this.faults = faults;
        this.trouble = trouble;
        this.person = new Person(world);
        this.injector = new Injector(world, person);
    }

    /**
     * What a run came to.
     *
     * @param violation what went wrong; empty where all went well
     * @param settledAfter how long it took from the end of the faults
     */
    record Result(
            long seed,
            Setting setting,
            List<Fault> faults,
            Trouble trouble,
            Optional<String> violation,
            List<String> transcript,
            long digest,
            Duration settledAfter,
            Counts counts) {
        Result failedWith(String what) {
            return new Result(
                    seed, setting, faults, trouble, Optional.of(what), transcript, digest, settledAfter, counts);
        }

        /** For a person: what went wrong, how to see it again, and what happened with as few faults as will do. */
        String story(Sabotage sabotage) {
            List<Fault> needed = Minimiser.minimise(
                    faults, fewer -> again(this, fewer, sabotage).violation().isPresent());
            Result shortest = again(this, needed, sabotage);
            List<Integer> numbers = needed.stream().map(faults::indexOf).toList();
            return "seed %d: %s%nreplay: mvn -pl sidecar test -Dtest=SimulationTest -Dmuster.seed=%d -Dmuster.faults=%s%n%s%n%s"
                    .formatted(
                            seed,
                            violation.orElse("nothing went wrong"),
                            seed,
                            numbers.stream().map(String::valueOf).collect(Collectors.joining(",")),
                            setting,
                            String.join(System.lineSeparator(), shortest.transcript()));
        }
    }

    /** The run of a seed. */
    static Result of(long seed, Sabotage sabotage) {
        Random random = new Random(seed);
        Setting setting = sabotage.in(Setting.draw(random));
        Trouble trouble = Trouble.draw(random);
        List<Fault> faults =
                Fault.draw(random, random.nextInt(MOST_FAULTS + 1), trouble.lasting(), setting, sabotage.provokedBy());
        return new Run(seed, faults, setting, trouble.perhapsQuiet(random), sabotage).result();
    }

    /** The same run with only some of its faults. */
    static Result again(Result run, List<Fault> faults, Sabotage sabotage) {
        return new Run(run.seed(), faults, run.setting(), run.trouble(), sabotage).result();
    }

    private Result result() {
        Optional<String> violation = Optional.empty();
        Duration settledAfter = Duration.ZERO;
        try {
            settledAfter = play();
        } catch (Violation e) {
            violation = Optional.of(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            violation = Optional.of("a bug: " + e);
        } finally {
            world.close();
        }
        violation.ifPresent(what -> world.transcript().note("VIOLATION", what));
        return new Result(
                seed,
                world.setting(),
                faults,
                trouble,
                violation,
                world.transcript().lines(),
                world.transcript().digest(),
                settledAfter,
                world.counts());
    }

    private Duration play() {
        if (world.setting().isAdopted()) {
            person.makesTheSet();
            world.addSidecars();
        }
        if (world.setting().seed().isPresent()) {
            int seed = world.setting().seed().getAsInt();
            person.bringsDataOfAStandalone(seed);
            world.addSidecars();
            world.scheduler().after(PERSON_LOOKS, () -> person.approvesASeed(seed));
        }
        injector.plan(faults, trouble);
        world.clients().start();
        world.availability().start();
        world.scheduler().run(trouble.firstHalf());
        if (trouble.quiet().isPositive()) {
            world.counts().add("quiet hours");
            world.clients().slow(true);
            world.scheduler().run(trouble.quiet());
            world.clients().slow(false);
        }
        world.scheduler().run(trouble.lasting().minus(trouble.firstHalf()));
        injector.heal();
        Duration healed = world.scheduler().elapsed();
        int looks = 0;
        Duration nextHelp = healed.plus(PERSON_LOOKS);
        while (looks < LOOKS_TO_BE_SURE) {
            Duration since = world.scheduler().elapsed().minus(healed);
            Optional<String> missing = missing();
            looks = missing.isEmpty() ? looks + 1 : 0;
            if (since.compareTo(SETTLES_WITHIN.plus(clones())) > 0) {
                throw new Violation("has not settled after %d s: %s".formatted(since.toSeconds(), missing.orElse("")));
            }
            if (world.scheduler().elapsed().compareTo(nextHelp) >= 0) {
                nextHelp = nextHelp.plus(PERSON_LOOKS);
                person.helps(since);
            }
            world.scheduler().run(LOOK);
        }
        Duration settled = world.scheduler().elapsed();
        world.clients().readAll();
        world.scheduler().run(LAST_ANSWERS);
        world.checks().end();
        world.clients().end();
        return settled.minus(healed).minus(LOOK.multipliedBy(LOOKS_TO_BE_SURE));
    }

    /** How long it takes to clone the largest volume once for each member: they clone one after another. */
    private Duration clones() {
        Duration longest = world.volumes()
                .map(Volume::timeToClone)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        return longest.multipliedBy(world.replicas());
    }

    /** What is still missing for a settled set; empty when nothing is. */
    private Optional<String> missing() {
        if (injector.isAtWork()) {
            return Optional.of("a person will still change something");
        }
        int first = world.firstOrdinal();
        int replicas = world.replicas();
        if (replicas == 0) {
            if (!person.isBeginningAnew()) {
                world.kubectl().scale(world.setting().replicas());
            }
            return Optional.of("it was scaled to zero");
        }
        Optional<PodRun> primary = world.primary();
        if (primary.isEmpty()) {
            return Optional.of("there is no primary");
        }
        for (int ordinal = first; ordinal < first + replicas; ordinal++) {
            Optional<CycleReport> turn =
                    world.run(ordinal).flatMap(PodRun::sidecar).flatMap(SidecarRun::last);
            if (turn.isEmpty()) {
                return Optional.of("ordinal " + ordinal + " does not run");
            }
            if (!(turn.get().decision() instanceof Decision.Settled)) {
                return Optional.of("ordinal %d: %s %s"
                        .formatted(
                                ordinal,
                                turn.get().decision().reason(),
                                turn.get().decision().message()));
            }
        }
        MongodProcess process = primary.get().mongod().orElseThrow();
        SetConfig config = process.setConfig().orElseThrow();
        TreeSet<Integer> members = new TreeSet<>();
        for (ConfigMember member : config.members()) {
            // A member under one of Muster's own names in short form has to be renamed first.
            boolean isKept = member.host().host().endsWith(SimulatedWorld.OTHER_DOMAIN);
            (isKept ? SimulatedWorld.ordinalOf(member.host()) : SimulatedWorld.NAMING.ordinalOf(member.host()))
                    .ifPresent(members::add);
            if (member.joining() && config.voters() < SetConfig.MAX_VOTERS) {
                return Optional.of(member.host() + " has not got its vote");
            }
        }
        if (FormingHeartbeat.isForming(config.heartbeatIntervalMillis())) {
            return Optional.of("heartbeats come every %d ms".formatted(config.heartbeatIntervalMillis()));
        }
        if (members.size() != replicas || members.first() != first || members.last() != first + replicas - 1) {
            return Optional.of("the members are " + members);
        }
        if (world.setting().kubernetes()) {
            boolean named = world.server()
                    .primaryEndpoint()
                    .filter(endpoint ->
                            endpoint.podUid().equals(primary.get().pod().uid()))
                    .isPresent();
            if (!named) {
                return Optional.of("the primary's Service names another");
            }
        }
        for (PodRun run : world.runs()) {
            MongodProcess other = run.mongod().orElse(null);
            if (other != null
                    && other.state() == MemberState.SECONDARY
                    && world.checks().writes().missingOn(other.volume()).isPresent()) {
                return Optional.of(SimulatedWorld.name(run.pod()) + " has not caught up");
            }
        }
        return world.clients().isAnswered() ? Optional.empty() : Optional.of("no write was acknowledged since");
    }
}
