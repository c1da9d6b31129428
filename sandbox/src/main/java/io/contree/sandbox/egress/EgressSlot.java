package io.contree.sandbox.egress;

import io.contree.linux.Fd;
import io.contree.linux.IdRanges;
import io.contree.linux.PinnedNetwork;
import io.contree.sandbox.nursery.Cable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
    private final Optional<PinnedNetwork> pinned;
    private final Optional<Cable> cable;
    private final Optional<IdRanges.Range> ids;
    private final Consumer<EgressSlot> whenReleased;
    private @Nullable Fd held;
    private Traffic last = Traffic.NONE;
    private boolean released;

    private EgressSlot(
            int number,
            String device,
            String address,
            Optional<PinnedNetwork> pinned,
            Optional<Cable> cable,
            Optional<IdRanges.Range> ids,
            Consumer<EgressSlot> whenReleased) {
        this.number = number;
        this.device = device;
        this.address = address;
        this.pinned = pinned;
        this.cable = cable;
        this.ids = ids;
        this.whenReleased = whenReleased;
    }

    /** For a sandbox that joins a network that is there. */
    static EgressSlot byPath(
            int number,
            String device,
            String address,
            PinnedNetwork network,
            Optional<IdRanges.Range> ids,
            Consumer<EgressSlot> whenReleased) {
        return new EgressSlot(number, device, address, Optional.of(network), Optional.empty(), ids, whenReleased);
    }

    /** For a sandbox with a network of its own. */
    static EgressSlot byCable(int number, Cable cable, String address, Consumer<EgressSlot> whenReleased) {
        return new EgressSlot(
                number, cable.device(), address, Optional.empty(), Optional.of(cable), Optional.empty(), whenReleased);
    }

    /** A file that stands for the network namespace, for a container to join. */
    public Path namespace() {
        return pinned.orElseThrow(() -> new IllegalStateException("the sandbox has a network of its own"))
                .path();
    }

    /** What to lay into a sandbox's own network; empty if it joins one. */
    public Optional<Cable> cable() {
        return cable;
    }

    /** Holds the network into which the cable was laid, so that its traffic can be read after its last process. Takes it over. */
    public synchronized void hold(Fd network) {
        if (released) {
            network.close();
        } else {
            held = network;
        }
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

    private synchronized void letGo() {
        if (held != null) {
            held.close();
        }
    }

    /** Lets go of the namespace and gives the ids back; its device is gone. */
    void destroy() throws IOException {
        try {
            letGo();
            if (pinned.isPresent()) {
                pinned.get().close();
            }
        } finally {
            ids.ifPresent(IdRanges.Range::close);
        }
    }
}
