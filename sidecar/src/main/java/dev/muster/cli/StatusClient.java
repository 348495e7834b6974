package dev.muster.cli;

import dev.muster.config.Option;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.bson.Document;
import org.bson.json.JsonParseException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Asks a running sidecar for its status. Every call is bounded in time and in the size of the reply. */
final class StatusClient {
    private static final int CONNECT_MILLIS = 2_000;
    private static final int READ_MILLIS = 5_000;
    // 50 members and 50 decisions take about 50 kB.
    private static final int LARGEST_REPLY_BYTES = 4 * 1024 * 1024;

    private final URI status;

    private StatusClient(URI status) {
        this.status = status;
    }

    /**
     * A sidecar's answer.
     *
     * @param json as it came
     */
    record Reply(String json, Document document) {}

    static void addOptionsTo(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("--url")
                .type(URI.class)
                .paramLabel("<url>")
                .description("The sidecar's HTTP address.", "Default: http://127.0.0.1, with the port of --http-port.")
                .build());
        spec.addOption(OptionSpec.builder(Option.HTTP_PORT.flag())
                .type(String.class)
                .paramLabel("<port>")
                .description(
                        "The sidecar's HTTP port.",
                        "Default: " + Option.HTTP_PORT.example() + ". Variables: " + Option.HTTP_PORT.variable() + ", "
                                + Option.HTTP_ADDRESS.variable() + ".")
                .build());
    }

    /**
     * The client that the options ask for.
     *
     * @throws IllegalArgumentException when they name no HTTP address
     */
    static StatusClient of(ParseResult arguments, Terminal terminal) {
        String port = arguments.matchedOptionValue(
                Option.HTTP_PORT.flag(), variable(terminal, Option.HTTP_PORT, Option.HTTP_PORT.example()));
        URI base = arguments.matchedOptionValue(
                "--url",
                URI.create("http://" + reachable(variable(terminal, Option.HTTP_ADDRESS, "0.0.0.0")) + ":" + port));
        if (!"http".equals(base.getScheme()) || base.getHost() == null) {
            throw new IllegalArgumentException(base + " is not an address such as http://127.0.0.1:8017");
        }
        return new StatusClient(base.resolve("/status"));
    }

    /** Where it asks. */
    URI address() {
        return status;
    }

    /**
     * Asks once.
     *
     * @throws IOException when there is no answer, or none that a sidecar gives; the message says which
     */
    Reply ask() throws IOException {
        HttpURLConnection connection = (HttpURLConnection) status.toURL().openConnection();
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        try {
            int code = connection.getResponseCode();
            if (code != HttpURLConnection.HTTP_OK) {
                throw new IOException("it answers HTTP " + code);
            }
            String json = body(connection);
            return new Reply(json, Document.parse(json));
        } catch (JsonParseException e) {
            throw new IOException("its answer is not JSON", e);
        } finally {
            connection.disconnect();
        }
    }

    private static String body(HttpURLConnection connection) throws IOException {
        try (InputStream in = connection.getInputStream()) {
            byte[] bytes = in.readNBytes(LARGEST_REPLY_BYTES + 1);
            if (bytes.length > LARGEST_REPLY_BYTES) {
                throw new IOException("its answer is larger than " + LARGEST_REPLY_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private static String variable(Terminal terminal, Option option, String otherwise) {
        String value = terminal.environment().getOrDefault(option.variable(), "");
        // tcp://…: Kubernetes' own variable, for a Service named muster-http.
        return value.isEmpty() || value.contains("://") ? otherwise : value;
    }

    /** Where a server that listens on an address is reached from the same machine. */
    private static String reachable(String listens) {
        return switch (listens) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "[::1]";
            default -> listens.contains(":") ? "[" + listens + "]" : listens;
        };
    }
}
