package dev.muster.start;

import static java.util.Objects.requireNonNull;

import dev.muster.config.StartOptions;
import dev.muster.config.StartOrder;
import dev.muster.secrets.Keyfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes what {@code mongod}'s container waits for. Needs no server and no API, so nothing but a file can fail. */
public final class MongodStart {
    private static final byte[] START = "mongod may start. Written by Muster.\n".getBytes(StandardCharsets.UTF_8);

    private final StartOptions.Known options;
    private final StartGate gate;

    public MongodStart(StartOptions.Known options, StartGate gate) {
        this.options = requireNonNull(options, "options is null");
        this.gate = requireNonNull(gate, "gate is null");
    }

    /**
     * What was done.
     *
     * @param written the files that were not up to date
     * @param begun whether {@code mongod} may run, now or since before
     * @param data the data directory, when it was looked at
     */
    public record Outcome(List<Path> written, boolean begun, DataDirectory data) {
        public Outcome {
            written = List.copyOf(written);
            requireNonNull(data, "data is null");
        }
    }

    /** Once it is there, {@code mongod} may run. */
    static OwnersFile startFile(StartOrder order) {
        return new OwnersFile(order.start(), START);
    }

    /**
     * Writes the files that are not up to date and then, unless the gate says no, the one that lets {@code mongod} begin.
     * Doing it again changes nothing.
     *
     * @throws IOException when something cannot be read or written; the message is one line without a secret
     */
    public Outcome write() throws IOException {
        StartOrder order = options.order();
        boolean before = Files.exists(order.start());
        // Everything is read before anything is written.
        List<OwnersFile> files = new ArrayList<>();
        Optional<Path> source = options.keyfile();
        if (source.isPresent() && !(before && Files.exists(order.keyfile()))) {
            files.add(new OwnersFile(
                    order.keyfile(), Keyfile.read(source.orElseThrow()).content()));
        }
        files.add(MongodConfig.file(order.mongodConfig(), options.place()));
        DataDirectory data = DataDirectory.of(order.dataDirectory());
        boolean begun = before || gate.mayBegin(data);
        if (begun && !before) {
            // Written last: once this file is there, the others are complete.
            files.add(startFile(order));
        }
        List<Path> written = new ArrayList<>();
        for (OwnersFile file : files) {
            if (file.write()) {
                written.add(file.path());
            }
        }
        return new Outcome(written, begun, data);
    }
}
