package dev.muster.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** When a clone can be directed: before anything is copied, and to another source than the server's own choice. */
class SetStatusTest {
    private static final HostAddress WANTED = HostAddress.parse("mongo-1");
    private static final HostAddress OTHER = HostAddress.parse("mongo-0");

    @Test
    void aCloneThatHasNotBegunToCopyIsDirected() {
        assertThat(cloning(Optional.empty(), 0, SourcePreference.ANY).whyNotDirectedTo(WANTED))
                .isEmpty();
        assertThat(cloning(Optional.of(OTHER), 0, SourcePreference.SECONDARY_PREFERRED)
                        .whyNotDirectedTo(WANTED))
                .isEmpty();
    }

    @Test
    void neitherIsOneThatCopiesNorAMemberThatDoesNotClone() {
        String why = "the clone has already begun to copy, or no clone runs";

        assertThat(cloning(Optional.of(OTHER), 1, SourcePreference.ANY).whyNotDirectedTo(WANTED))
                .contains(why);
        assertThat(status(Optional.empty(), SourcePreference.ANY).whyNotDirectedTo(WANTED))
                .contains(why);
    }

    @Test
    void theServersOwnChoiceIsNotOrderedAgain() {
        assertThat(cloning(Optional.of(WANTED), 0, SourcePreference.ANY).whyNotDirectedTo(WANTED))
                .contains("the server has just chosen this source by itself");
    }

    @Test
    void aServerThatOnlyTakesSecondariesIsNeverDirected() {
        assertThat(cloning(Optional.empty(), 0, SourcePreference.SECONDARY_ONLY).whyNotDirectedTo(WANTED))
                .contains("mongod may only clone from secondaries, and can abort when it is directed");
    }

    private static SetStatus cloning(Optional<HostAddress> source, long copied, SourcePreference preference) {
        return status(
                Optional.of(new InitialSync(source, 0, copied, OptionalLong.of(10), Optional.empty(), Duration.ZERO)),
                preference);
    }

    private static SetStatus status(Optional<InitialSync> sync, SourcePreference preference) {
        return new SetStatus(MemberState.STARTUP2, 1, Optional.empty(), List.of(), sync, Optional.empty(), preference);
    }
}
