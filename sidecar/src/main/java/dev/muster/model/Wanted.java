package dev.muster.model;

import static java.util.Objects.requireNonNull;

import java.util.stream.IntStream;

/**
 * Which members are wanted. Resolved once for each snapshot, from what Kubernetes says or, where it is switched off,
 * from the options.
 */
public sealed interface Wanted {
    /**
     * What is wanted, as far as it is known.
     *
     * @param options what {@code --first-ordinal} and {@code --replicas} say; no count where the StatefulSet says it
     */
    static Wanted of(KubernetesFacts kubernetes, Ordinals options) {
        return switch (kubernetes) {
            case KubernetesFacts.Known known ->
                known.replicas() == 0
                        ? new Stopped(known.firstOrdinal())
                        : new Asked(new Ordinals(known.firstOrdinal(), known.replicas()), true);
            case KubernetesFacts.Off off -> new Asked(options, false);
            case KubernetesFacts.Unavailable away -> new Unknown(away.message(), options.first());
        };
    }

    /** The lowest ordinal: the only one that may initiate. */
    int firstOrdinal();

    /** Whether a member with that ordinal is wanted. */
    default boolean includes(int ordinal) {
        return this instanceof Asked asked && asked.members().include(ordinal);
    }

    /** Whether a scale-down removes that ordinal: only then does a member leave. */
    default boolean excludes(int ordinal) {
        return this instanceof Asked asked
                && asked.byStatefulSet()
                && !asked.members().include(ordinal);
    }

    /** Every ordinal that is wanted, ascending; none where that is not known, or the set is stopped. */
    default IntStream ordinals() {
        return this instanceof Asked asked ? asked.members().stream() : IntStream.empty();
    }

    /**
     * It is not known now: no member joins, none is missing and none leaves.
     *
     * @param firstOrdinal what the option says
     */
    record Unknown(String why, int firstOrdinal) implements Wanted {
        public Unknown {
            requireNonNull(why, "why is null");
        }
    }

    /** Zero replicas: the set is stopped. All members stay in the configuration, and come back later. */
    record Stopped(int firstOrdinal) implements Wanted {}

    /**
     * These members.
     *
     * @param byStatefulSet whether the StatefulSet asks for them: the options do not say which members leave
     */
    record Asked(Ordinals members, boolean byStatefulSet) implements Wanted {
        public Asked {
            requireNonNull(members, "members is null");
        }

        @Override
        public int firstOrdinal() {
            return members.first();
        }
    }
}
