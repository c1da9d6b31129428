package io.contree.cli.doctor;

import io.contree.cli.pool.PoolStatus;
import io.contree.cli.pool.Pools;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.Host;
import io.contree.linux.ProjectQuota;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the data is, and what its file system can do. */
final class DiskChecks {
    /** Below this an import of an ordinary image may fail. */
    private static final long LITTLE = 2_000_000_000L;

    private final Path data;

    DiskChecks(Path data) {
        this.data = data;
    }

    Finding place() throws IOException {
        Path existing = Workshop.existing(data);
        String state = existing.equals(data) ? "" : " (made by the first start)";
        if (!Files.isWritable(existing)) {
            return Finding.missing(
                    "data directory", data + " cannot be written to", "run as root, or choose another one (--data)");
        }
        return Finding.ok(
                "data directory", data + " on " + Files.getFileStore(existing).type() + state);
    }

    Finding reflinks() throws IOException {
        try (Workshop workshop = Workshop.near(data)) {
            Path from = workshop.file("from", "x".repeat(1 << 16));
            Path to = workshop.file("to", "");
            try (Fd source = FileCalls.open(from, FileCalls.READ);
                    Fd target = FileCalls.open(to, FileCalls.WRITE)) {
                if (FileCalls.copy(source, target)) {
                    return Finding.ok("reflinks", "copies share their blocks");
                }
            }
        }
        return Finding.limited(
                "reflinks",
                "this file system copies bytes where others share them",
                poolAdvice(data, Files.getFileStore(Workshop.existing(data)).getUsableSpace()));
    }

    /** The command that gives the data a better file system; there is none for data that is there already. */
    static String poolAdvice(Path data, long free) throws IOException {
        long gib = (free / 10 * 8) >> 30; // the rest is for whatever else grows on that disk
        boolean taken = Files.isDirectory(data) && !isEmpty(data);
        if (taken || gib == 0) {
            return "optional: keep the data on XFS or btrfs; docs/operating.md, \"Pools\", says how to move it";
        }
        return "optional: contree pool create --size " + gib + "G --fstab --data " + data;
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }

    Finding limits() throws IOException {
        if (!Host.isRoot()) {
            return Finding.limited("disk limits", "only root can ask the disk for its quota", "run contree as root");
        }
        try (Fd disk = FileCalls.open(Workshop.existing(data), FileCalls.READ | FileCalls.DIRECTORY)) {
            return ProjectQuota.of(disk).isPresent()
                    ? Finding.ok("disk limits", "the disk refuses what a run writes beyond its limit (project quota)")
                    : Finding.limited(
                            "disk limits",
                            "the server watches what runs write: one may write somewhat more than its limit",
                            "optional: keep the data on XFS or ext4 with project quota, on a kernel that has it;"
                                    + " docs/configuration.md, \"Disk\"");
        }
    }

    Finding space() throws IOException {
        FileStore store = Files.getFileStore(Workshop.existing(data));
        long free = store.getUsableSpace();
        String detail = "%.1f GB free of %.1f GB".formatted(free / 1e9, store.getTotalSpace() / 1e9);
        Optional<PoolStatus> pool =
                Pools.statusIfMounted(Workshop.existing(data)).filter(PoolStatus::isOvercommitted);
        if (pool.isPresent()) {
            return Finding.limited(
                    "disk space",
                    detail + " in a pool, but the disk of its file "
                            + pool.get().image() + " has only "
                            + "%.1f GB free".formatted(pool.get().room() / 1e9),
                    "make room on that disk: writes fail when it is full");
        }
        return free >= LITTLE
                ? Finding.ok("disk space", detail)
                : Finding.limited("disk space", detail, "make room, or choose another disk (--data)");
    }
}
