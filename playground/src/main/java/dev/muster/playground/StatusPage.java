package dev.muster.playground;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import org.bson.Document;
import org.bson.json.JsonParseException;

/** Asks a sidecar for what its page {@code /status} says. */
final class StatusPage {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    private StatusPage() {}

    /** The page of that member's sidecar; empty when it gives none within a second. */
    static Optional<Document> of(LocalMember member) {
        if (!member.isSidecarAlive()) {
            return Optional.empty();
        }
        try {
            String body = CLIENT.send(
                            HttpRequest.newBuilder(URI.create(member.statusPage() + "status"))
                                    .timeout(TIMEOUT)
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            return Optional.of(Document.parse(body));
        } catch (IOException | JsonParseException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** The sidecar's current decision as one sentence; empty when it does not tell. */
    static Optional<String> decision(LocalMember member) {
        return of(member)
                .map(page -> page.get("decision"))
                .filter(Document.class::isInstance)
                .map(Document.class::cast)
                .map(decision -> decision.getString("message"))
                .filter(message -> !message.isBlank());
    }
}
