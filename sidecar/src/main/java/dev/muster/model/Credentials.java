package dev.muster.model;

import static java.util.Objects.requireNonNull;

/** A user's name and password. Never prints the password. */
public record Credentials(String user, String password) {
    public Credentials {
        requireNonNull(user, "user is null");
        requireNonNull(password, "password is null");
    }

    @Override
    public String toString() {
        return "Credentials[user=" + user + "]";
    }
}
