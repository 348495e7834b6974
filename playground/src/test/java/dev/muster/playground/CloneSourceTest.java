package dev.muster.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloneSourceTest {
    private static final String START =
            "{\"id\":21192,\"msg\":\"Initial sync status and statistics\",\"attr\":{\"status\":\"";

    @Test
    void theLastAttemptOfTheLastSuccessfulSyncTells(@TempDir Path directory) throws IOException {
        Path log = directory.resolve("mongod.log");
        Files.writeString(
                log, String.join("\n", synced("one"), "{\"id\":1}", synced("two"), failed(), "{\"id\":21192"));
        assertThat(CloneSource.inLog(log)).contains("two:27017");
    }

    @Test
    void aMemberThatNeverClonedHasNone(@TempDir Path directory) throws IOException {
        Path log = directory.resolve("mongod.log");
        assertThat(CloneSource.inLog(log)).isEmpty();
        Files.writeString(log, failed());
        assertThat(CloneSource.inLog(log)).isEmpty();
    }

    private static String synced(String host) {
        return START + "successful\",\"statistics\":{\"initialSyncAttempts\":[{\"syncSource\":\"other:27017\"},"
                + "{\"syncSource\":\"" + host + ":27017\"}]}}}";
    }

    private static String failed() {
        return START + "failed\",\"statistics\":{\"initialSyncAttempts\":[{\"syncSource\":\"other:27017\"}]}}}";
    }
}
