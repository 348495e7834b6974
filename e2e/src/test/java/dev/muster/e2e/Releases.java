package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The releases of a test: keeps what they said when it fails, and removes their namespaces afterwards. No mongod may
 * crash, whatever a test does: a test in which one did has failed.
 */
final class Releases implements BeforeEachCallback, AfterEachCallback {
    private static final String PREFIX = "muster-e2e-";

    private final List<Release> made = new ArrayList<>();
    private String test = "";

    @Override
    public void beforeEach(ExtensionContext context) {
        test = context.getRequiredTestClass().getSimpleName() + "."
                + context.getRequiredTestMethod().getName();
        NodeFaults.bootWhatIsDown();
    }

    /** A namespace for one release; nothing is installed yet. */
    Release create() {
        String suffix = Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36 * 36, Integer.MAX_VALUE), 36);
        Path logs = Path.of("target", "pod-logs", test, suffix);
        Release release = new Release(test, PREFIX + suffix, logs);
        made.add(release);
        return release;
    }

    Release install(ReleaseValues values) {
        return create().install(values);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<String> crashes = new ArrayList<>();
        for (Release release : made) {
            List<String> ofThisOne = release.logs().mongodCrashes();
            if (context.getExecutionException().isPresent() || !ofThisOne.isEmpty()) {
                keepEvidence(release);
            }
            crashes.addAll(ofThisOne);
            release.logs().close();
            if (TestSettings.keep()) {
                System.out.println(test + ": namespace " + release.namespace() + " is kept");
            } else {
                delete(release);
            }
        }
        made.clear();
        assertThat(crashes).as("what shows that a mongod crashed").isEmpty();
    }

    private void keepEvidence(Release release) {
        Path directory = Path.of("target", "failures", test, release.namespace());
        new Evidence(release, directory).keep();
        System.out.println(test + " failed; what was seen is in " + directory.toAbsolutePath());
    }

    /** Does not wait for the end; an ordinary deletion would wait for the quiesce of every primary. */
    private static void delete(Release release) {
        String namespace = release.namespace();
        try {
            release.client()
                    .apps()
                    .statefulSets()
                    .inNamespace(namespace)
                    .withName(Release.NAME)
                    .delete();
            release.client().pods().inNamespace(namespace).withGracePeriod(0).delete();
            release.client().namespaces().withName(namespace).delete();
        } catch (KubernetesClientException e) {
            System.out.println("namespace " + namespace + " was not deleted: " + e.getMessage());
        }
    }

    /** Copies a directory's files. */
    static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.list(from)) {
            Files.createDirectories(to);
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
