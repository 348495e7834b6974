package dev.muster.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A file system of a few files, by their contents, and directories. */
record FakeFiles(Map<String, String> contents, Set<String> writable) implements FileAccess {
    static FakeFiles ofAPod() {
        return new FakeFiles(
                Map.of(
                        "/etc/resolv.conf",
                                "nameserver 10.96.0.10\nsearch db.svc.k8s.example svc.k8s.example k8s.example\n",
                        "/var/run/secrets/kubernetes.io/serviceaccount/namespace", "db",
                        "/etc/muster/keyfile", "secretsecret",
                        "/etc/muster/user", "root",
                        "/etc/muster/password", "secretsecret"),
                Set.of("/run/muster", "/etc/muster/start.d", "/data/db"));
    }

    static FakeFiles none() {
        return new FakeFiles(Map.of(), Set.of("/run/muster"));
    }

    static FakeFiles withServiceAccount() {
        return new FakeFiles(
                Map.of("/var/run/secrets/kubernetes.io/serviceaccount/token", "a-token"), Set.of("/run/muster"));
    }

    @Override
    public boolean exists(Path path) {
        return path.toString().equals("/etc") || isReadableFile(path) || isWritableDirectory(path);
    }

    @Override
    public boolean isReadableFile(Path path) {
        return contents.containsKey(path.toString());
    }

    @Override
    public boolean isReadableDirectory(Path path) {
        return isWritableDirectory(path);
    }

    @Override
    public boolean isWritableDirectory(Path path) {
        return writable.contains(path.toString());
    }

    @Override
    public Optional<String> text(Path path) {
        return Optional.ofNullable(contents.get(path.toString()));
    }
}
