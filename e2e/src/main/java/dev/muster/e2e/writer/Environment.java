package dev.muster.e2e.writer;

/** What the pod sets. */
final class Environment {
    private Environment() {}

    /** The value of a variable that has to be there. */
    static String variable(String name) {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalStateException("the variable " + name + " is not set");
        }
        return value;
    }
}
