package io.contree.sandbox.egress;

import io.contree.linux.IdRanges;
import io.contree.linux.PinnedNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes and destroys the network namespaces of sandboxes. Slot {@code i} has the range's address {@code i + 2}; the gateway has
 * the first, as an address of the machine's loopback device. Inside, IPv6 is on for loopback alone. Both ends of a cable know each
 * other from the start: ARP would let a sandbox fill the machine's table of neighbours, which all of its networks share.
 *
 * @param directory of the files that hold the namespaces
 * @param devices what the names of the devices begin with
 */
record SlotMaker(Path directory, String devices, Cidr range, Optional<IdRanges> ranges) {
    private static final int FIRST = 2;

    /** How many slots the range has room for; the first address is the network's, and the last one is left alone. */
    int capacity() {
        return range.size() - FIRST - 1;
    }

    String gateway() {
        return range.at(1);
    }

    EgressSlot make(int number, Consumer<EgressSlot> whenReleased) throws IOException {
        String device = devices + Integer.toString(number, Character.MAX_RADIX);
        String address = range.at(FIRST + number);
        Optional<IdRanges.Range> ids = IdRanges.take(ranges);
        try {
            PinnedNetwork network =
                    PinnedNetwork.make(directory.resolve("net-" + number), ids.map(IdRanges.Range::users));
            try {
                HostProgram.SH.run(script(device, address, network.path()), "-e");
                return new EgressSlot(number, device, address, network, ids, whenReleased);
            } catch (IOException | RuntimeException e) {
                try (network) {
                    throw e;
                }
            }
        } catch (IOException | RuntimeException e) {
            ids.ifPresent(IdRanges.Range::close);
            throw e;
        }
    }

    /** Destroys slots whose sandboxes have ended. */
    void destroy(Collection<EgressSlot> slots) throws IOException {
        try {
            removeDevices(slots.stream().map(EgressSlot::device).toList());
        } finally {
            for (EgressSlot slot : slots) {
                slot.destroy();
            }
        }
    }

    /** Removes the devices of a server that was killed; their ends in namespaces go with them. */
    static void removeDevicesOf(String devices) throws IOException {
        removeDevices(
                present().stream().filter(device -> device.startsWith(devices)).toList());
    }

    private static List<String> present() throws IOException {
        return Files.readAllLines(Path.of("/proc/thread-self/net/dev")).stream()
                .map(line -> line.split(":", 2)[0].strip())
                .toList();
    }

    private static void removeDevices(Collection<String> devices) throws IOException {
        StringBuilder batch = new StringBuilder();
        devices.forEach(device -> batch.append("link del dev ").append(device).append('\n'));
        if (devices.isEmpty()) {
            return;
        }
        try {
            HostProgram.IP.run(batch.toString(), "-force", "-batch", "-");
        } catch (IOException e) {
            // A device also goes with its namespace, when the kernel gets to it.
            if (!Collections.disjoint(present(), devices)) {
                throw e;
            }
        }
    }

    private String script(String device, String address, Path network) {
        return """
                ip -batch - <<'END'
                link add DEVICE address MACHINES type veth peer name eth0 address SANDBOXES netns NETWORK
                link set dev DEVICE addrgenmode none up
                neigh add ADDRESS lladdr SANDBOXES nud permanent dev DEVICE
                route add ADDRESS/32 dev DEVICE
                END
                nsenter --net=NETWORK sh -e <<'END'
                v6=/proc/sys/net/ipv6/conf
                [ ! -d $v6 ] || for each in default eth0; do echo 1 > $v6/$each/disable_ipv6; done
                ip -batch - <<'INNER'
                link set dev lo up
                addr add ADDRESS/32 dev eth0
                link set dev eth0 up
                neigh add GATEWAY lladdr MACHINES nud permanent dev eth0
                route add GATEWAY/32 dev eth0
                route add default via GATEWAY
                INNER
                END
                """.replace("DEVICE", device)
                .replace("NETWORK", network.toString())
                .replace("MACHINES", hardwareAddress(gateway()))
                .replace("SANDBOXES", hardwareAddress(address))
                .replace("ADDRESS", address)
                .replace("GATEWAY", gateway());
    }

    /** A locally administered one with the IPv4 address in it. */
    private static String hardwareAddress(String address) {
        return Stream.of(address.split("\\."))
                .map(part -> "%02x".formatted(Integer.parseInt(part)))
                .collect(Collectors.joining(":", "02:00:", ""));
    }
}
