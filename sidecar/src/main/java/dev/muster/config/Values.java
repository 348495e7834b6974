package dev.muster.config;

import dev.muster.model.HostAddress;
import dev.muster.model.Renaming;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses values as an operator writes them, each to its type; empty when the text is not of that type. */
final class Values {
    private static final Pattern SET_NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");
    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern DNS_NAME = Pattern.compile(DNS_LABEL + "(\\." + DNS_LABEL + ")*");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]+");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final List<String> LOG_LEVELS = List.of("trace", "debug", "info", "warn", "error");
    // sun_path of Linux's sockaddr_un holds 108 bytes, a closing zero among them.
    private static final int SOCKET_PATH_BYTES = 107;
    // RFC 1035, 2.3.4, less the longest name that is put before a cluster domain.
    private static final int DOMAIN_LENGTH = 100;

    private Values() {}

    static Optional<String> setName(String text) {
        return Optional.of(text).filter(name -> SET_NAME.matcher(name).matches());
    }

    static Optional<String> dnsLabel(String text) {
        return Optional.of(text).filter(label -> DNS_LABEL.matcher(label).matches());
    }

    static Optional<String> dnsName(String text) {
        return Optional.of(text)
                .filter(name -> name.length() <= DOMAIN_LENGTH)
                .filter(name -> DNS_NAME.matcher(name).matches());
    }

    static Optional<Boolean> onOrOff(String text) {
        return switch (text) {
            case "on" -> Optional.of(true);
            case "off" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    static Optional<Renaming> renaming(String text) {
        return switch (text) {
            case "never" -> Optional.of(Renaming.NEVER);
            case "when-unstable" -> Optional.of(Renaming.WHEN_UNSTABLE);
            case "always" -> Optional.of(Renaming.ALWAYS);
            default -> Optional.empty();
        };
    }

    static Optional<String> logLevel(String text) {
        return Optional.of(text).filter(LOG_LEVELS::contains);
    }

    static Optional<Integer> port(String text) {
        return number(text, 1, 65535);
    }

    /** A whole number between two, both allowed. */
    static Optional<Integer> number(String text, int least, int most) {
        return Optional.of(text)
                .filter(digits -> NUMBER.matcher(digits).matches())
                .map(Integer::valueOf)
                .filter(value -> least <= value && value <= most);
    }

    /** A duration between two, both allowed. */
    static Optional<Duration> duration(String text, Duration least, Duration most) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long amount = Long.parseLong(matcher.group(1));
        Duration duration = switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
        return Optional.of(duration).filter(value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0);
    }

    /** A host, with that port where the text names none. */
    static Optional<HostAddress> hostAddress(String text, int defaultPort) {
        try {
            HostAddress address = HostAddress.parse(text);
            if (!HOST.matcher(address.host()).matches()) {
                return Optional.empty();
            }
            boolean namesPort = text.startsWith("[")
                    ? text.contains("]:")
                    : text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':');
            return Optional.of(namesPort ? address : new HostAddress(address.host(), defaultPort));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A host that resolves now; asks DNS when it is a name. */
    static Optional<InetSocketAddress> resolved(String text, int defaultPort) {
        return hostAddress(text, defaultPort)
                .map(address -> new InetSocketAddress(address.host(), address.port()))
                .filter(address -> !address.isUnresolved());
    }

    /** An address written as numbers: never asks DNS. */
    static Optional<InetAddress> ipAddress(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text)).filter(path -> !text.isBlank());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** An absolute path that the system can bind a Unix socket to. */
    static Optional<Path> socketPath(String text) {
        return path(text)
                .filter(Path::isAbsolute)
                .filter(path -> text.getBytes(StandardCharsets.UTF_8).length <= SOCKET_PATH_BYTES);
    }
}
