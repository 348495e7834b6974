package dev.muster.plan;

/** Numbers in sentences. */
public final class Words {
    private Words() {}

    /** {@code 1 member}, {@code 3 members}. */
    public static String count(long count, String noun) {
        return count == 1 ? "1 " + noun : count + " " + noun + "s";
    }

    /** {@code once}, {@code twice}, {@code 3 times}. */
    static String times(int times) {
        return switch (times) {
            case 1 -> "once";
            case 2 -> "twice";
            default -> times + " times";
        };
    }
}
