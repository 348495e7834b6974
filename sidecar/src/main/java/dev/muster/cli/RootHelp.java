package dev.muster.cli;

/** The help of {@code muster} itself: what it is, what it can do, where to begin. */
final class RootHelp {
    static final String TEXT = """
            Muster is a sidecar that turns the mongods of a Kubernetes StatefulSet into one MongoDB
            replica set and keeps it running. When it cannot prove that a step is safe, it waits and
            says what it is waiting for.

            Usage: muster <command> [options]

            In the pod:
              run         Run the sidecar until it is stopped
              prepare     Write the files that mongod needs before it starts (in an init container)

            Inspect:
              status      Show the members, their states and the current decision
              explain     Show what each rule says about the set
              check       Test the options, files, Kubernetes API, DNS, mongod and keyfile

            Control (in the sidecar's container):
              pause       Stop making changes, but go on reporting what Muster would do
              resume      Make changes again
              step-down   Hand over from this member, the primary, to another one
              approve     Allow, once, a new set or a forced reconfiguration; or withdraw that

            Shell:
              completion  Print a completion script for bash or zsh

            Options:
              -h, --help     Print this help; 'muster <command> --help' shows its options and examples
              -V, --version  Print the version

            Examples:
              muster run --replicas=3                            in the pod mongo-0, mongo-1 or mongo-2
              kubectl exec mongo-0 -c muster -- muster status    the state of the set
              muster check --replicas=3 --keyfile=/etc/muster/keyfile

            Every option of 'run' has an environment variable: MUSTER_MAX_LAG=10s is --max-lag=10s.
            Read more: docs/reference.md explains every option, reason and metric.""";

    private RootHelp() {}
}
