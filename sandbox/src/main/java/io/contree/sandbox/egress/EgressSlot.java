package io.contree.sandbox.egress;

import io.contree.linux.PinnedNamespaces;
import java.io.IOException;
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
    private final PinnedNamespaces namespaces;
    private final Consumer<EgressSlot> whenReleased;
    private Traffic last = Traffic.NONE;
    private boolean released;

    EgressSlot(
            int number, String device, String address, PinnedNamespaces namespaces, Consumer<EgressSlot> whenReleased) {
        this.number = number;
        this.device = device;
        this.address = address;
        this.namespaces = namespaces;
        this.whenReleased = whenReleased;
    }

    /** What a container joins. */
    public PinnedNamespaces namespaces() {
        return namespaces;
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
}
