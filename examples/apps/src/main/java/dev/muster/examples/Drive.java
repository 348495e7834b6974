package dev.muster.examples;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.bson.Document;

/**
 * Vehicles that drive and say where they are, for so many seconds; then each asks for its whole history, and the exit
 * status says whether a position that was acknowledged is missing. Arguments: the service's address, the seconds.
 */
public final class Drive {
    private static final int VEHICLES = 5;
    private static final Duration EACH = Duration.ofMillis(100);
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(10);
    private static final Duration AGAIN_AFTER = Duration.ofMillis(100);

    /** How long a vehicle goes on sending one position: beyond it the run has failed. */
    private static final Duration GIVES_UP = Duration.ofMinutes(2);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final URI service;
    private final Duration time;

    Drive(URI service, Duration time) {
        this.service = service;
        this.time = time;
    }

    /** What one vehicle saw. */
    private record Journey(int acknowledged, int repeated, Duration longestWait, int lost) {}

    /**
     * What all vehicles saw.
     *
     * @param failed vehicles that got no position through, or no history
     * @param repeated positions that had to be sent again before they were acknowledged, each time counted
     */
    record Outcome(int failed, int acknowledged, int repeated, Duration longestWait, int lost) {
        boolean isGood() {
            return failed == 0 && acknowledged > 0 && lost == 0;
        }

        @Override
        public String toString() {
            return "%d positions acknowledged, %d sent again, %d lost; the longest wait for an answer %d ms"
                    .formatted(acknowledged, repeated, lost, longestWait.toMillis());
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 2) {
            System.err.println("usage: <address of the service> <seconds>");
            System.exit(2);
        }
        Duration time = Duration.ofSeconds(Long.parseLong(arguments[1]));
        System.out.println(VEHICLES + " vehicles drive");
        Outcome outcome = new Drive(URI.create(arguments[0]), time).run();
        System.out.println(outcome);
        System.exit(outcome.isGood() ? 0 : 1);
    }

    Outcome run() throws InterruptedException {
        // Vehicles of an earlier run have histories of their own.
        String run = Long.toString(System.currentTimeMillis(), 36);
        ConcurrentLinkedQueue<Journey> journeys = new ConcurrentLinkedQueue<>();
        List<Thread> threads = IntStream.range(0, VEHICLES)
                .mapToObj(number -> Thread.ofVirtual().start(() -> journeys.add(journey(run + "-" + number, number))))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        return new Outcome(
                // One that failed left no journey.
                VEHICLES - journeys.size(),
                journeys.stream().mapToInt(Journey::acknowledged).sum(),
                journeys.stream().mapToInt(Journey::repeated).sum(),
                journeys.stream()
                        .map(Journey::longestWait)
                        .max(Comparator.naturalOrder())
                        .orElse(Duration.ZERO),
                journeys.stream().mapToInt(Journey::lost).sum());
    }

    private Journey journey(String vehicle, int number) {
        Set<String> acknowledged = new HashSet<>();
        int repeated = 0;
        Duration longest = Duration.ZERO;
        long end = System.nanoTime() + time.toNanos();
        for (int step = 0; System.nanoTime() - end < 0; step++) {
            String at = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
            String body = new Document("longitude", 13.4 + number * 0.01)
                    .append("latitude", 52.5 + step * 0.0001)
                    .append("at", at)
                    .toJson();
            long start = System.nanoTime();
            repeated += send(vehicle, body);
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            longest = took.compareTo(longest) > 0 ? took : longest;
            acknowledged.add(at);
            sleep(EACH);
        }
        Set<String> missing = new HashSet<>(acknowledged);
        history(vehicle)
                .forEach(position ->
                        missing.remove(Instant.parse(position.getString("at")).toString()));
        return new Journey(acknowledged.size(), repeated, longest, missing.size());
    }

    /** Sends it until it is acknowledged; how often it had to be sent again. */
    private int send(String vehicle, String body) {
        long start = System.nanoTime();
        for (int again = 0; System.nanoTime() - start < GIVES_UP.toNanos(); again++) {
            String failure;
            try {
                HttpResponse<String> answer = http.send(
                        request(vehicle)
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == 200 || answer.statusCode() == 201) {
                    return again;
                }
                failure = answer.statusCode() + " " + answer.body().strip();
            } catch (IOException e) {
                failure = e.toString();
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            System.out.println(vehicle + " sends again: " + failure);
            sleep(AGAIN_AFTER);
        }
        throw new IllegalStateException(vehicle + " got no position through within " + GIVES_UP.toSeconds() + " s");
    }

    private List<Document> history(String vehicle) {
        try {
            HttpResponse<String> answer =
                    http.send(request(vehicle).GET().build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("the history of " + vehicle + ": " + answer.body());
            }
            return Document.parse("{\"positions\":" + answer.body() + "}").getList("positions", Document.class);
        } catch (IOException e) {
            throw new IllegalStateException("the history of " + vehicle, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private HttpRequest.Builder request(String vehicle) {
        return HttpRequest.newBuilder(service.resolve("/vehicles/" + vehicle + "/positions"))
                .timeout(ANSWERS_WITHIN);
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted", cause);
    }
}
