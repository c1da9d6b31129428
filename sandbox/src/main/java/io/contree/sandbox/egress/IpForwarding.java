package io.contree.sandbox.egress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the machine passes IPv4 packets on from one device to another. */
final class IpForwarding {
    private static final Logger log = LoggerFactory.getLogger(IpForwarding.class);
    private static final Path SWITCH = Path.of("/proc/sys/net/ipv4/ip_forward");

    private IpForwarding() {}

    /** Turns it on if it is off. It stays on: other programs may have begun to rely on it. */
    static void enable() throws IOException {
        if (isOn()) {
            return;
        }
        try {
            Files.writeString(SWITCH, "1\n");
        } catch (IOException e) {
            throw new IOException("tried to turn on " + SWITCH + ", but failed: " + e.getMessage(), e);
        }
        log.info("Turned on IPv4 forwarding (sysctl net.ipv4.ip_forward=1) for the network of runs; it stays on");
    }

    static boolean isOn() throws IOException {
        return Files.readString(SWITCH).strip().equals("1");
    }
}
