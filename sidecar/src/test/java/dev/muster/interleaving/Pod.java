package dev.muster.interleaving;

/** The pods. Two have one name: the first pod, and the one that replaces it while it still runs on a lost node. */
enum Pod {
    FIRST(0, 0, "mongo-0"),
    REPLACEMENT(1, 0, "mongo-0'"),
    SECOND(2, 1, "mongo-1"),
    THIRD(3, 2, "mongo-2");

    private final int place;
    private final int number;
    private final String words;

    Pod(int place, int number, String words) {
        this.place = place;
        this.number = number;
        this.words = words;
    }

    /** In the lists of a {@link State}. */
    int place() {
        return place;
    }

    /** Its ordinal in the StatefulSet. */
    int number() {
        return number;
    }

    String uid() {
        return name();
    }

    /** The id of the set that it would initiate: 24 hexadecimal digits, as the server makes them. */
    String setId() {
        return Integer.toHexString(10 + place).repeat(24);
    }

    @Override
    public String toString() {
        return words;
    }
}
