import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * Answers as a Kubernetes API server, to the one sidecar that the image's start-up cache is trained on: nobody else
 * may use it. It is a load and no test: it believes everything, knows no rights and no conflicts, and what it accepts
 * proves nothing about a real API server. It listens on the loopback alone, without TLS and HTTP/2: a proxy before it
 * has both.
 */
final class ApiServerStandIn {
    private static final String NAMESPACE = "/namespaces/default/";
    private static final String SETS = "/apis/apps/v1" + NAMESPACE + "statefulsets/";
    private static final String PODS = "/api/v1" + NAMESPACE + "pods/";
    private static final String WATCHED = "fieldSelector=metadata.name=";

    /** JSON by path, each with its own {@code resourceVersion}. */
    private final Map<String, String> objects = new HashMap<>();

    private int version;

    private ApiServerStandIn() {
        put(SETS + "mongo", """
            {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "mongo", "uid": "uid-of-mongo"}, \
            "spec": {"replicas": 1, "volumeClaimTemplates": [{"metadata": {"name": "data"}}]}}\
            """);
        // The sidecar believes that a pod is its own when it has one of its own addresses.
        put(PODS + "mongo-0", """
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "mongo-0", "uid": "uid-of-mongo-0"}, \
            "spec": {"nodeName": "node"}, "status": {"podIP": "127.0.0.1"}}\
            """);
    }

    /**
     * Serves until the process ends.
     *
     * @param arguments the port
     */
    public static void main(String[] arguments) throws IOException {
        ApiServerStandIn standIn = new ApiServerStandIn();
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", standIn::serve);
        server.start();
    }

    private void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query = exchange.getRequestURI().getQuery() == null
                ? ""
                : exchange.getRequestURI().getQuery();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        System.out.println(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
        String watched = path + "/" + query.replaceFirst("^" + WATCHED, "").replaceFirst("&.*", "");
        switch (exchange.getRequestMethod()) {
            case "POST" -> answer(exchange, 201, put(path + "/" + nameIn(body), body));
            case "PUT" -> answer(exchange, 200, put(path, body));
            case "PATCH" -> answer(exchange, 200, get(path));
            case String _ when query.contains("&watch=true") -> watch(exchange, watched);
            case String _ when query.startsWith(WATCHED) -> answer(exchange, 200, list(watched));
            case String _
            when get(path).isEmpty() ->
                answer(exchange, 404, "{\"kind\": \"Status\", \"code\": 404, \"message\": \"not found\"}");
            default -> answer(exchange, 200, get(path));
        }
    }

    private static String nameIn(String json) {
        // An Event has none: the API server would give it one.
        return json.contains("\"name\": \"") ? json.replaceFirst("(?s).*?\"name\": \"([^\"]*)\".*", "$1") : "";
    }

    private synchronized String put(String path, String json) {
        version++;
        String stamped = json.replaceFirst("\"resourceVersion\": \"[^\"]*\",? *", "")
                .replaceFirst("\"metadata\": \\{", "\"metadata\": {\"resourceVersion\": \"" + version + "\", ");
        objects.put(path, stamped);
        notifyAll();
        return stamped;
    }

    private synchronized String get(String path) {
        return objects.getOrDefault(path, "");
    }

    private synchronized String list(String path) {
        return "{\"kind\": \"List\", \"metadata\": {\"resourceVersion\": \"" + version + "\"}, \"items\": [" + get(path)
                + "]}";
    }

    private synchronized String nextAfter(String path, String seen) throws InterruptedException {
        while (get(path).equals(seen)) {
            wait();
        }
        return get(path);
    }

    /** Tells of each change, and never ends: the record is not believed to be written before its watch says so. */
    private void watch(HttpExchange exchange, String path) throws IOException {
        String seen = get(path);
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream events = exchange.getResponseBody()) {
            events.flush();
            while (true) {
                String type = seen.isEmpty() ? "ADDED" : "MODIFIED";
                seen = nextAfter(path, seen);
                events.write(
                        ("{\"type\": \"" + type + "\", \"object\": " + seen + "}\n").getBytes(StandardCharsets.UTF_8));
                events.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int code, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }
}
