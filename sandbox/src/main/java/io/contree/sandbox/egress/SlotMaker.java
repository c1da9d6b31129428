package io.contree.sandbox.egress;

import io.contree.linux.IdRanges;
import io.contree.linux.PinnedNetwork;
import io.contree.linux.Uninterruptibly;
import io.contree.sandbox.nursery.Cable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Makes and destroys the network namespaces of sandboxes. Slot {@code i} has the range's address {@code i + 2}; the gateway has
 * the first, as an address of the machine's loopback device. Inside, IPv6 is on for loopback alone. Both ends of a cable know each
 * other from the start: ARP would let a sandbox fill the machine's table of neighbours, which all of its networks share.
 *
 * <p>Where a sandbox has its own namespace, only the number is kept for it, and the cable goes with it.
 *
 * @param directory of the files that hold the namespaces
 * @param devices what the names of the devices begin with
 */
record SlotMaker(Path directory, String devices, Cidr range, Optional<IdRanges> ranges) {
    /** How long devices may take to go with their namespaces, which the kernel destroys when it gets to it. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int FIRST = 2;

    /** How many slots the range has room for; the first address is the network's, and the last one is left alone. */
    int capacity() {
        return range.size() - FIRST - 1;
    }

    String gateway() {
        return range.at(1);
    }

    EgressSlot make(int number, NetworkEntry entry, Consumer<EgressSlot> whenReleased) throws IOException {
        String device = devices + Integer.toString(number, Character.MAX_RADIX);
        String address = range.at(FIRST + number);
        if (entry == NetworkEntry.BY_CABLE) {
            return EgressSlot.byCable(number, cable(device, address), address, whenReleased);
        }
        Optional<IdRanges.Range> ids = IdRanges.take(ranges);
        try {
            PinnedNetwork network =
                    PinnedNetwork.make(directory.resolve("net-" + number), ids.map(IdRanges.Range::users));
            try {
                HostProgram.SH.run(script(device, address, network.path()), "-e");
                return EgressSlot.byPath(number, device, address, network, ids, whenReleased);
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

    private Cable cable(String device, String address) {
        return new Cable(device, hardware(gateway()), hardware(address), bytes(address), bytes(gateway()));
    }

    /** Destroys slots whose sandboxes have ended. */
    void destroy(Collection<EgressSlot> slots) throws IOException {
        List<String> cables = devices(slots.stream().filter(slot -> slot.cable().isPresent()));
        try {
            removeDevices(devices(slots.stream().filter(slot -> slot.cable().isEmpty())));
        } finally {
            for (EgressSlot slot : slots) {
                slot.destroy();
            }
        }
        removeDevices(stayed(cables));
    }

    private static List<String> devices(Stream<EgressSlot> slots) {
        return slots.map(EgressSlot::device).toList();
    }

    /** Devices that have not gone with their namespaces. */
    private static List<String> stayed(List<String> devices) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<String> here = devices;
        while (System.nanoTime() - deadline < 0) {
            List<String> now = present();
            here = devices.stream().filter(now::contains).toList();
            if (here.isEmpty()) {
                return here;
            }
            Uninterruptibly.get(() -> {
                Thread.sleep(20);
                return deadline;
            });
        }
        return here;
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
    private static byte[] hardware(String address) {
        byte[] hardware = {2, 0, 0, 0, 0, 0};
        System.arraycopy(bytes(address), 0, hardware, 2, 4);
        return hardware;
    }

    private static byte[] bytes(String address) {
        byte[] bytes = new byte[4];
        String[] parts = address.split("\\.");
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(parts[i]);
        }
        return bytes;
    }

    private static String hardwareAddress(String address) {
        return HexFormat.ofDelimiter(":").formatHex(hardware(address));
    }
}
