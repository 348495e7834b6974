package dev.muster.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/** What the {@code mongod} of another expected ordinal answers. */
public sealed interface PeerMongod {
    /** What a {@code mongod} is that its sidecar has not let start, as the end of a message. */
    String HELD_WORDS = "its volume is empty, and its mongod has not been started";

    /** What it is, as the end of a message: "mongo-1: empty". */
    default String words() {
        return switch (this) {
            case NotAsked notAsked -> "not asked yet";
            case Unknown unknown -> unknown.cause().words() + " (" + unknown.message() + ")";
            case Absent absent -> "neither its pod nor its claim exists";
            case Held held -> HELD_WORDS;
            case NotYetInitialized empty -> "empty";
            case HoldsData data -> holdsDataWords(data.what());
            case Removed removed -> removedWords(removed.replicaSetId());
            case InSet member -> member.state() + " of set " + member.replicaSetId() + " as " + member.knownAs();
        };
    }

    static String holdsDataWords(String what) {
        return "has no replica set configuration, but has data of its own: " + what;
    }

    static String removedWords(String replicaSetId) {
        return "holds the data of a set whose configuration does not name it"
                + (replicaSetId.isEmpty() ? "" : " (" + replicaSetId + ")");
    }

    /** Whether it is known to hold the data of another set than that. */
    default boolean isOfAnotherSetThan(String replicaSetId) {
        return switch (this) {
            case InSet member -> !member.replicaSetId().equals(replicaSetId);
            case Removed removed -> !removed.replicaSetId().equals(replicaSetId);
            case NotYetInitialized empty -> false;
            case HoldsData data -> false;
            case Unknown unknown -> false;
            case NotAsked notAsked -> false;
            case Absent absent -> false;
            case Held held -> false;
        };
    }

    /**
     * Whether it may have data of a set. A clone that has not finished is none: it can neither be elected nor has its
     * member acknowledged a write.
     */
    default boolean mayHaveData() {
        return switch (this) {
            case InSet member -> member.cloning().isEmpty();
            case Removed removed -> true;
            case HoldsData data -> true;
            case Unknown unknown -> true;
            case NotAsked notAsked -> true;
            case NotYetInitialized empty -> false;
            case Absent absent -> false;
            case Held held -> false;
        };
    }

    /** Whether its {@code mongod} answered, even if only that it is still starting. */
    default boolean answered() {
        return switch (this) {
            case InSet member -> true;
            case Removed removed -> true;
            case NotYetInitialized empty -> true;
            case HoldsData data -> true;
            case Unknown unknown -> unknown.cause() == Cause.STARTING;
            case NotAsked notAsked -> false;
            case Absent absent -> false;
            case Held held -> false;
        };
    }

    /** It was not asked: for a settled set only the local member is asked. */
    record NotAsked() implements PeerMongod {}

    /**
     * It is not known what it is. Never a reason to initiate, to remove, or to assume that it is empty.
     *
     * @param lasting for how long nothing has been known about it
     */
    record Unknown(Cause cause, String message, Duration lasting) implements PeerMongod {
        public Unknown {
            requireNonNull(cause, "cause is null");
            requireNonNull(message, "message is null");
            requireNonNull(lasting, "lasting is null");
        }
    }

    /**
     * Classifies a peer that did not report itself as a member, by what it answers when it is read like the local one.
     *
     * @param unknownFor for how long nothing has been known about it
     * @param uptime of its process at least
     */
    static PeerMongod withoutMember(LocalMongod answer, Duration unknownFor, Duration uptime) {
        return switch (answer) {
            case LocalMongod.NotYetInitialized empty -> new PeerMongod.NotYetInitialized(uptime);
            case LocalMongod.HoldsData data -> new PeerMongod.HoldsData(data.what());
            case LocalMongod.Removed removed ->
                new PeerMongod.Removed(removed.replicaSetId(), removed.version(), uptime);
            case LocalMongod.Starting starting ->
                new PeerMongod.Unknown(Cause.STARTING, "it is loading its configuration", unknownFor);
            case LocalMongod.InSet set ->
                new PeerMongod.Unknown(
                        Cause.STARTING, "it is " + set.status().myState() + " and just joined", unknownFor);
            case LocalMongod.Misconfigured misconfigured ->
                new PeerMongod.Unknown(Cause.STARTING, misconfigured.message(), unknownFor);
            case LocalMongod.Denied denied ->
                new PeerMongod.Unknown(Cause.AUTHENTICATION, denied.message(), unknownFor);
            case LocalMongod.NotStarted notStarted ->
                throw new IllegalArgumentException("only the sidecar beside it knows that it has not started");
            case LocalMongod.Unreachable unreachable ->
                new PeerMongod.Unknown(Cause.UNREACHABLE, unreachable.message(), unknownFor);
        };
    }

