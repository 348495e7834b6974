package dev.muster.e2e;

/** The image of the examples' programs, under the name that their manifests have, once for all tests. */
final class ExampleImage {
    static final String NAME = "muster-examples:0.1.0";

    private static boolean ready;

    private ExampleImage() {}

    static synchronized void provide() {
        if (!ready && TestSettings.exampleImage().isEmpty()) {
            LocalImage.build("../examples/apps", "target/muster-examples.jar", NAME);
        }
        ready = true;
    }
}
