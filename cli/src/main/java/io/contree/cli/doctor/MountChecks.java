package io.contree.cli.doctor;

import io.contree.linux.IdMapping;
import io.contree.linux.LinuxException;
import io.contree.linux.Mounts;
import io.contree.linux.Mounts.Overlay;
import io.contree.linux.Mounts.Upper;
import io.contree.linux.UserNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Mounts overlays as a run does, and writes to them. */
final class MountChecks {
    private final Path data;

    MountChecks(Path data) {
        this.data = data;
    }

    Finding overlay() {
        try {
            tryOverlay(Optional.empty());
            return Finding.ok("overlayfs", "a writable overlay in " + Workshop.existing(data) + " works");
        } catch (LinuxException e) {
            return Finding.missing(
                    "overlayfs",
                    "no writable overlay in " + Workshop.existing(data) + ": " + e.getMessage(),
                    "run as root, modprobe overlay, and keep the data on ext4, XFS or btrfs (--data)");
        } catch (IOException e) {
            return Finding.missing(
                    "overlayfs",
                    "could not be tried in " + Workshop.existing(data) + ": " + e,
                    "choose a directory that can be written to (--data)");
        }
    }

    Finding idMapped() {
        try (UserNamespace namespace = UserNamespace.create(IdMapping.DEFAULT)) {
            tryOverlay(Optional.of(namespace));
            return Finding.ok("id-mapped mounts", "layers keep their owners on disk and are shared by all runs");
        } catch (IOException e) {
            return Finding.limited(
                    "id-mapped mounts",
                    "refused: " + e.getMessage(),
                    "needs Linux 5.19 and a data directory on ext4, XFS or btrfs; without them runs share the"
                            + " machine's user ids");
        }
    }

    private void tryOverlay(Optional<UserNamespace> owner) throws IOException {
        try (Workshop workshop = Workshop.near(data)) {
            Path lower = workshop.directory("lower");
            Path upper = workshop.directory("upper");
            Path merged = workshop.directory("merged");
            Upper writes = new Upper(upper, workshop.directory("work"));
            Mounts.overlay(new Overlay(List.of(lower), Optional.of(writes), owner), merged);
            try {
                // This process's own id does not exist in a mapped overlay, so it cannot own a file there.
                if (owner.isEmpty()) {
                    Files.writeString(merged.resolve("file"), "x");
                }
            } finally {
                Mounts.unmount(merged, true);
            }
        }
    }
}
