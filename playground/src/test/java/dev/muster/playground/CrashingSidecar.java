package dev.muster.playground;

import dev.muster.config.FileAccess;
import dev.muster.config.Option;
import dev.muster.config.SettingsReader;
import dev.muster.model.Credentials;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.PeerMongod;
import dev.muster.model.RootUser;
import dev.muster.model.SetRenaming;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.MongodDetails;
import dev.muster.plan.ConfigChange;
import dev.muster.plan.Outcome;
import dev.muster.sidecar.Sidecar;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The real sidecar, which kills itself with SIGKILL right after its N-th write took effect, before it can know: N is
 * the system property {@code crash.after}. Options come as flags, {@code --name=value}.
 */
public final class CrashingSidecar {
    private CrashingSidecar() {}

    public static void main(String[] arguments) throws InterruptedException {
        Map<String, String> variables = new HashMap<>();
        for (String argument : arguments) {
            if (argument.startsWith("--")) {
                int equals = argument.indexOf('=');
                variables.put(
                        "MUSTER_"
                                + argument.substring(2, equals)
                                        .toUpperCase(Locale.ROOT)
                                        .replace('-', '_'),
                        argument.substring(equals + 1));
            }
        }
        int writes = Integer.getInteger("crash.after", 1);
        switch (SettingsReader.read(new EnumMap<>(Option.class), variables, FileAccess.real())) {
            case SettingsReader.Valid valid ->
                System.exit(new Sidecar(valid.settings(), mongod -> new Crashing(mongod, writes)).run());
            case SettingsReader.Faulty faulty -> throw new IllegalArgumentException(String.join("\n", faulty.faults()));
        }
    }

    private static final class Crashing implements Mongod {
        private final Mongod mongod;
        private final AtomicInteger left;

        Crashing(Mongod mongod, int writes) {
            this.mongod = mongod;
            this.left = new AtomicInteger(writes);
        }

        @Override
        public boolean hasEnded() {
            return mongod.hasEnded();
        }

        private Outcome counted(Outcome outcome) {
            if (outcome instanceof Outcome.Done && left.decrementAndGet() == 0) {
                killOurselves();
            }
            return outcome;
        }

        private static void killOurselves() {
            try {
                new ProcessBuilder(List.of(
                                "kill",
                                "-KILL",
                                Long.toString(ProcessHandle.current().pid())))
                        .start()
                        .waitFor();
                Thread.sleep(Duration.ofMinutes(1));
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException("could not kill itself", e);
            }
        }

        @Override
        public LocalMongod observe() {
            return mongod.observe();
        }

        @Override
        public PeerMongod observeAsPeer(Duration unknownFor) {
            return mongod.observeAsPeer(unknownFor);
        }

        @Override
        public Outcome initiate(String setName, HostAddress self, LocalMongod seen) {
            return counted(mongod.initiate(setName, self, seen));
        }

        @Override
        public Outcome reconfigure(ConfigChange change, long version, long term) {
            return counted(mongod.reconfigure(change, version, term));
        }

        @Override
        public Outcome forceReconfigure(List<HostAddress> down, long version) {
            return counted(mongod.forceReconfigure(down, version));
        }

        @Override
        public Outcome checkForce(List<HostAddress> down, long version) {
            return mongod.checkForce(down, version);
        }

        @Override
        public Outcome renameSet(SetRenaming renaming) {
            return counted(mongod.renameSet(renaming));
        }

        @Override
        public Outcome restart(HostAddress takenForItself) {
            return counted(mongod.restart(takenForItself));
        }

        @Override
        public Outcome syncFrom(HostAddress source) {
            return counted(mongod.syncFrom(source));
        }

        @Override
        public RootUser compareRootUser(Credentials root) {
            return mongod.compareRootUser(root);
        }

        @Override
        public Outcome createRootUser(Credentials root) {
            return counted(mongod.createRootUser(root));
        }

        @Override
        public Outcome updateRootPassword(Credentials root) {
            return counted(mongod.updateRootPassword(root));
        }

        @Override
        public Outcome stepUp() {
            return mongod.stepUp();
        }

        @Override
        public Outcome stepDown() {
            return mongod.stepDown();
        }

        @Override
        public Optional<MongodDetails> details() {
            return mongod.details();
        }

        @Override
        public void close() {
            mongod.close();
        }
    }
}
