package io.contree.sandbox.egress;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The addresses of one server's sandboxes. The claim on them is a route in the machine's table that leads nowhere: the kernel
 * takes the same one only once, other programs see that the range is in use, and what is sent to a sandbox that has ended does
 * not leave the machine. A file remembers the claim for the next server, should this one be killed.
 */
record AddressRange(Cidr range, Path memory) {
    // Any number that no routing program uses; it marks our routes among others: ip route show proto 202.
    private static final String MARK = "proto 202 metric 42949672";
    private static final int FIRST_NETWORK = 201;
    private static final int NETWORKS = 50;
    private static final int PREFIX = 20;
    private static final int PER_NETWORK = 1 << (PREFIX - 16);

    /**
     * Claims a range that nothing on this machine uses.
     *
     * @param wanted this range or none; empty for any between 10.201.0.0 and 10.250.255.255
     * @param shunned ranges that it must not overlap, besides those of the machine's routes
     * @param name of the server, so that servers that start together look at different ranges first
     */
    static AddressRange claim(Optional<Cidr> wanted, List<Cidr> shunned, String name, Path memory) throws IOException {
        List<Cidr> used = new ArrayList<>(shunned);
        used.addAll(routes(HostProgram.IP.run("", "-4", "-o", "route", "show", "table", "all")));
        for (Cidr candidate : wanted.map(List::of).orElseGet(() -> candidates(name))) {
            Optional<Cidr> obstacle = used.stream().filter(candidate::overlaps).findFirst();
            if (obstacle.isPresent() && wanted.isPresent()) {
                throw new IOException("the range " + candidate + " for the runs' addresses overlaps " + obstacle.get()
                        + ", which this machine has in use; name another");
            }
            if (obstacle.isEmpty() && isTaken(candidate, memory)) {
                return new AddressRange(candidate, memory);
            }
        }
        throw new IOException("no range of addresses is free for the runs between 10.201.0.0 and 10.250.255.255;"
                + " name one that this machine does not use");
    }

    private static boolean isTaken(Cidr candidate, Path memory) throws IOException {
        Files.writeString(memory, candidate + "\n");
        try {
            HostProgram.IP.run("", route("add", candidate));
            HostProgram.IP.run("", gateway("add", candidate));
            return true;
        } catch (IOException e) {
            if (says(e, "File exists")) {
                // It is another server's, and must not be given up as ours.
                Files.delete(memory);
                return false;
            }
            throw e;
        }
    }

    /** Gives up the range. */
    void release() throws IOException {
        release(memory);
    }

    /** Gives up the range that a file remembers, if there is such a file. */
    static void release(Path memory) throws IOException {
        if (!Files.exists(memory)) {
            return;
        }
        String text = Files.readString(memory, StandardCharsets.UTF_8).strip();
        if (!text.isEmpty()) {
            // After a reboot there is neither.
            remove(route("del", Cidr.parse(text)), "No such process");
            remove(gateway("del", Cidr.parse(text)), "Cannot assign requested address");
        }
        Files.delete(memory);
    }

    private static void remove(String[] command, String gone) throws IOException {
        try {
            HostProgram.IP.run("", command);
        } catch (IOException e) {
            if (!says(e, gone)) {
                throw e;
            }
        }
    }

    private static boolean says(IOException failure, String words) {
        return String.valueOf(failure.getMessage()).contains(words);
    }

    private static String[] route(String verb, Cidr range) {
        return ("route " + verb + " unreachable " + range + " " + MARK).split(" ");
    }

    private static String[] gateway(String verb, Cidr range) {
        return ("addr " + verb + " " + range.at(1) + "/32 dev lo scope host").split(" ");
    }

    static List<Cidr> candidates(String name) {
        int count = NETWORKS * PER_NETWORK;
        int start = Math.floorMod(name.hashCode(), count);
        return Stream.iterate(start, index -> (index + 1) % count)
                .limit(count)
                .map(index -> new Cidr(
                        (10 << 24)
                                | ((FIRST_NETWORK + index / PER_NETWORK) << 16)
                                | ((index % PER_NETWORK) << (32 - PREFIX)),
                        PREFIX))
                .toList();
    }

    /** What {@code ip -4 -o route show table all} names as destinations, without the default. */
    static List<Cidr> routes(String output) {
        List<Cidr> ranges = new ArrayList<>();
        for (String line : output.lines().toList()) {
            Stream.of(line.split("\\s+"))
                    .limit(2)
                    .filter(word -> word.matches("[0-9.]+(/\\d+)?"))
                    .findFirst()
                    .map(Cidr::parse)
                    .filter(range -> range.prefix() > 0)
                    .ifPresent(ranges::add);
        }
        return ranges;
    }
}
