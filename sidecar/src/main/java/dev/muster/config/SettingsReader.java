package dev.muster.config;

import static java.util.Objects.requireNonNull;

import dev.muster.config.Settings.RootUserFiles;
import dev.muster.model.HostAddress;
import dev.muster.model.Naming;
import dev.muster.model.Ordinals;
import dev.muster.model.Renaming;
import dev.muster.model.Self;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reads the options from flags and variables. It reads all of them before it reports anything, so that an operator can
 * fix every fault at once.
 * A flag beats its variable, the variable beats the default.
 */
public final class SettingsReader {
    private static final String POD_NAME_VARIABLE = "HOSTNAME";
    private static final Path NAMESPACE_FILE = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");
    private static final Path SERVICE_ACCOUNT_TOKEN = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final int DNS_PORT = 53;
    // MongoDB's limit on the members of a set.
    private static final int MAX_REPLICAS = 50;
    private static final int MAX_FIRST_ORDINAL = 999_999;

    private final Map<Option, String> flags;
    private final Variables variables;
    private final FileAccess files;
    private final List<String> faults = new ArrayList<>();

    private SettingsReader(Map<Option, String> flags, Map<String, String> environment, FileAccess files) {
        this.flags = flags;
        this.variables = new Variables(environment);
        this.files = files;
    }

    /** What reading came to. */
    public sealed interface Outcome {}

    /** Every option is valid. */
    public record Valid(Settings settings) implements Outcome {
        public Valid {
            requireNonNull(settings, "settings is null");
        }
    }

    /**
     * At least one option is not valid.
     *
     * @param faults all of them, one line each; none contains a secret
     */
    public record Faulty(List<String> faults) implements Outcome {
        public Faulty {
            faults = List.copyOf(faults);
        }
    }

    /**
     * Reads all options.
     *
     * @param flags what the command line gives
     * @param environment the process's variables, also those that are not Muster's
     */
    public static Outcome read(Map<Option, String> flags, Map<String, String> environment, FileAccess files) {
        return new SettingsReader(flags, environment, files).read();
    }

    /** Reads {@code --pod-name} and {@code --first-ordinal} alone, for what runs before the rest is known. */
    public static PodPosition position(Map<Option, String> flags, Map<String, String> environment, FileAccess files) {
        return new SettingsReader(flags, environment, files).position();
    }

    /** Reads what {@code mongod}'s start needs, whatever is wrong with the other options. */
    public static StartOptions start(Map<Option, String> flags, Map<String, String> environment, FileAccess files) {
        Optional<Integer> place = switch (position(flags, environment, files)) {
            case PodPosition.Known known -> Optional.of(known.index());
            case PodPosition.Faulty _ -> Optional.empty();
        };
        return new SettingsReader(flags, environment, files).start(place);
    }

    private StartOptions start(Optional<Integer> place) {
        if (given(Option.START_DIR).isEmpty()) {
            return new StartOptions.None();
        }
        Optional<Path> directory = startDirectory();
        Optional<Path> keyfile = readableFile(Option.KEYFILE);
        if (!faults.isEmpty()) {
            return new StartOptions.Faulty(faults);
        }
        // A faulty one only means that the data directory is not known.
        Optional<Path> data = readableDirectory(Option.DATA_DIR);
        boolean hasRecord = kubernetes().orElse(true);
        return new StartOptions.Known(new StartOrder(directory.orElseThrow(), data), keyfile, hasRecord, place);
    }

    private PodPosition position() {
        Optional<String> podName = podName();
        Optional<Integer> firstOrdinal = firstOrdinal();
        if (!faults.isEmpty()) {
            return new PodPosition.Faulty(faults);
        }
        String pod = podName.orElseThrow();
        int ordinal = Naming.ordinalOfPod(pod, statefulSet(pod)).orElseThrow();
        int first = firstOrdinal.orElseThrow();
        return ordinal < first
                ? new PodPosition.Faulty(List.of("%s=%d: is higher than the ordinal of %s=%s"
                        .formatted(Option.FIRST_ORDINAL.flag(), first, Option.POD_NAME.flag(), pod)))
                : new PodPosition.Known(ordinal - first);
    }