    /** Why it is not known what a peer is. */
    enum Cause {
        /** The name does not exist: NXDOMAIN. A pod's name appears 5 to 45 s after the pod. */
        NO_SUCH_NAME("its name does not exist in DNS (NXDOMAIN)"),
        /** The name exists without an address: NODATA. */
        NO_ADDRESS("its name has no address in DNS (NODATA)"),
        /** The name server failed: SERVFAIL, REFUSED or no answer. */
        DNS_FAILED("DNS did not answer"),
        UNREACHABLE("it does not accept connections"),
        AUTHENTICATION("it refuses this sidecar's keyfile"),
        TLS("the TLS handshake with it failed"),
        TIMEOUT("it did not answer in time"),
        /** Its name still leads to a former address of its pod, which another pod of the StatefulSet has by now. */
        ANOTHER_POD("another pod answers at its address"),
        /** It answers, but is still loading, or in a state that says nothing about its data. */
        STARTING("it is still starting");

        private final String words;

        Cause(String words) {
            this.words = words;
        }

        /** The cause as part of a sentence about the peer. */
        public String words() {
            return words;
        }
    }

    /**
     * The name of the other pod that answers, if it is another pod of the same StatefulSet. A {@code mongod} without a
     * configuration does not know its own name, but in a pod its host is named after the pod. Empty where the host's name
     * says nothing, as with {@code hostNetwork}.
     *
     * @param lookedFor the peer's stable name
     * @param hostname what {@code hostInfo} says of the host
     */
    static Optional<String> anotherPod(HostAddress lookedFor, String hostname) {
        String wanted = firstLabel(lookedFor.host());
        String found = firstLabel(hostname);
        return !found.equals(wanted)
                        && isNumbered(wanted)
                        && isNumbered(found)
                        && stem(found).equals(stem(wanted))
                ? Optional.of(found)
                : Optional.empty();
    }

    private static String firstLabel(String host) {
        int dot = host.indexOf('.');
        return dot < 0 ? host : host.substring(0, dot);
    }

    private static boolean isNumbered(String name) {
        return name.matches(".+-\\d+");
    }

    private static String stem(String name) {
        return name.substring(0, name.lastIndexOf('-'));
    }

    /**
     * Its sidecar says, in an annotation of its pod, that the volume is empty and that {@code mongod} has not started.
     *
     * @param podUid of that pod: another one of that name may have data
     */
    record Held(String podUid) implements PeerMongod {
        public Held {
            requireNonNull(podUid, "podUid is null");
        }
    }

    /** Kubernetes says that neither its pod nor its claim exists: there is nothing that could hold data. */
    record Absent() implements PeerMongod {}

    /**
     * Provably empty: it answers NotYetInitialized, {@code local.system.replset} holds nothing, and it has no database
     * and no user of its own.
     *
     * @param uptime of its process at least
     */
    record NotYetInitialized(Duration uptime) implements PeerMongod {
        public NotYetInitialized {
            requireNonNull(uptime, "uptime is null");
        }

        /** One that was started a moment ago. */
        public NotYetInitialized() {
            this(Duration.ZERO);
        }
    }

    /**
     * It has no replica set configuration, but databases or users of its own. A clone must never replace its data.
     *
     * @param what see {@link LocalMongod.HoldsData#what}
     */
    record HoldsData(String what) implements PeerMongod {
        public HoldsData {
            requireNonNull(what, "what is null");
        }
    }

    /**
     * It holds a set's data and that set's configuration does not name it.
     *
     * @param version of its configuration; 0 where the server did not say
     * @param uptime of its process at least
     */
    record Removed(String replicaSetId, long version, Duration uptime) implements PeerMongod {
        public Removed {
            requireNonNull(replicaSetId, "replicaSetId is null");
            requireNonNull(uptime, "uptime is null");
        }

        public Removed(String replicaSetId, Duration uptime) {
            this(replicaSetId, 0, uptime);
        }

        /** One that was started a moment ago. */
        public Removed(String replicaSetId) {
            this(replicaSetId, Duration.ZERO);
        }
    }

    /**
     * It is a member of a set.
     *
     * @param knownAs the host under which the configuration names it, from {@code hello}'s {@code me}
     * @param cloning the id of its process while it has no data: its clone has not finished
     * @param config the configuration that it has; empty where it did not say
     * @param applied its newest write; empty where it did not say
     */
    record InSet(
            String replicaSetId,
            HostAddress knownAs,
            MemberState state,
            Optional<String> cloning,
            Optional<SetConfig> config,
            Optional<OpTime> applied)
            implements PeerMongod {
        public InSet {
            requireNonNull(config, "config is null");
            requireNonNull(applied, "applied is null");
            requireNonNull(cloning, "cloning is null");
            requireNonNull(replicaSetId, "replicaSetId is null");
            requireNonNull(knownAs, "knownAs is null");
            requireNonNull(state, "state is null");
        }

        /** One that has its data. */
        public InSet(String replicaSetId, HostAddress knownAs, MemberState state) {
            this(replicaSetId, knownAs, state, Optional.empty(), Optional.empty(), Optional.empty());
        }
    }
}
