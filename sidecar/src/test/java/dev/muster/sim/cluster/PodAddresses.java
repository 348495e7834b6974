package dev.muster.sim.cluster;

import dev.muster.sim.engine.Scheduler;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Which address a new pod gets: sometimes one that a pod had before, as soon as nothing runs there any more. */
public final class PodAddresses {
    /** One in so many new pods has the address of an earlier one, if there is such an address. */
    private static final int AGAIN = 4;

    private final Scheduler scheduler;
    private final Deque<InetAddress> free = new ArrayDeque<>();
    private int last;

    PodAddresses(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    InetAddress next() {
        boolean again = !free.isEmpty() && scheduler.random().nextInt(AGAIN) == 0;
        return again ? free.removeFirst() : address(++last);
    }

    /** Nothing runs there any more. */
    public void isFree(InetAddress address) {
        free.add(address);
    }

    private static InetAddress address(int number) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