    private Outcome read() {
        Optional<Self> self = self();
        // A faulty port is reported once; what depends on it is checked all the same.
        int port = self.map(known -> known.naming().port()).orElse(HostAddress.DEFAULT_PORT);
        Optional<HostAddress> mongod = given(Option.MONGOD)
                .map(given -> accept(given, text -> Values.hostAddress(text, port)))
                .orElseGet(() -> Optional.of(new HostAddress("127.0.0.1", port)));
        Optional<Boolean> kubernetes = kubernetes();
        Optional<Integer> replicas = replicas(kubernetes.orElse(true));
        Optional<Integer> firstOrdinal = firstOrdinal();
        OptionalInt seedOrdinal = seedOrdinal(replicas.orElse(0), firstOrdinal.orElse(0));
        Optional<Path> keyfile = readableFile(Option.KEYFILE);
        Optional<StartOrder> startOrder = startOrder();
        Optional<RootUserFiles> rootUser = rootUser();
        Optional<InetSocketAddress> http = http();
        Optional<Path> socket = withDefault(Option.SOCKET, this::bindable);
        Optional<Duration> maxLag =
                withDefault(Option.MAX_LAG, text -> Values.duration(text, Duration.ofSeconds(1), Duration.ofHours(1)));
        Optional<Renaming> renaming = withDefault(Option.RENAME, Values::renaming);
        Optional<Boolean> promptElection = withDefault(Option.PROMPT_ELECTION, Values::onOrOff);
        Optional<InetSocketAddress> dnsServer =
                given(Option.DNS_SERVER).flatMap(given -> accept(given, text -> Values.resolved(text, DNS_PORT)));
        Optional<Duration> dnsTimeout = withDefault(
                Option.DNS_TIMEOUT, text -> Values.duration(text, Duration.ofMillis(100), Duration.ofSeconds(10)));
        Optional<String> logLevel = withDefault(Option.LOG_LEVEL, Values::logLevel);
        faults.addAll(variables.unknown());
        if (!faults.isEmpty()) {
            return new Faulty(faults);
        }
        return new Valid(new Settings(
                self.orElseThrow(),
                mongod.orElseThrow(),
                kubernetes.orElseThrow(),
                replicas.orElseThrow(),
                firstOrdinal.orElseThrow(),
                seedOrdinal,
                keyfile,
                startOrder,
                rootUser,
                http.orElseThrow(),
                socket.orElseThrow(),
                maxLag.orElseThrow(),
                renaming.orElseThrow(),
                promptElection.orElseThrow(),
                dnsServer,
                dnsTimeout.orElseThrow(),
                logLevel.orElseThrow()));
    }

