package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusCommandTest {
    private static final String CLONING = """
            {"setName": "rs0", "replicaSetId": "691fd4c2a7b3e81f5c0d9e42",
             "primary": "mongo-0.mongo.default.svc.cluster.local:27017", "configVersion": 3, "configTerm": 1,
             "self": "mongo-0", "ready": true, "paused": false,
             "members": [
              {"name": "mongo-0", "ordinal": 0, "host": "mongo-0.mongo.default.svc.cluster.local:27017",
               "state": "PRIMARY", "votes": 1, "self": true, "healthy": true, "lagSeconds": 0, "uptimeSeconds": 273845},
              {"name": "mongo-1", "ordinal": 1, "host": "mongo-1.mongo.default.svc.cluster.local:27017",
               "state": "STARTUP2", "votes": 0, "healthy": true, "lagSeconds": null, "cloneProgress": 0.42,
               "clonedFrom": "mongo-0.mongo.default.svc.cluster.local:27017", "uptimeSeconds": 65}],
             "missing": [{"name": "mongo-2", "ordinal": 2, "why": "it is empty"}],
             "decision": {"kind": "wait", "reason": "CLONING", "message": "mongo-1 copies its data"},
             "whatToDo": "Nothing; `muster status` shows it.",
             "waiting": [{"reason": "AWAIT_PEER", "message": "mongo-2 does not answer"}],
             "rules": [{"rule": "mongod answers", "decided": false, "said": "passed", "why": "it does"},
                       {"rule": "join in order", "decided": true, "said": "decided",
                        "why": "wait CLONING: mongo-1 copies its data"},
                       {"rule": "report what is missing", "decided": false, "said": "waits",
                        "why": "wait AWAIT_PEER: mongo-2 does not answer"}]}
            """;

    @Test
    void aSetThatForms() throws Exception {
        CommandLineRun run = against(200, CLONING, "status");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo("""
                        Set rs0 (691fd4c2a7b3e81f5c0d9e42)
                        Primary mongo-0, configuration version 3, term 1
                        +-----------+---------+---------------+-------+-----+-------------+--------+
                        | Member    | Ordinal | State         | Votes | Lag | Cloned from | Uptime |
                        +-----------+---------+---------------+-------+-----+-------------+--------+
                        | mongo-0 * |       0 | PRIMARY       |     1 |  0s | -           |  3d 4h |
                        | mongo-1   |       1 | STARTUP2 42 % |     0 |   - | mongo-0     |  1m 5s |
                        +-----------+---------+---------------+-------+-----+-------------+--------+
                        Missing: mongo-2 (it is empty)
                        wait CLONING: mongo-1 copies its data
                        What to do: Nothing; 'muster status' shows it.
                        Also waiting: AWAIT_PEER: mongo-2 does not answer
                        """);
        assertThat(run.code()).isEqualTo(3);
    }

    @Test
    void anApprovalThatWasNotCarriedOutIsShown() throws Exception {
        String json = """
                {"approval": {"kind": "new-set", "what": "a new set to replace 66aa", "carriedOutBy": "mongo-0",
                 "givenAt": "2026-01-01T00:00:00Z", "validUntil": "2026-01-01T01:00:00Z", "expired": %s}}""";

        assertThat(against(200, json.formatted(false), "status").out())
                .contains("Approved: a new set to replace 66aa. mongo-0 carries it out, until 2026-01-01T01:00:00Z.\n");
        assertThat(against(200, json.formatted(true), "status").out())
                .contains("Approved, but expired: a new set to replace 66aa.");
    }

    @Test
    void nothingIsKnownYet() throws Exception {
        assertThat(against(200, "{}", "status").out()).isEqualTo("""
                        Set - (no id yet)
                        Primary none, configuration version -, term -
                        +--------+---------+-------+-------+-----+-------------+--------+
                        | Member | Ordinal | State | Votes | Lag | Cloned from | Uptime |
                        +--------+---------+-------+-------+-----+-------------+--------+
                        +--------+---------+-------+-------+-----+-------------+--------+
                        unknown -: the sidecar has not made a decision yet
                        """);
    }

    @Test
    void settledIsZeroAndJsonIsAsItCame() throws Exception {
        String json = "{\"decision\": {\"kind\": \"settled\", \"reason\": \"FOLLOWING\"}}";
        assertThat(against(200, json, "status", "-o", "json")).isEqualTo(new CommandLineRun(0, json + "\n", ""));
    }

    @Test
    void explainNamesEachRule() throws Exception {
        assertThat(against(200, CLONING, "explain")).isEqualTo(new CommandLineRun(0, """
                        - passed  mongod answers: it does
                        → decided join in order: wait CLONING: mongo-1 copies its data
                        … waits   report what is missing: wait AWAIT_PEER: mongo-2 does not answer
                        What to do: Nothing; 'muster status' shows it.
                        """, ""));
    }

    @Test
    void whatIsNoAnswer() throws Exception {
        assertThat(against(503, "{}", "status").err()).contains("No sidecar answers at http://127.0.0.1:", "HTTP 503");
        assertThat(against(200, "<html>", "explain").err()).contains("its answer is not JSON");
        CommandLineRun refused = CommandLineRun.of("status", "--url=http://127.0.0.1:1");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("http://127.0.0.1:1/status");
        assertThat(CommandLineRun.of("status", "--url=mongo-0").code()).isEqualTo(2);
    }

    private static CommandLineRun against(int code, String json, String... arguments)
            throws IOException, InterruptedException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/status", exchange -> {
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(code, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            return CommandLineRun.of(
                    Map.of(
                            "MUSTER_HTTP_PORT",
                            String.valueOf(server.getAddress().getPort())),
                    arguments);
        } finally {
            server.stop(0);
        }
    }
}
