package io.contree.sandbox.egress;

import io.contree.linux.IdRanges;
import io.contree.linux.PinnedNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A network namespace for one sandbox, joined to the machine. Safe for use by several threads. */
public final class EgressSlot {
    /** The interface's name inside. */
    public static final String INTERFACE = "eth0";

    private static final Logger log = LoggerFactory.getLogger(EgressSlot.class);

    private final int number;
    private final String device;
    private final String address;
    private final PinnedNetwork network;
    private final Optional<IdRanges.Range> ids;
    private final Consumer<EgressSlot> whenReleased;
    private Traffic last = Traffic.NONE;
    private boolean released;

    EgressSlot(
            int number,
            String device,
            String address,
            PinnedNetwork network,
            Optional<IdRanges.Range> ids,
            Consumer<EgressSlot> whenReleased) {
        this.number = number;
        this.device = device;
        this.address = address;
        this.network = network;
        this.ids = ids;
        this.whenReleased = whenReleased;
    }

    /** A file that stands for the network namespace, for a container to join. */
    public Path namespace() {
        return network.path();
    }

    /** Ids of the sandbox, whose root is root over the network; empty if it has no user namespace. */
    public Optional<IdRanges.Range> ids() {
        return ids;
    }

    /** The sandbox's IPv4 address. */
    public String address() {
        return address;
    }

    /** What has gone through so far; after {@link #release}, what had by then. */
    public synchronized Traffic traffic() {
        if (!released) {
            try {
                last = Traffic.beyond(device).orElse(last);
            } catch (IOException e) {
                log.warn("Could not read the counters of {}", device, e);
            }
        }
        return last;
    }

    /** Gives it up: nothing is in it any more. It is destroyed in the background; idempotent. */
    public void release() {
        synchronized (this) {
            if (released) {
                return;
            }
            var _ = traffic();
            released = true;
        }
        whenReleased.accept(this);
    }

    int number() {
        return number;
    }

    String device() {
        return device;
    }

    /** Lets go of the namespace and gives the ids back; its device is gone. */
    void destroy() throws IOException {
        try {
            network.close();
        } finally {
            ids.ifPresent(IdRanges.Range::close);
        }
    }
}
