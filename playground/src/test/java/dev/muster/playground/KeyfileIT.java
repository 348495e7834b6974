package dev.muster.playground;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.contract.Fleet;
import dev.muster.contract.KeyfileShapes;
import dev.muster.contract.KeyfileShapes.Shape;
import dev.muster.model.LocalMongod;
import dev.muster.mongo.Mongod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real mongod has the keys that {@link KeyfileShapes} says, and so those that Muster reads from the same file. */
@Timeout(300)
class KeyfileIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SET_NAME = "rs0";

    @Test
    void mongodHasTheKeysThatMusterReads() {
        // A launch's keyfile is text, so the one in UTF-16 is left out.
        List<Shape> shapes = Stream.of(KeyfileShapes.accepted(), KeyfileShapes.acceptedByMistake())
                .flatMap(List::stream)
                .filter(shape -> shape.charset().equals(StandardCharsets.UTF_8))
                .toList();
        try (PlaygroundFleet fleet = new PlaygroundFleet()) {
            for (int from = 0; from < shapes.size(); from += Fleet.MEMBERS) {
                List<Shape> atOnce = shapes.subList(from, Math.min(from + Fleet.MEMBERS, shapes.size()));
                for (int member = 0; member < atOnce.size(); member++) {
                    fleet.start(
                            member,
                            new Fleet.Launch(
                                    Optional.of(SET_NAME),
                                    Optional.of(atOnce.get(member).text())));
                }
                for (int member = 0; member < atOnce.size(); member++) {
                    Shape shape = atOnce.get(member);
                    for (String key : shape.keys()) {
                        assertThat(answer(fleet, member, key))
                                .as(shape.name())
                                .isEqualTo(new LocalMongod.NotYetInitialized());
                    }
                    assertThat(answer(fleet, member, KeyfileShapes.ONE + "0"))
                            .as(shape.name())
                            .isInstanceOf(LocalMongod.Denied.class);
                }
                for (int member = 0; member < atOnce.size(); member++) {
                    fleet.kill(member);
                    fleet.wipe(member);
                }
            }
        }
    }

    private static LocalMongod answer(Fleet fleet, int member, String key) {
        try (Mongod mongod = fleet.local(member, SET_NAME, Optional.of(key), () -> {})) {
            return Awaitility.await()
                    .atMost(PATIENCE)
                    .until(mongod::observe, answer -> !(answer instanceof LocalMongod.Unreachable));
        }
    }
}
