package io.contree.cli.doctor;

import io.contree.linux.IdMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whether somebody else on this machine may use the ids that runs have by default. */
final class SubordinateIds {
    private static final IdMapping FIRST = IdMapping.DEFAULT;
    /** As many runs as work at the same time by default. */
    private static final int RUNS = 16;
    /** Of ranges that neither distributions nor systemd hand out. */
    private static final int FREE = 1_879_048_192;

    private final List<Path> files;

    SubordinateIds() {
        this(List.of(Path.of("/etc/subuid"), Path.of("/etc/subgid")));
    }

    SubordinateIds(List<Path> files) {
        this.files = List.copyOf(files);
    }

    Finding ids() throws IOException {
        List<String> others = new ArrayList<>();
        for (Path file : files) {
            if (Files.isReadable(file)) {
                for (String line : Files.readAllLines(file)) {
                    if (overlaps(line)) {
                        others.add(line + " in " + file);
                    }
                }
            }
        }
        String ours = FIRST.size() + " ids of this machine for each run, from " + FIRST.hostStart() + " on";
        return others.isEmpty()
                ? Finding.ok("user ids", ours)
                : Finding.limited(
                        "user ids",
                        ours + ", are also of: " + String.join(", ", others)
                                + "; their containers and the runs are one user to the kernel",
                        "start the server with --userns-start " + FREE);
    }

    /** A line is {@code name:start:count}. */
    private static boolean overlaps(String line) {
        String[] parts = line.strip().split(":");
        if (parts.length != 3 || !parts[1].matches("\\d{1,10}") || !parts[2].matches("\\d{1,10}")) {
            return false;
        }
        long start = Long.parseLong(parts[1]);
        long end = start + Long.parseLong(parts[2]);
        return start < FIRST.hostStart() + (long) RUNS * FIRST.size() && FIRST.hostStart() < end;
    }
}
