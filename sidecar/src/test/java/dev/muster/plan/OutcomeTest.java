package dev.muster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** An outcome in words: in a log line, and as a metric's label. */
class OutcomeTest {
    @Test
    void isSaidInAMessageAndInOneWord() {
        Outcome done = new Outcome.Done();
        Outcome stale = new Outcome.Stale("the version changed");
        Outcome failed = new Outcome.Failed(93, "no (code 93)");

        assertThat(done.words()).isEqualTo("done");
        assertThat(done.word()).isEqualTo("done");
        assertThat(stale.words()).isEqualTo("nothing written: the version changed");
        assertThat(stale.word()).isEqualTo("stale");
        assertThat(failed.words()).isEqualTo("failed: no (code 93)");
        assertThat(failed.word()).isEqualTo("failed");
    }
}
