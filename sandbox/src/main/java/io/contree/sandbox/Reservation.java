package io.contree.sandbox;

import io.contree.linux.IdRanges;
import io.contree.linux.UserNamespace;
import io.contree.sandbox.egress.EgressSlot;
import io.contree.sandbox.nursery.WaitingSandbox;
import java.util.List;
import java.util.Optional;

/**
 * What is kept for one sandbox before it starts: ids of the machine that are its own, and a network if it may have one. Its root
 * must show these ids, so that it cannot be mounted before.
 *
 * @param runtime by which it will be started
 * @param ids empty to run without a user namespace
 * @param waiting what is to become the sandbox; empty where it is made when it starts
 * @param slot its network; empty for loopback only
 * @param nameservers that it can ask
 * @param resolvConf the text of its {@code /etc/resolv.conf}
 */
public record Reservation(
        String runtime,
        Optional<IdRanges.Range> ids,
        Optional<WaitingSandbox> waiting,
        Optional<EgressSlot> slot,
        List<String> nameservers,
        String resolvConf)
        implements AutoCloseable {
    /** Loopback only. */
    public static Reservation withoutNetwork(String runtime, Optional<IdRanges.Range> ids) {
        return new Reservation(
                runtime, ids, Optional.empty(), Optional.empty(), List.of(), "# This sandbox has no network.\n");
    }

    /** Loopback only, and made already. */
    public static Reservation of(String runtime, WaitingSandbox waiting) {
        Reservation made = withoutNetwork(runtime, Optional.of(waiting.ids()));
        return new Reservation(runtime, made.ids, Optional.of(waiting), made.slot, made.nameservers, made.resolvConf);
    }

    /** The same with a network. */
    public Reservation with(EgressSlot network, List<String> servers, String text) {
        return new Reservation(runtime, ids, waiting, Optional.of(network), servers, text);
    }

    /** The namespace whose ids the root must show; empty if it shows those of the image. */
    public Optional<UserNamespace> users() {
        return ids.map(IdRanges.Range::users);
    }

    /** How the network is used; empty for one that has loopback only. */
    public Optional<NetworkUse> networkUse() {
        return slot.map(used -> new NetworkUse(EgressSlot.INTERFACE, used.address(), nameservers, used.traffic()));
    }

    /** Gives it back: its sandbox has ended, or will not start. Idempotent. */
    @Override
    public void close() {
        waiting.ifPresent(WaitingSandbox::close);
        slot.ifPresent(EgressSlot::release);
        if (slot.flatMap(EgressSlot::ids).isEmpty()) {
            ids.ifPresent(IdRanges.Range::close); // otherwise they go with the slot
        }
    }
}
