package io.contree.sandbox.egress;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * DNS servers, in the order in which they are asked.
 *
 * @param servers addresses as texts, IPv4 or IPv6
 */
record Resolvers(List<String> servers) {
    private static final Path MACHINES = Path.of("/etc/resolv.conf");
    // Where systemd-resolved writes the servers behind its own 127.0.0.53.
    private static final Path SYSTEMDS = Path.of("/run/systemd/resolve/resolv.conf");
    private static final Cidr LOOPBACK = Cidr.parse("127.0.0.0/8");
    // resolv.conf(5): MAXNS.
    private static final int MOST = 3;

    Resolvers {
        servers = servers.stream().limit(MOST).toList();
    }

    /** Those of the settings, or the machine's. */
    static Resolvers of(List<Cidr> configured) throws IOException {
        if (!configured.isEmpty()) {
            return new Resolvers(configured.stream().map(Cidr::toString).toList());
        }
        return machines(nameservers(MACHINES), nameservers(SYSTEMDS));
    }

    /** Loopback alone says nothing of who answers there; what systemd-resolved would ask, sandboxes can ask themselves. */
    static Resolvers machines(List<String> named, List<String> behind) {
        boolean local = named.stream().noneMatch(Resolvers::isDirect);
        return new Resolvers(local && !behind.isEmpty() ? behind : named);
    }

    /** Those that sandboxes can reach themselves. */
    List<Cidr> direct() {
        return servers.stream().filter(Resolvers::isDirect).map(Cidr::parse).toList();
    }

    /** Those that only this machine reaches: on loopback, or by IPv6. */
    List<String> local() {
        return servers.stream().filter(server -> !isDirect(server)).toList();
    }

    /** What sandboxes are told: the gateway answers for those that they cannot reach themselves. */
    List<String> seenFromInside(String gateway) {
        return servers.stream()
                .map(server -> isDirect(server) ? server : gateway)
                .distinct()
                .toList();
    }

    private static boolean isDirect(String server) {
        if (server.contains(":")) {
            return false;
        }
        Cidr address = Cidr.parse(server);
        return !address.overlaps(LOOPBACK) && address.address() != 0;
    }

    /** The addresses in a {@code resolv.conf}; other lines are ignored, as resolv.conf(5) says. None if there is no file. */
    static List<String> nameservers(Path file) throws IOException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                    .lines()
                    .map(line -> line.strip().split("\\s+"))
                    .filter(words -> words.length > 1 && words[0].equals("nameserver"))
                    .map(words -> words[1])
                    .filter(Resolvers::isAddress)
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static boolean isAddress(String word) {
        if (word.contains(":")) {
            return word.matches("[0-9A-Fa-f:.]+(%[\\w.-]+)?");
        }
        try {
            return Cidr.parse(word).isSingle();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
