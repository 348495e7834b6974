package dev.muster.config;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The options among the environment's variables.
 *
 * <p>Kubernetes puts variables of its own into every container of a namespace that has a Service named {@code muster}
 * or {@code muster-…}; they look like options ({@code MUSTER_PORT=tcp://10.96.0.7:8017}) and are none.
 */
final class Variables {
    // https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
    private static final Pattern OF_A_SERVICE = Pattern.compile(
            "MUSTER_(.+_)?(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");
    private static final Pattern SERVICE_URL = Pattern.compile("(tcp|udp|sctp)://.*");

    private final Map<String, String> environment;

    Variables(Map<String, String> environment) {
        this.environment = environment;
    }

    /** An option's value; an empty variable counts as not set, as templates leave them behind. */
    Optional<String> value(Option option) {
        String name = option.variable();
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isEmpty())
                .filter(value -> !isOfAService(name, value));
    }

    /** Any variable of the environment, not only an option's. */
    Optional<String> named(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /** One fault for each variable that looks like an option and is none. Values are not shown: one may be a secret. */
    List<String> unknown() {
        List<String> known =
                Arrays.stream(Option.values()).map(Option::variable).toList();
        return new TreeMap<>(environment)
                .entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith(Option.VARIABLE_PREFIX))
                        .filter(entry -> !known.contains(entry.getKey()))
                        .filter(entry -> !isOfAService(entry.getKey(), entry.getValue()))
                        .map(entry -> "%s: is not an option; did you mean %s?"
                                .formatted(
                                        entry.getKey(),
                                        NearestName.of(entry.getKey(), known).orElseThrow()))
                        .toList();
    }

    private static boolean isOfAService(String name, String value) {
        return OF_A_SERVICE.matcher(name).matches()
                || (name.endsWith("_PORT") && SERVICE_URL.matcher(value).matches());
    }
}
