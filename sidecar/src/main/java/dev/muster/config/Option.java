package dev.muster.config;

import java.util.Locale;

/**
 * All options of {@code muster run}, in the order of the help and of the table in docs/reference.md. The constant's
 * name gives the flag ({@code SET_NAME}: {@code --set-name}) and the variable ({@code MUSTER_SET_NAME}).
 */
public enum Option {
    SET_NAME(
            "The replica set's name. It must be the same as mongod's `--replSet`.",
            Default.literal("rs0"),
            "letters, digits and . _ - (at most 128)",
            "rs0"),
    POD_NAME(
            "The name of this pod.",
            Default.derived("the environment variable `HOSTNAME`"),
            "<statefulset>-<ordinal> in lower case",
            "mongo-0"),
    SERVICE(
            "The headless Service that gives the pods their names.",
            Default.derived("the StatefulSet's name"),
            "a DNS label: lower-case letters, digits and - (at most 63)",
            "mongo"),
    NAMESPACE(
            "The Kubernetes namespace.",
            Default.derived("the namespace of the pod's service account, otherwise `default`"),
            "a DNS label: lower-case letters, digits and - (at most 63)",
            "default"),
    CLUSTER_DOMAIN(
            "The cluster's DNS domain.",
            Default.derived("the domain of the `svc.…` search entry in resolv.conf, otherwise `cluster.local`"),
            "a DNS name in lower case",
            "cluster.local"),
    MONGOD(
            "The address on which this pod's mongod accepts connections.",
            Default.derived("127.0.0.1, with the port of `--port`"),
            "host or host:port",
            "127.0.0.1:27017"),
    PORT("The port of every mongod in the set.", Default.literal("27017"), Allowed.PORT, "27017"),
    REPLICAS(
            "The number of members. Required with `--kubernetes=off`; otherwise the StatefulSet determines it, and the"
                    + " option is an error.",
            Default.derived("the StatefulSet's `spec.replicas`"),
            "a whole number between 1 and 50",
            "3"),
    FIRST_ORDINAL(
            "The StatefulSet's `spec.ordinals.start`. Only for `--kubernetes=off`, `--start-dir` and `muster prepare`;"
                    + " otherwise the StatefulSet determines it.",
            Default.literal("0"),
            "a whole number between 0 and 999999",
            "0"),
    SEED_ORDINAL(
            "The ordinal of the member from whose data the set is initiated. That mongod has data, but no replica set: it"
                    + " was a standalone, or its volume was restored without `local`. Every other member must be empty."
                    + " Give it to the sidecars of all pods. Once the set is recorded, the option has no effect.",
            Default.none(),
            "a whole number between 0 and 999999",
            "0"),
    KUBERNETES(
            "Whether Muster uses the Kubernetes API and keeps the record there.",
            Default.derived("`on` if a service account token is mounted, otherwise `off`"),
            "on or off",
            "on"),
    KEYFILE(
            "mongod's keyfile. Muster uses it to authenticate. With `--start-dir`, Muster first copies it there.",
            Default.none(),
            "the path of a readable file",
            "/etc/muster/keyfile"),
    START_DIR(
            "The directory in which Muster writes what mongod needs before it starts: `keyfile`, `mongod.conf` and, last,"
                    + " `start`. mongod's container waits for the file `start`.",
            Default.derived("none: mongod starts by itself"),
            "the absolute path of a writable directory",
            "/etc/muster"),
    DATA_DIR(
            "mongod's data directory, mounted read-only into the sidecar. Muster sees there whether mongod has ever started"
                    + " on the volume. Requires `--start-dir`.",
            Default.none(),
            "the absolute path of a readable directory",
            "/data/db"),
    ROOT_USER_FILE(
            "A file with the root user's name. Requires `--root-password-file` and `--keyfile`.",
            Default.none(),
            "the path of a readable file",
            "/etc/muster/root/username"),
    ROOT_PASSWORD_FILE(
            "A file with the root user's password. When the file changes, Muster changes the password.",
            Default.none(),
            "the path of a readable file",
            "/etc/muster/root/password"),
    HTTP_ADDRESS(
            "The address on which Muster serves the status page, the probes and the metrics.",
            Default.literal("0.0.0.0"),
            "an IP address",
            "0.0.0.0"),
    HTTP_PORT(
            "The port of the status page, the probes and the metrics.", Default.literal("8017"), Allowed.PORT, "8017"),
    SOCKET(
            "The Unix socket for `pause`, `resume`, `step-down` and `approve`.",
            Default.literal("/run/muster/muster.sock"),
            "an absolute path of at most 107 bytes in a writable directory",
            "/run/muster/muster.sock"),
    MAX_LAG(
            "The most replication lag with which a SECONDARY counts as caught up.",
            Default.literal("10s"),
            "a duration between 1s and 1h, such as 500ms, 10s, 2m or 1h",
            "10s"),
    RENAME(
            "Which members of an adopted set get their stable names. `when-unstable` replaces IP addresses, short names and"
                    + " other forms of the pods' names, and keeps any other name. A member whose name is kept never leaves"
                    + " by a scale-down.",
            Default.literal("when-unstable"),
            "never, when-unstable or always",
            "when-unstable"),
    PROMPT_ELECTION(
            "Whether the sidecars call an election as soon as the primary's mongod has ended, that is, as soon as its port is"
                    + " closed. Otherwise the members elect a new primary after `electionTimeoutMillis`, which is 10 s by"
                    + " default. Writes that no majority of the members has are rolled back after an election, however it"
                    + " was called. `on` costs two connections to the primary for each member that can be elected.",
            Default.literal("on"),
            "on or off",
            "on"),
    DNS_SERVER(
            "The name server to query.",
            Default.derived("the name servers in resolv.conf"),
            "host or host:port, with a name that resolves",
            "10.96.0.10:53"),
    DNS_TIMEOUT(
            "The time limit for one DNS query.",
            Default.literal("2s"),
            "a duration between 100ms and 10s, such as 500ms, 10s, 2m or 1h",
            "2s"),
    LOG_LEVEL("The log level.", Default.literal("info"), "trace, debug, info, warn or error", "info");

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
     * The text that is read when no value is given.
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
