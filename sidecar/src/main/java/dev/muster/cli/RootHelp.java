package dev.muster.cli;

/** The help of {@code muster} itself: what it is, what it can do, where to begin. */
final class RootHelp {
    static final String TEXT = """
            Muster is a sidecar that makes the mongods of a Kubernetes StatefulSet into one MongoDB
            replica set and keeps it one. What it cannot prove it waits for, and says what it waits for.

            Usage: muster <command> [options]

            In the pod:
              run         Watch the mongod beside this process and steer the set; never ends by itself
              prepare     Write what mongod needs before it starts (for an init container)

            Look:
              status      The members, their states and what Muster does now
              explain     What Muster would do now, rule by rule, and why
              check       Try the options, DNS, mongod and the keyfile; each line ok or what is wrong

            Steer (in the sidecar's container):
              pause       Decide and say, but change nothing
              resume      Act again
              step-down   Let this primary hand over
              approve     Allow, once, what only a person may decide: a new set, a forced reconfiguration

            Shell:
              completion  Print a completion script for bash or zsh

            Options:
              -h, --help     Print this help; 'muster <command> --help' has the options and examples
              -V, --version  Print the version

            Examples:
              muster run --replicas=3                            in the pod mongo-0, mongo-1 or mongo-2
              kubectl exec mongo-0 -c muster -- muster status    how is the set?
              muster check --replicas=3 --keyfile=/etc/muster/keyfile

            Every option of 'run' can be a variable too: --max-lag=10s is MUSTER_MAX_LAG=10s.
            Read more: README.md has the options, the reasons and what to do about each.""";

    private RootHelp() {}
}
