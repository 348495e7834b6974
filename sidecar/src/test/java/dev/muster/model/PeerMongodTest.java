package dev.muster.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.PeerMongod.Cause;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is concluded of a peer that did not name itself as a member: empty only where it says so. */
class PeerMongodTest {
    private static final Duration LASTING = Duration.ofSeconds(7);
    private static final Duration UPTIME = Duration.ofSeconds(5);

    @Test
    void onlyAnEmptyOneIsEmpty() {
        assertThat(PeerMongod.withoutMember(new LocalMongod.NotYetInitialized(), LASTING, UPTIME))
                .isEqualTo(new PeerMongod.NotYetInitialized(UPTIME));
    }

    @Test
    void oneWithDataOfItsOwnTellsWhatItHolds() {
        assertThat(PeerMongod.withoutMember(new LocalMongod.HoldsData("user bob@admin"), LASTING, UPTIME))
                .isEqualTo(new PeerMongod.HoldsData("user bob@admin"));
    }

    @Test
    void oneThatIsNamedNoMoreKeepsItsSet() {
        assertThat(PeerMongod.withoutMember(new LocalMongod.Removed("a"), LASTING, UPTIME))
                .isEqualTo(new PeerMongod.Removed("a", UPTIME));
    }

    static Stream<Arguments> unknown() {
        return Stream.of(
                Arguments.of(new LocalMongod.Starting(), Cause.STARTING, "it is loading its configuration"),
                Arguments.of(new LocalMongod.Misconfigured("no set"), Cause.STARTING, "no set"),
                Arguments.of(joining(), Cause.STARTING, "it is STARTUP2 and just joined"),
                Arguments.of(new LocalMongod.Denied("no key"), Cause.AUTHENTICATION, "no key"),
                Arguments.of(new LocalMongod.Unreachable("refused"), Cause.UNREACHABLE, "refused"));
    }

    private static LocalMongod joining() {
        return new LocalMongod.InSet(
                new SetConfig("rs0", "a", 1, 1, List.of(), 2000, false),
                new SetStatus(
                        MemberState.STARTUP2,
                        1,
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        SourcePreference.ANY));
    }

    static Stream<Arguments> answered() {
        return Stream.of(
                Arguments.of(new PeerMongod.InSet("a", HostAddress.parse("b"), MemberState.SECONDARY), true),
                Arguments.of(new PeerMongod.Removed("a"), true),
                Arguments.of(new PeerMongod.NotYetInitialized(), true),
                Arguments.of(new PeerMongod.HoldsData("user bob@admin"), true),
                Arguments.of(new PeerMongod.Unknown(Cause.STARTING, "it loads", LASTING), true),
                Arguments.of(new PeerMongod.Unknown(Cause.TIMEOUT, "silent", LASTING), false),
                Arguments.of(new PeerMongod.Unknown(Cause.AUTHENTICATION, "no key", LASTING), false),
                Arguments.of(new PeerMongod.NotAsked(), false),
                Arguments.of(new PeerMongod.Absent(), false));
    }

    @ParameterizedTest
    @MethodSource
    void answered(PeerMongod peer, boolean answered) {
        assertThat(peer.answered()).isEqualTo(answered);
    }

    @ParameterizedTest
    @MethodSource("unknown")
    void whateverElseIsUnknown(LocalMongod answer, Cause cause, String message) {
        assertThat(PeerMongod.withoutMember(answer, LASTING, UPTIME))
                .isEqualTo(new PeerMongod.Unknown(cause, message, LASTING));
    }
}
