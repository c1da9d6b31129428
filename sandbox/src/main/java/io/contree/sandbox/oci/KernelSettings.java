package io.contree.sandbox.oci;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the kernel is told of each sandbox's network, whether it has an interface or loopback alone. As Docker has it, every user may
 * listen on any port and ping. And {@code ::1} is there as {@code /etc/hosts} says: a new network has no IPv6 where the machine
 * was booted so, or where somebody turned it off for the interface that the sandbox does not have.
 */
final class KernelSettings {
    private static final Path SYS = Path.of("/proc/sys");
    private static final Path IPV6 = SYS.resolve("net/ipv6");

    private KernelSettings() {}

    /** By the names of sysctl. Those that this machine's kernel does not have, or that cannot be written here, are left out. */
    static Map<String, String> ofNetwork() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("net.ipv4.ip_unprivileged_port_start", "0");
        // The last one has to be a group of the sandbox, and every id up to this one is.
        settings.put("net.ipv4.ping_group_range", "0 " + Integer.MAX_VALUE);
        settings.put("net.ipv6.conf.lo.disable_ipv6", "0");
        settings.keySet().removeIf(name -> !Files.isWritable(SYS.resolve(name.replace('.', '/'))));
        return settings;
    }

    /** Whether networks have IPv6 at all. */
    static boolean hasIpv6() {
        return Files.isDirectory(IPV6);
    }
}
