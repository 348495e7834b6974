package dev.muster.playground;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.bson.Document;

/** What a sidecar says of itself, as tests read it. */
final class SidecarStatus {
    private SidecarStatus() {}

    /** A path of its HTTP port: status code and body. */
    record Reply(int code, String body) {}

    static Reply get(LocalMember member, String path) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create("http://" + member.address().getHostAddress() + ":8017" + path)
                            .toURL()
                            .openConnection();
            connection.setConnectTimeout(2000);
            connection.setReadTimeout(5000);
            int code = connection.getResponseCode();
            try (InputStream body = code < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                return new Reply(code, new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Document status(LocalMember member) {
        return Document.parse(get(member, "/status").body());
    }

    /** The reason of its present decision; empty before the first. */
    static String reason(LocalMember member) {
        return decision(member, "reason");
    }

    static String message(LocalMember member) {
        return decision(member, "message");
    }

    private static String decision(LocalMember member, String field) {
        Document decision = status(member).get("decision", Document.class);
        return decision == null ? "" : decision.getString(field);
    }

    /** Waits until its decision has that reason. */
    static void awaitReason(LocalMember member, String reason) {
        await(member, reason, () -> reason(member).equals(reason));
    }

    /** Waits until its decision says that. */
    static void awaitMessage(LocalMember member, String words) {
        await(member, words, () -> message(member).contains(words));
    }

    private static void await(LocalMember member, String what, Callable<Boolean> condition) {
        Awaitility.await(member.name() + " comes to " + what)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .until(condition);
    }

    static List<String> logLines(LocalMember member) {
        try {
            return Files.readAllLines(member.sidecarLog());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
