package io.contree.sandbox.egress;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where sandboxes ask for names.
 *
 * @param direct servers that sandboxes can reach themselves
 * @param forwarded servers that only this machine reaches, on loopback or by IPv6, as the texts of their addresses
 */
record Resolvers(List<Cidr> direct, List<String> forwarded) {
    private static final Logger log = LoggerFactory.getLogger(Resolvers.class);
    private static final Path MACHINES = Path.of("/etc/resolv.conf");
    // Where systemd-resolved writes the servers behind its own 127.0.0.53.
    private static final Path SYSTEMDS = Path.of("/run/systemd/resolve/resolv.conf");
    private static final Cidr LOOPBACK = Cidr.parse("127.0.0.0/8");
    // resolv.conf(5): MAXNS.
    private static final int MOST = 3;

    /** Those of the settings, or the machine's. */
    static Resolvers of(List<Cidr> configured) throws IOException {
        if (!configured.isEmpty()) {
            return of(configured.stream().map(Cidr::toString).toList().toArray(String[]::new));
        }
        Resolvers machines = of(nameservers(MACHINES));
        Resolvers behind = of(nameservers(SYSTEMDS));
        return machines.direct.isEmpty() && !behind.isEmpty() ? behind : machines;
    }

    static Resolvers of(String... servers) {
        List<Cidr> direct = new ArrayList<>();
        List<String> forwarded = new ArrayList<>();
        for (String server : servers) {
            if (server.contains(":")) {
                forwarded.add(server);
                continue;
            }
            try {
                Cidr address = Cidr.parse(server);
                if (address.overlaps(LOOPBACK) || address.address() == 0) {
                    forwarded.add(server);
                } else {
                    direct.add(address);
                }
            } catch (IllegalArgumentException e) {
                log.debug("Ignoring the nameserver {}, as resolv.conf(5) says of what is no address", server);
            }
        }
        return new Resolvers(List.copyOf(direct.subList(0, Math.min(MOST, direct.size()))), List.copyOf(forwarded));
    }

    boolean isEmpty() {
        return direct.isEmpty() && forwarded.isEmpty();
    }

    static String[] nameservers(Path file) throws IOException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                    .lines()
                    .map(line -> line.strip().split("\\s+"))
                    .filter(words -> words.length > 1 && words[0].equals("nameserver"))
                    .map(words -> words[1])
                    .toArray(String[]::new);
        } catch (NoSuchFileException e) {
            return new String[0];
        }
    }
}
