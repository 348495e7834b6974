package dev.muster.judge.clients;

import java.util.concurrent.atomic.AtomicLong;

/** Values that are written, each once, and the lists to which they go. Any thread. */
final class Values {
    static final String REGISTER = "register";

    private final AtomicLong next = new AtomicLong();

    /** A value that nobody had yet. */
    long next() {
        return next.getAndIncrement();
    }

    /** The number of the list to which is appended now. */
    long currentList() {
        return next.get() / DriverClients.APPENDS_PER_LIST;
    }

    static String listName(long number) {
        return "list-" + number;
    }
}
