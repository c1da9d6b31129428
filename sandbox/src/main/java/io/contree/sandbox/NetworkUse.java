package io.contree.sandbox;

import io.contree.sandbox.egress.Traffic;
import java.util.List;

/**
 * The network of a sandbox.
 *
 * @param device the interface's name inside
 * @param address IPv4, inside
 * @param nameservers what its {@code resolv.conf} names
 * @param traffic what went through so far; when the sandbox has ended, all of it
 */
public record NetworkUse(String device, String address, List<String> nameservers, Traffic traffic) {
    public NetworkUse {
        nameservers = List.copyOf(nameservers);
    }
}
