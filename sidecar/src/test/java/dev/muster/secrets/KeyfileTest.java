package dev.muster.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.contract.KeyfileShapes;
import dev.muster.contract.KeyfileShapes.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class KeyfileTest {
    @TempDir
    Path directory;

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.muster.contract.KeyfileShapes#accepted")
    void hasTheKeysThatMongodReads(Shape shape) throws IOException {
        assertThat(read(shape.content()).keys()).isEqualTo(shape.keys());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("whatIsRefused")
    void isRefusedWithoutShowingWhatItHolds(Shape shape) {
        assertThatThrownBy(() -> read(shape.content()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("keyfile " + directory.resolve("keyfile") + ": ")
                .hasMessageNotContainingAny(KeyfileShapes.ONE, KeyfileShapes.OTHER, "abc", "bad", "\n");
    }

    static Stream<Shape> whatIsRefused() {
        return Stream.of(KeyfileShapes.refused(), KeyfileShapes.acceptedByMistake())
                .flatMap(List::stream);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing | holds no key",
                "a comment alone | holds no key",
                "an empty list | holds no key",
                "three keys | holds 3 keys; mongod accepts one, or two",
                "too short without its spaces | a key has 5 characters; mongod accepts 6 to 1024",
                "another character | a key has a character that is not base64 (A-Z a-z 0-9 + / =)",
                "a comment without a space | ; a comment begins with a space and #",
                "a mapping | is a YAML mapping, as of a key with a colon; mongod accepts one key, or a list of two",
                "a flow list without its end | is not the YAML that mongod reads, in line 2; mongod accepts one key",
                "a key behind a list | is not the YAML that mongod reads, in line",
                "a zero | has characters that no YAML has",
                "Latin-1 | has characters that no YAML has",
            })
    void saysWhy(String name, String reason) {
        Shape shape = whatIsRefused()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        assertThatThrownBy(() -> read(shape.content())).hasMessageContaining(reason);
    }

    /** yaml-cpp would not return. */
    @Test
    void aListThatContainsItselfIsRefused() {
        assertThatThrownBy(() -> read("&a [*a]".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("contains itself");
    }

    private Keyfile read(byte[] content) throws IOException {
        return Keyfile.read(Files.write(directory.resolve("keyfile"), content));
    }
}
