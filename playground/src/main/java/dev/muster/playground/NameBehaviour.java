package dev.muster.playground;

import java.time.Duration;

/** How the set's name server treats one name. */
public sealed interface NameBehaviour {
    /** It answers with the records that the name has. */
    record Served() implements NameBehaviour {}

    /** NXDOMAIN, as for a pod that does not exist. A member's SRV record goes with its name. */
    record Absent() implements NameBehaviour {}

    /** NODATA: the name exists and has no records. */
    record Empty() implements NameBehaviour {}

    /** SERVFAIL, as from a name server whose own source does not answer. */
    record Failing() implements NameBehaviour {}

    /** No answer at all. */
    record Silent() implements NameBehaviour {}

    /** The records, so much later. */
    record Delayed(Duration delay) implements NameBehaviour {}
}
