package dev.muster.e2e;

import org.jspecify.annotations.Nullable;

/** The writer's image, built from this module's own jar and brought into the nodes, once for all tests. */
final class WriterImage {
    private static final String NAME = "muster-e2e-writer:dev";

    private static @Nullable String ready;

    private WriterImage() {}

    static synchronized String name() {
        String name = ready;
        if (name == null) {
            name = TestSettings.writerImage().orElseGet(WriterImage::build);
            ready = name;
        }
        return name;
    }

    private static String build() {
        LocalImage.build(".", "target/muster-e2e.jar", NAME);
        return NAME;
    }
}
