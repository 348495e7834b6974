package dev.muster.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamingTest {
    private static final Naming NAMING = new Naming("mongo", "mongo-headless", "shop", "cluster.local", 27017);

    @ParameterizedTest(name = "S6: {0} has ordinal {1}")
    @CsvSource({
        "mongo-0, 0",
        "mongo-1, 1",
        "mongo-10, 10",
        "mongo-11, 11",
        "mongo-100, 100",
        "mongo-999999999, 999999999"
    })
    void ordinalsAreNumbers(String pod, int ordinal) {
        assertThat(Naming.ordinalOfPod(pod, "mongo")).isEqualTo(OptionalInt.of(ordinal));
    }

    @ParameterizedTest(name = "S6: {0} is no pod of mongo")
    @ValueSource(
            strings = {
                "mongo",
                "mongo-",
                "mongo-01",
                "mongo--1",
                "mongo-1a",
                "mongodb-0",
                "mongo-x-0",
                "Mongo-0",
                "mongo-1000000000"
            })
    void whatIsNoPodHasNoOrdinal(String pod) {
        assertThat(Naming.ordinalOfPod(pod, "mongo")).isEmpty();
    }

    @Test
    void twelveMembersHaveTwelveDifferentNamesAndEachIsFoundAgain() {
        for (int ordinal = 0; ordinal < 12; ordinal++) {
            HostAddress address = NAMING.address(ordinal);
            assertThat(address.toString())
                    .isEqualTo("mongo-" + ordinal + ".mongo-headless.shop.svc.cluster.local:27017");
            assertThat(NAMING.ordinalOf(address)).isEqualTo(OptionalInt.of(ordinal));
        }
    }

    @Test
    void anotherServicesOrPortsHostIsNotOurs() {
        assertThat(NAMING.ordinalOf(HostAddress.parse("mongo-1.other.shop.svc.cluster.local:27017")))
                .isEmpty();
        assertThat(NAMING.ordinalOf(HostAddress.parse("mongo-1.mongo-headless.shop.svc.cluster.local:27018")))
                .isEmpty();
        assertThat(NAMING.ordinalOf(HostAddress.parse("mongo-1:27017"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "a, a:27017",
        "a:1, a:1",
        "10.0.0.1:27018, 10.0.0.1:27018",
        "'[::1]:5', '[::1]:5'",
        "::1, '[::1]:27017'",
        "MONGO-0.Example:1, mongo-0.example:1"
    })
    void readsAddresses(String text, String read) {
        assertThat(HostAddress.parse(text).toString()).isEqualTo(read);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ":1", "a:x", "a:0", "a:65536", "[::1", "[::1]:", "[::1]:x", "a b:1", "/a:1"})
    void refusesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> HostAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
