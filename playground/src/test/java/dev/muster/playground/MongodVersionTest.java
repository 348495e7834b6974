package dev.muster.playground;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MongodVersionTest {
    @Test
    void theVersionIsReadFromTheFirstLine() {
        assertThat(MongodVersion.parse("db version v8.2.0\nBuild Info: {\n    \"version\": \"8.2.0\"\n}"))
                .contains(new MongodVersion(8, 2, 0));
    }

    @Test
    void sevenIsTheOldestSupported() {
        assertThat(new MongodVersion(6, 0, 19).isSupported()).isFalse();
        assertThat(new MongodVersion(7, 0, 0).isSupported()).isTrue();
    }

    @Test
    void anotherProgramsOutputHasNone() {
        assertThat(MongodVersion.parse("command not found")).isEmpty();
    }
}
