package dev.muster.web;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * One answer over HTTP.
 *
 * @param contentType with the charset
 */
record Reply(int code, String contentType, String body) {
    /**
     * The page is made of the three files served here and may load, run and ask nothing else. What it shows comes from
     * other members too, so this holds also should a text ever reach the page as markup.
     */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    Reply {
        requireNonNull(contentType, "contentType is null");
        requireNonNull(body, "body is null");
    }

    static Reply text(int code, String text) {
        return new Reply(code, "text/plain; charset=utf-8", text + "\n");
    }

    static Reply json(int code, String json) {
        return new Reply(code, "application/json", json + "\n");
    }

    /** Sends it; to a HEAD request, without the body. */
    void send(HttpExchange exchange) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", contentType);
        headers.set("Cache-Control", "no-store");
        headers.set("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        if (exchange.getRequestMethod().equals("HEAD")) {
            headers.set("Content-Length", Integer.toString(bytes.length));
            exchange.sendResponseHeaders(code, -1);
            return;
        }
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
