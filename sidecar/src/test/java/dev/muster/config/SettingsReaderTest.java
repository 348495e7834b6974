package dev.muster.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.Settings.RootUserFiles;
import dev.muster.model.HostAddress;
import dev.muster.model.Naming;
import dev.muster.model.Renaming;
import dev.muster.model.Self;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {
    private static final Map<String, String> LEAST = Map.of("HOSTNAME", "mongo-10", "MUSTER_REPLICAS", "3");

    @Test
    void theDefaults() {
        assertThat(settings(Map.of(), LEAST, FakeFiles.none()))
                .isEqualTo(new Settings(
                        new Self(10, new Naming("mongo", "mongo", "default", "cluster.local", 27017), "rs0"),
                        new HostAddress("127.0.0.1", 27017),
                        false,
                        3,
                        0,
                        OptionalInt.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        new InetSocketAddress("0.0.0.0", 8017),
                        Path.of("/run/muster/muster.sock"),
                        Duration.ofSeconds(10),
                        Renaming.WHEN_UNSTABLE,
                        true,
                        Optional.empty(),
                        Duration.ofSeconds(2),
                        "info"));
    }

    @Test
    void aPodTellsItsNamespaceAndDomain() {
        assertThat(settings(Map.of(), LEAST, FakeFiles.ofAPod()).naming())
                .isEqualTo(new Naming("mongo", "mongo", "db", "k8s.example", 27017));
    }

    @Test
    void everyOptionByVariable() {
        Map<String, String> environment = new HashMap<>();
        environment.put("HOSTNAME", "ignored");
        environment.put("MUSTER_SET_NAME", "rs1");
        environment.put("MUSTER_POD_NAME", "my-db-7");
        environment.put("MUSTER_SERVICE", "db-headless");
        environment.put("MUSTER_NAMESPACE", "prod");
        environment.put("MUSTER_CLUSTER_DOMAIN", "k8s.internal");
        environment.put("MUSTER_MONGOD", "127.0.0.7");
        environment.put("MUSTER_PORT", "27018");
        environment.put("MUSTER_REPLICAS", "50");
        environment.put("MUSTER_FIRST_ORDINAL", "5");
        environment.put("MUSTER_SEED_ORDINAL", "54");
        environment.put("MUSTER_KUBERNETES", "off");
        environment.put("MUSTER_KEYFILE", "/etc/muster/keyfile");
        environment.put("MUSTER_START_DIR", "/etc/muster/start.d");
        environment.put("MUSTER_DATA_DIR", "/data/db");
        environment.put("MUSTER_ROOT_USER_FILE", "/etc/muster/user");
        environment.put("MUSTER_ROOT_PASSWORD_FILE", "/etc/muster/password");
        environment.put("MUSTER_HTTP_ADDRESS", "127.0.0.7");
        environment.put("MUSTER_HTTP_PORT", "65535");
        environment.put("MUSTER_SOCKET", "/run/muster/other.sock");
        environment.put("MUSTER_MAX_LAG", "2m");
        environment.put("MUSTER_RENAME", "never");
        environment.put("MUSTER_PROMPT_ELECTION", "off");
        environment.put("MUSTER_DNS_SERVER", "127.0.0.53");
        environment.put("MUSTER_DNS_TIMEOUT", "500ms");
        environment.put("MUSTER_LOG_LEVEL", "debug");
        assertThat(settings(Map.of(), environment, FakeFiles.ofAPod()))
                .isEqualTo(new Settings(
                        new Self(7, new Naming("my-db", "db-headless", "prod", "k8s.internal", 27018), "rs1"),
                        new HostAddress("127.0.0.7", 27018),
                        false,
                        50,
                        5,
                        OptionalInt.of(54),
                        Optional.of(Path.of("/etc/muster/keyfile")),
                        Optional.of(new StartOrder(Path.of("/etc/muster/start.d"), Optional.of(Path.of("/data/db")))),
                        Optional.of(new RootUserFiles(Path.of("/etc/muster/user"), Path.of("/etc/muster/password"))),
                        new InetSocketAddress("127.0.0.7", 65535),
                        Path.of("/run/muster/other.sock"),
                        Duration.ofMinutes(2),
                        Renaming.NEVER,
                        false,
                        Optional.of(new InetSocketAddress("127.0.0.53", 53)),
                        Duration.ofMillis(500),
                        "debug"));
    }

    @Test
    void withAServiceAccountTheStatefulSetSaysHowManyMembersThereAre() {
        assertThat(settings(Map.of(), Map.of("HOSTNAME", "mongo-0"), FakeFiles.withServiceAccount()))
                .matches(Settings::kubernetes)
                .matches(settings -> settings.replicas() == 0);
        assertThat(settings(Map.of(), Map.of("HOSTNAME", "mongo-0", "MUSTER_KUBERNETES", "on"), FakeFiles.none()))
                .matches(Settings::kubernetes);
    }

    @Test
    void twoSourcesForTheNumberOfMembersAreAFault() {
        assertThat(SettingsReader.read(Map.of(), LEAST, FakeFiles.withServiceAccount()))
                .isEqualTo(new SettingsReader.Faulty(
                        List.of("--replicas=3: is only for --kubernetes=off; otherwise the StatefulSet's spec.replicas"
                                + " applies (from MUSTER_REPLICAS)")));
    }

    @Test
    void aFlagBeatsItsVariable() {
        assertThat(settings(Map.of(Option.REPLICAS, "5"), LEAST, FakeFiles.none())
                        .replicas())
                .isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({
        "SET_NAME, rs/0",
        "POD_NAME, mongo",
        "POD_NAME, mongo-01",
        "POD_NAME, -1",
        "POD_NAME, Mongo-1",
        "SERVICE, a.b",
        "NAMESPACE, A",
        "CLUSTER_DOMAIN, cluster..local",
        "MONGOD, /usr/bin/mongod",
        "MONGOD, host:0",
        "PORT, 0",
        "REPLICAS, 0",
        "REPLICAS, 51",
        "REPLICAS, three",
        "FIRST_ORDINAL, -1",
        "KUBERNETES, yes",
        "KEYFILE, /etc/absent",
        "START_DIR, /etc/absent",
        "START_DIR, start.d",
        "DATA_DIR, /etc/absent",
        "ROOT_USER_FILE, /etc/absent",
        "ROOT_PASSWORD_FILE, /etc/absent",
        "HTTP_ADDRESS, localhost",
        "HTTP_PORT, 99999",
        "SOCKET, muster.sock",
        "SOCKET, /absent/muster.sock",
        "MAX_LAG, 10",
        "RENAME, sometimes",
        "RENAME, ALWAYS",
        "PROMPT_ELECTION, true",
        "MAX_LAG, 999ms",
        "MAX_LAG, 61m",
        "DNS_SERVER, 10.0.0.1:x",
        "DNS_TIMEOUT, 99ms",
        "DNS_TIMEOUT, 11s",
        "LOG_LEVEL, INFO"
    })
    void everyFaultNamesOptionValueAndWhatIsAllowed(Option option, String value) {
        String fault = "%s=%s: must be %s".formatted(option.flag(), value, option.allowed());
        assertThat(faults(Map.of(option, value), LEAST)).contains(fault);
        Map<String, String> environment = new HashMap<>(LEAST);
        environment.put(option.variable(), value);
        assertThat(faults(Map.of(), environment)).contains(fault + " (from " + option.variable() + ")");
    }

    @Test
    void allFaultsAtOnce() {
        assertThat(faults(
                        Map.of(Option.HTTP_PORT, "0", Option.ROOT_USER_FILE, "/etc/muster/user"),
                        Map.of("HOSTNAME", "laptop", "MUSTER_MAX_LAG", "soon", "MUSTER_REPLICA", "3")))
                .containsExactly(
                        "--pod-name=laptop: must be <statefulset>-<ordinal> in lower case (from HOSTNAME)",
                        "--replicas: is required: a whole number between 1 and 50, such as 3 (or set MUSTER_REPLICAS)",
                        "--root-user-file: requires --root-password-file",
                        "--root-user-file: requires --keyfile",
                        "--http-port=0: must be a port between 1 and 65535",
                        "--max-lag=soon: must be a duration between 1s and 1h, such as 500ms, 10s, 2m or 1h"
                                + " (from MUSTER_MAX_LAG)",
                        "MUSTER_REPLICA: is not an option; did you mean MUSTER_REPLICAS?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2hunter2", "/hunter2/hunter2"})
    void aSecretInThePlaceOfItsPathIsNotShown(String secret) {
        assertThat(faults(
                        Map.of(Option.KEYFILE, secret), Map.of("HOSTNAME", "mongo-0", "MUSTER_ROOT_PASSWORD", secret)))
                .hasSize(3)
                .noneMatch(fault -> fault.contains("hunter2"));
    }

    @Test
    void withAStartOrderMusterUsesTheKeyThatMongodWasGiven() {
        Map<Option, String> flags = Map.of(Option.KEYFILE, "/etc/muster/keyfile");
        assertThat(settings(flags, LEAST, FakeFiles.ofAPod()).mongodKeyfile()).contains(Path.of("/etc/muster/keyfile"));
        Map<String, String> ordered = with("MUSTER_START_DIR", "/etc/muster/start.d");
        assertThat(settings(flags, ordered, FakeFiles.ofAPod()).mongodKeyfile())
                .contains(Path.of("/etc/muster/start.d/keyfile"));
        assertThat(settings(Map.of(), ordered, FakeFiles.ofAPod()).mongodKeyfile())
                .isEmpty();
    }

    @Test
    void aDataDirectoryIsLookedAtOnlyWhereMongodWaits() {
        assertThat(faults(Map.of(Option.DATA_DIR, "/data/db"), LEAST))
                .containsExactly("--data-dir: requires --start-dir");
    }

    @ParameterizedTest
    @CsvSource({
        "MUSTER_MAX_LAG, soon, 2",
        "MUSTER_HTTP_PORT, 0, 2",
        "MUSTER_REPLICAS, 51, 2",
        "MUSTER_REPLICA, 3, 2",
        "MUSTER_ROOT_USER_FILE, /etc/absent, 2",
        "MUSTER_FIRST_ORDINAL, x,",
        "MUSTER_FIRST_ORDINAL, 3,",
        "HOSTNAME, laptop,",
    })
    void aFaultInAnotherOptionDoesNotKeepMongodDown(String variable, String value, @Nullable Integer place) {
        Map<String, String> environment = with("HOSTNAME", "mongo-2");
        environment.put("MUSTER_START_DIR", "/etc/muster/start.d");
        environment.put("MUSTER_DATA_DIR", "/data/db");
        environment.put("MUSTER_KEYFILE", "/etc/muster/keyfile");
        environment.put(variable, value);
        assertThat(SettingsReader.start(Map.of(), environment, FakeFiles.ofAPod()))
                .isEqualTo(new StartOptions.Known(
                        new StartOrder(Path.of("/etc/muster/start.d"), Optional.of(Path.of("/data/db"))),
                        Optional.of(Path.of("/etc/muster/keyfile")),
                        false,
                        Optional.ofNullable(place)));
    }

    @Test
    void whatMongodCannotStartWithoutIsAFault() {
        assertThat(SettingsReader.start(Map.of(), LEAST, FakeFiles.ofAPod())).isEqualTo(new StartOptions.None());
        assertThat(SettingsReader.start(
                        Map.of(
                                Option.START_DIR, "/etc/muster/start.d",
                                Option.DATA_DIR, "/etc/absent"),
                        LEAST,
                        FakeFiles.ofAPod()))
                .as("a data directory that cannot be read is not known")
                .isEqualTo(new StartOptions.Known(
                        new StartOrder(Path.of("/etc/muster/start.d"), Optional.empty()),
                        Optional.empty(),
                        false,
                        Optional.of(10)));
        assertThat(SettingsReader.start(
                        Map.of(Option.START_DIR, "/etc/absent", Option.KEYFILE, "hunter2hunter2"),
                        LEAST,
                        FakeFiles.ofAPod()))
                .isInstanceOfSatisfying(
                        StartOptions.Faulty.class,
                        faulty -> assertThat(faulty.faults())
                                .hasSize(2)
                                .anyMatch(fault ->
                                        fault.startsWith("--start-dir=/etc/absent: must be the absolute path of a"))
                                .anyMatch(fault -> fault.startsWith("--keyfile: must be"))
                                .noneMatch(fault -> fault.contains("hunter2")));
    }

    private static Map<String, String> with(String variable, String value) {
        Map<String, String> environment = new HashMap<>(LEAST);
        environment.put(variable, value);
        return environment;
    }

    @Test
    void variablesOfAServiceNamedMusterAreNoOptions() {
        Map<String, String> environment = new HashMap<>(LEAST);
        environment.put("MUSTER_SERVICE_HOST", "10.96.0.7");
        environment.put("MUSTER_SERVICE_PORT", "8017");
        environment.put("MUSTER_SERVICE_PORT_HTTP", "8017");
        environment.put("MUSTER_PORT", "tcp://10.96.0.7:8017");
        environment.put("MUSTER_PORT_8017_TCP", "tcp://10.96.0.7:8017");
        environment.put("MUSTER_PORT_8017_TCP_ADDR", "10.96.0.7");
        environment.put("MUSTER_HTTP_PORT", "tcp://10.96.0.8:80");
        assertThat(settings(Map.of(), environment, FakeFiles.none()).naming().port())
                .isEqualTo(27017);
    }

    private static Settings settings(Map<Option, String> flags, Map<String, String> environment, FileAccess files) {
        return switch (SettingsReader.read(flags, environment, files)) {
            case SettingsReader.Valid valid -> valid.settings();
            case SettingsReader.Faulty faulty -> throw new AssertionError(String.join("\n", faulty.faults()));
        };
    }

    private static List<String> faults(Map<Option, String> flags, Map<String, String> environment) {
        return switch (SettingsReader.read(flags, environment, FakeFiles.ofAPod())) {
            case SettingsReader.Valid valid -> List.of();
            case SettingsReader.Faulty faulty -> faulty.faults();
        };
    }
}
