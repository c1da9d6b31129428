package io.contree.sandbox.nursery;

import io.contree.linux.Errno;
import io.contree.linux.Fd;
import io.contree.linux.IdRanges;
import io.contree.linux.LinuxException;
import io.contree.linux.PacketSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A sandbox that has everything but an image, a name and a command, and becomes the one that a run needs. Used once; safe for use
 * by several threads.
 */
public final class WaitingSandbox implements AutoCloseable {
    private static final byte[] READY = {'R'};

    private final Nursery nursery;
    private final Nursery.Child child;
    private final PacketSocket control;
    private final String name;
    private final IdRanges.Range ids;
    private final Runnable whenUnused;
    private boolean done;

    WaitingSandbox(
            Nursery nursery, Nursery.Child child, Fd control, String name, IdRanges.Range ids, Runnable whenUnused) {
        this.nursery = nursery;
        this.child = child;
        this.control = PacketSocket.of(control);
        this.name = name;
        this.ids = ids;
        this.whenUnused = whenUnused;
    }

    /** The name of its cgroup. */
    public String name() {
        return name;
    }

    /** Ids of the machine that are its own. */
    public IdRanges.Range ids() {
        return ids;
    }

    /** Waits until it waits. */
    void awaitReady(Duration patience) throws IOException {
        try {
            control.patience(patience);
            Optional<PacketSocket.Packet> greeting = control.receive();
            byte[] text = greeting.map(PacketSocket.Packet::bytes).orElse(new byte[0]);
            if (!Arrays.equals(text, READY)) {
                throw new IOException("the sandbox could not be made: "
                        + (text.length == 0 ? "it ended" : new String(text, StandardCharsets.UTF_8).strip()));
            }
        } catch (LinuxException e) {
            if (e.errno() == Errno.EAGAIN) {
                throw new IOException("the sandbox was not made within " + patience.toSeconds() + " s", e);
            }
            throw e;
        }
    }

    /**
     * Lays a cable into its network.
     *
     * @return its network namespace, which lives as long as it is open
     */
    public Fd connect(Cable cable) throws IOException {
        return nursery.lay(child, cable);
    }

    /** Lets it become what a run needs. Whether it does is heard from its init, or read in what it has for standard error. */
    public synchronized void become(Task task) throws IOException {
        if (done) {
            throw new IOException("the sandbox " + name + " was used already");
        }
        done = true;
        try {
            control.send(task.toBytes(), task.files());
        } finally {
            control.close();
        }
    }

    /** Waits until nothing of it runs: the exit code, or empty if the time runs out first. */
    public OptionalInt awaitExit(Duration patience) throws InterruptedException {
        try {
            return OptionalInt.of(child.exit().get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return OptionalInt.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an exit never fails", e);
        }
    }

    boolean hasEnded() {
        return child.exit().isDone();
    }

    /** Kills it and does not wait. */
    public void kill() {
        nursery.kill(child);
    }

    /** Ends it if it was not used. Its ids stay the caller's. */
    @Override
    public synchronized void close() {
        if (done) {
            return;
        }
        done = true;
        control.close();
        nursery.kill(child);
        child.exit().join();
        whenUnused.run();
    }
}
