package dev.muster.tell;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the {@link Announcement} on a thread of its own, so that the cycle never waits for it. */
public final class Announcer implements CycleListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    private final Announcement announcement;
    private final AtomicReference<@Nullable CycleReport> latest = new AtomicReference<>();
    private final Semaphore news = new Semaphore(0);
    private final Thread thread;

    public Announcer(Announcement announcement) {
        this.announcement = announcement;
        this.thread = Thread.ofVirtual().name("announcer").start(this::run);
    }

    @Override
    public void reported(CycleReport report) {
        latest.set(report);
        news.release();
    }

    private void run() {
        try {
            Duration wait = Announcement.REPEAT;
            while (true) {
                boolean _ = news.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS);
                news.drainPermits();
                CycleReport report = latest.get();
                wait = report == null ? Announcement.REPEAT : tellOrLog(report);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration tellOrLog(CycleReport report) {
        try {
            return announcement.tell(report);
        } catch (RuntimeException e) {
            // A bug; the Service and the label must still follow the next primary.
            LOG.error("updating the primary's Service and the pod's label failed; it is tried again", e);
            return Announcement.RETRY;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
