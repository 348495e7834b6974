package dev.muster.config;

import java.util.Locale;

/**
 * All options of {@code muster run}. The order is the order of the help and of the README's table; the constant's name
 * gives the flag ({@code SET_NAME}: {@code --set-name}) and the variable ({@code MUSTER_SET_NAME}).
 */
public enum Option {
    SET_NAME(
            "The replica set's name, as mongod has it in `--replSet`.",
            Default.literal("rs0"),
            "letters, digits and . _ - (at most 128)",
            "rs0"),
    POD_NAME(
            "The name of this pod.",
            Default.derived("the variable HOSTNAME"),
            "<statefulset>-<ordinal> in lower case",
            "mongo-0"),
    SERVICE(
            "The headless Service that gives the pods their names.",
            Default.derived("the StatefulSet's name"),
            "a DNS label: lower-case letters, digits and - (at most 63)",
            "mongo"),
    NAMESPACE(
            "The Kubernetes namespace.",
            Default.derived("that of the pod's service account, else `default`"),
            "a DNS label: lower-case letters, digits and - (at most 63)",
            "default"),
    CLUSTER_DOMAIN(
            "The cluster's DNS domain.",
            Default.derived("that of resolv.conf's `svc.…` search entry, else `cluster.local`"),
            "a DNS name in lower case",
            "cluster.local"),
    MONGOD(
            "Where the mongod of this pod accepts connections.",
            Default.derived("127.0.0.1 and the port of `--port`"),
            "host or host:port",
            "127.0.0.1:27017"),
    PORT("The port of every mongod of the set.", Default.literal("27017"), Allowed.PORT, "27017"),
    REPLICAS(
            "How many members there are to be. Only with `--kubernetes=off`; else the StatefulSet says.",
            Default.derived("the StatefulSet's `spec.replicas`"),
            "a whole number between 1 and 50",
            "3"),
    FIRST_ORDINAL(
            "The StatefulSet's `spec.ordinals.start`. Only with `--kubernetes=off`; else the StatefulSet says.",
            Default.literal("0"),
            "a whole number between 0 and 999999",
            "0"),
    KUBERNETES(
            "Whether the Kubernetes API is asked, and the record kept there.",
            Default.derived("`on` where a service account is mounted, else `off`"),
            "on or off",
            "on"),
    KEYFILE(
            "The keyfile of mongod, to authenticate with.",
            Default.none(),
            "the path of a file that can be read",
            "/etc/muster/keyfile"),
    ROOT_USER_FILE(
            "The file that holds the root user's name. Needs `--root-password-file` and `--keyfile`.",
            Default.none(),
            "the path of a file that can be read",
            "/etc/muster/root/username"),
    ROOT_PASSWORD_FILE(
            "The file that holds the root user's password; the user is kept as the files say.",
            Default.none(),
            "the path of a file that can be read",
            "/etc/muster/root/password"),
    HTTP_ADDRESS(
            "The address to serve the status page, probes and metrics on.",
            Default.literal("0.0.0.0"),
            "an IP address",
            "0.0.0.0"),
    HTTP_PORT("The port of the status page, probes and metrics.", Default.literal("8017"), Allowed.PORT, "8017"),
    SOCKET(
            "The Unix socket for `pause`, `resume` and `step-down`.",
            Default.literal("/run/muster/muster.sock"),
            "an absolute path of at most 107 bytes in a directory that can be written",
            "/run/muster/muster.sock"),
    MAX_LAG(
            "Up to this lag a SECONDARY counts as caught up.",
            Default.literal("10s"),
            "a duration between 1s and 1h, such as 500ms, 10s, 2m or 1h",
            "10s"),
    DNS_SERVER(
            "The name server to ask.",
            Default.derived("those of resolv.conf"),
            "host or host:port, with a name that resolves",
            "10.96.0.10:53"),
    DNS_TIMEOUT(
            "How long one DNS query may take.",
            Default.literal("2s"),
            "a duration between 100ms and 10s, such as 500ms, 10s, 2m or 1h",
            "2s"),
    LOG_LEVEL("How much is logged.", Default.literal("info"), "trace, debug, info, warn or error", "info");

    /** What every option's variable begins with. */
    static final String VARIABLE_PREFIX = "MUSTER_";

    private final String description;
    // Records of strings, which the checker cannot see through the interface.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Default defaultValue;

    private final String allowed;
    private final String example;

    Option(String description, Default defaultValue, String allowed, String example) {
        this.description = description;
        this.defaultValue = defaultValue;
        this.allowed = allowed;
        this.example = example;
    }

    /** Such as {@code set-name}. */
    public String optionName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Such as {@code --set-name}. */
    public String flag() {
        return "--" + optionName();
    }

    /** Such as {@code MUSTER_SET_NAME}. */
    public String variable() {
        return VARIABLE_PREFIX + name();
    }

    /** What it is for, as a sentence; Markdown. */
    public String description() {
        return description;
    }

    public Default defaultValue() {
        return defaultValue;
    }

    /** What a value must be, to stand after "must be"; lists the range with its unit. */
    public String allowed() {
        return allowed;
    }

    /** A value that is allowed. */
    public String example() {
        return example;
    }

    /**
     * The text that is read when nobody gives one.
     *
     * @throws IllegalStateException when the default is no fixed text
     */
    String literalDefault() {
        if (defaultValue instanceof Default.Literal literal) {
            return literal.text();
        }
        throw new IllegalStateException(flag() + " has no fixed default");
    }

    private static final class Allowed {
        private static final String PORT = "a port between 1 and 65535";
    }
}
