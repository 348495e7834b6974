package dev.muster.playground;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A process that {@link Spawner} started. Safe for use by several threads. */
final class ChildProcess {
    /** The signals that the playground sends. */
    enum Signal {
        TERM(15),
        KILL(9),
        STOP(19),
        CONT(18);

        private final int number;

        Signal(int number) {
            this.number = number;
        }
    }

    /** What a process's exit status is above the signal that ended it. */
    private static final int BY_SIGNAL = 128;

    /** A killed process is gone within milliseconds; one in uninterruptible disk waits may take longer. */
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(20);

    private final String name;
    private final Process process;
    private final Set<Signal> sent = ConcurrentHashMap.newKeySet();

    ChildProcess(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The exit status; throws while the process is alive. A signal's is 128 plus its number. */
    int exitStatus() {
        return process.exitValue();
    }

    /** The signal that ended the process if it was not sent by {@link #signal}; throws while the process is alive. */
    OptionalInt foreignSignal() {
        int signal = exitStatus() - BY_SIGNAL;
        boolean ours = sent.stream().anyMatch(own -> own.number == signal);
        return signal > 0 && !ours ? OptionalInt.of(signal) : OptionalInt.empty();
    }

    /** Sends a signal and returns at once. To a process that has ended it does nothing. */
    void signal(Signal signal) {
        if (!process.isAlive()) {
            return;
        }
        sent.add(signal);
        switch (signal) {
            case TERM -> process.destroy();
            case KILL -> process.destroyForcibly();
            case STOP, CONT -> signalByShell(signal);
        }
    }

    /** Sends SIGKILL and waits until the process is gone. Also ends a stopped process. */
    void kill() {
        signal(Signal.KILL);
        awaitExit(KILL_TIMEOUT);
    }

    /** Waits until the process has ended; throws when it has not in that time. */
    void awaitExit(Duration timeout) {
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new PlaygroundException(
                        "the " + name + " (process " + pid() + ") did not end within " + timeout.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlaygroundException("interrupted while waiting for the " + name + " to end", e);
        }
    }

    void onExit(Runnable action) {
        process.onExit().thenRun(action).exceptionally(failure -> {
            throw new IllegalStateException("the exit of the " + name + " could not be seen", failure);
        });
    }

    private void signalByShell(Signal signal) {
        try {
            // The shell's built-in: Java has no way to send these two.
            int status = new ProcessBuilder("sh", "-c", "kill -" + signal.name().toUpperCase(Locale.ROOT) + " " + pid())
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0 && process.isAlive()) {
                throw new PlaygroundException("cannot send SIG" + signal + " to the " + name);
            }
        } catch (IOException e) {
            throw new PlaygroundException("cannot send SIG" + signal + " to the " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlaygroundException("interrupted while sending SIG" + signal + " to the " + name, e);
        }
    }
}