    private Optional<Self> self() {
        Optional<String> setName = withDefault(Option.SET_NAME, Values::setName);
        Optional<String> podName = podName();
        Optional<String> service = given(Option.SERVICE)
                .map(given -> accept(given, Values::dnsLabel))
                .orElseGet(() -> podName.map(SettingsReader::statefulSet));
        Optional<String> namespace = given(Option.NAMESPACE)
                .map(given -> accept(given, Values::dnsLabel))
                .orElseGet(() -> Optional.of(namespaceOfThePod()));
        Optional<String> clusterDomain = given(Option.CLUSTER_DOMAIN)
                .map(given -> accept(given, Values::dnsName))
                .orElseGet(() -> Optional.of(clusterDomainOfResolvConf()));
        Optional<Integer> port = withDefault(Option.PORT, Values::port);
        if (Stream.of(setName, podName, service, namespace, clusterDomain, port).anyMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        String pod = podName.orElseThrow();
        String statefulSet = statefulSet(pod);
        Naming naming = new Naming(
                statefulSet,
                service.orElseThrow(),
                namespace.orElseThrow(),
                clusterDomain.orElseThrow(),
                port.orElseThrow());
        return Optional.of(
                new Self(Naming.ordinalOfPod(pod, statefulSet).orElseThrow(), naming, setName.orElseThrow()));
    }

    private Optional<Boolean> kubernetes() {
        return given(Option.KUBERNETES)
                .map(given -> accept(given, Values::onOrOff))
                .orElseGet(() -> Optional.of(files.exists(SERVICE_ACCOUNT_TOKEN)));
    }

    /** 0 where the StatefulSet determines it. Two sources for one number would be one too many. */
    private Optional<Integer> replicas(boolean kubernetes) {
        if (!kubernetes) {
            return required(Option.REPLICAS, text -> Values.number(text, 1, MAX_REPLICAS));
        }
        given(Option.REPLICAS)
                .ifPresent(given -> faults.add(
                        "%s=%s: is only for --kubernetes=off; otherwise the StatefulSet's spec.replicas applies%s"
                                .formatted(given.option().flag(), given.text(), given.source())));
        return Optional.of(0);
    }

    private Optional<String> podName() {
        return required(
                Option.POD_NAME,
                text -> Values.dnsLabel(text)
                        .filter(name ->
                                Naming.ordinalOfPod(name, statefulSet(name)).isPresent())
                        .filter(name -> !statefulSet(name).isEmpty()));
    }

    private Optional<Integer> firstOrdinal() {
        return withDefault(Option.FIRST_ORDINAL, text -> Values.number(text, 0, MAX_FIRST_ORDINAL));
    }

    /** @param replicas 0 where only the StatefulSet knows which ordinals there are */
    private OptionalInt seedOrdinal(int replicas, int first) {
        Optional<Given> given = given(Option.SEED_ORDINAL);
        Optional<Integer> seed =
                given.flatMap(value -> accept(value, text -> Values.number(text, 0, MAX_FIRST_ORDINAL)));
        seed.filter(ordinal -> replicas > 0 && !new Ordinals(first, replicas).include(ordinal))
                .ifPresent(ordinal -> faults.add("%s=%d: is none of the members, which are %d to %d%s"
                        .formatted(
                                Option.SEED_ORDINAL.flag(),
                                ordinal,
                                first,
                                first + replicas - 1,
                                given.orElseThrow().source())));
        return seed.stream().mapToInt(ordinal -> ordinal).findFirst();
    }

    private static String statefulSet(String podName) {
        return podName.substring(0, Math.max(0, podName.lastIndexOf('-')));
    }

    private String namespaceOfThePod() {
        return files.text(NAMESPACE_FILE)
                .map(String::strip)
                .flatMap(Values::dnsLabel)
                .orElse("default");
    }

    /** Kubernetes writes {@code search <namespace>.svc.<domain> svc.<domain> <domain>}. */
    private String clusterDomainOfResolvConf() {
        return files.text(RESOLV_CONF).stream()
                .flatMap(String::lines)
                .map(line -> line.strip().split("\\s+", -1))
                .filter(words -> words[0].equals("search"))
                .flatMap(Stream::of)
                .filter(word -> word.startsWith("svc."))
                .map(word -> word.substring("svc.".length()).replaceFirst("\\.$", ""))
                .flatMap(domain -> Values.dnsName(domain).stream())
                .findFirst()
                .orElse("cluster.local");
    }

    private Optional<StartOrder> startOrder() {
        Optional<Path> directory = startDirectory();
        Optional<Path> data = readableDirectory(Option.DATA_DIR);
        given(Option.DATA_DIR).ifPresent(given -> needs(given, given(Option.START_DIR), Option.START_DIR));
        return directory.map(path -> new StartOrder(path, data));
    }

    private Optional<Path> startDirectory() {
        return given(Option.START_DIR)
                .flatMap(given -> accept(
                        given,
                        text -> Values.path(text).filter(Path::isAbsolute).filter(files::isWritableDirectory)));
    }

    private Optional<RootUserFiles> rootUser() {
        Optional<Given> user = given(Option.ROOT_USER_FILE);
        Optional<Given> password = given(Option.ROOT_PASSWORD_FILE);
        Optional<Path> userFile = readableFile(Option.ROOT_USER_FILE);
        Optional<Path> passwordFile = readableFile(Option.ROOT_PASSWORD_FILE);
        user.ifPresent(given -> needs(given, password, Option.ROOT_PASSWORD_FILE));
        password.ifPresent(given -> needs(given, user, Option.ROOT_USER_FILE));
        // Said once, by the first of the two that is there.
        user.or(() -> password).ifPresent(given -> needs(given, given(Option.KEYFILE), Option.KEYFILE));
        return userFile.flatMap(name -> passwordFile.map(secret -> new RootUserFiles(name, secret)));
    }

    private void needs(Given given, Optional<Given> other, Option needed) {
        if (other.isEmpty()) {
            faults.add("%s: requires %s%s".formatted(given.option().flag(), needed.flag(), given.source()));
        }
    }

    private Optional<InetSocketAddress> http() {
        Optional<InetAddress> address = withDefault(Option.HTTP_ADDRESS, Values::ipAddress);
        Optional<Integer> port = withDefault(Option.HTTP_PORT, Values::port);
        return address.flatMap(ip -> port.map(number -> new InetSocketAddress(ip, number)));
    }

    private Optional<Path> bindable(String text) {
        return Values.socketPath(text)
                .filter(path -> Optional.ofNullable(path.getParent())
                        .filter(files::isWritableDirectory)
                        .isPresent());
    }

    private Optional<Path> readableFile(Option option) {
        return given(option)
                .flatMap(given -> accept(given, text -> Values.path(text).filter(files::isReadableFile)));
    }

    private Optional<Path> readableDirectory(Option option) {
        return given(option)
                .flatMap(given -> accept(
                        given,
                        text -> Values.path(text).filter(Path::isAbsolute).filter(files::isReadableDirectory)));
    }

    private <T> Optional<T> withDefault(Option option, Function<String, Optional<T>> parser) {
        return accept(given(option).orElseGet(() -> Given.byDefault(option)), parser);
    }

    private <T> Optional<T> required(Option option, Function<String, Optional<T>> parser) {
        Optional<Given> given = given(option);
        if (given.isEmpty()) {
            faults.add("%s: is required: %s, such as %s (or set %s)"
                    .formatted(option.flag(), option.allowed(), option.example(), option.variable()));
        }
        return given.flatMap(value -> accept(value, parser));
    }

    private <T> Optional<T> accept(Given given, Function<String, Optional<T>> parser) {
        Optional<T> value = parser.apply(given.text());
        if (value.isEmpty()) {
            faults.add(given.fault(files));
        }
        return value;
    }

    private Optional<Given> given(Option option) {
        if (flags.containsKey(option)) {
            return Optional.of(Given.byFlag(option, requireNonNull(flags.get(option), "a flag's value is null")));
        }
        Optional<Given> byVariable =
                variables.value(option).map(text -> Given.byVariable(option, text, option.variable()));
        return byVariable.isPresent() || option != Option.POD_NAME
                ? byVariable
                : variables.named(POD_NAME_VARIABLE).map(text -> Given.byVariable(option, text, POD_NAME_VARIABLE));
    }
}
