package dev.muster.playground;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What can be seen of one member.
 *
 * @param host FQDN and port
 * @param state the server's word, such as SECONDARY; before it is a member {@code empty}, or what its
 *     process does: {@code not running}, {@code frozen}, {@code no answer}
 * @param votes 0 for a host that is not in the configuration
 * @param lagSeconds behind the primary; empty when unknown
 * @param clonedFrom host and port; empty when it never copied from another
 */
public record MemberView(
        String name,
        int ordinal,
        String host,
        String state,
        int votes,
        OptionalLong lagSeconds,
        Optional<String> clonedFrom,
        OptionalLong uptimeSeconds) {
    /** Whether it is PRIMARY or SECONDARY. */
    public boolean isServing() {
        return state.equals("PRIMARY") || state.equals("SECONDARY");
    }
}
