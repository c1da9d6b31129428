package io.contree.cli.doctor;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

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
                "optional: keep the data on XFS or btrfs");
    }

    Finding space() throws IOException {
        FileStore store = Files.getFileStore(Workshop.existing(data));
        long free = store.getUsableSpace();
        String detail = "%.1f GB free of %.1f GB".formatted(free / 1e9, store.getTotalSpace() / 1e9);
        return free >= LITTLE
                ? Finding.ok("disk space", detail)
                : Finding.limited("disk space", detail, "make room, or choose another disk (--data)");
    }
}
