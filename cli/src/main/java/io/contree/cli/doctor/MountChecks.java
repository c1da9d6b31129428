package io.contree.cli.doctor;

import io.contree.linux.IdMapping;
import io.contree.linux.OverlayTrial;
import io.contree.linux.UserNamespace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Mounts overlays as a run does, and writes to them. */
final class MountChecks {
    private final Path data;

    MountChecks(Path data) {
        this.data = data;
    }

    Finding overlay() {
        Path place = Workshop.existing(data);
        return OverlayTrial.problem(place, Optional.empty())
                .map(problem -> Finding.missing(
                        "overlayfs", place + " cannot hold what runs write: " + problem.what(), problem.remedy()))
                .orElseGet(() -> Finding.ok("overlayfs", "a writable overlay in " + place + " works"));
    }

    Finding idMapped() {
        Path place = Workshop.existing(data);
        try (UserNamespace namespace = UserNamespace.create(IdMapping.DEFAULT)) {
            return OverlayTrial.problem(place, Optional.of(namespace))
                    .map(problem -> refused(problem.what(), problem.remedy()))
                    .orElseGet(() -> Finding.ok(
                            "id-mapped mounts", "layers keep their owners on disk and are shared by all runs"));
        } catch (IOException e) {
            return refused(e.getMessage(), "run as root");
        }
    }

    private static Finding refused(@Nullable String what, String remedy) {
        return Finding.limited(
                "id-mapped mounts",
                "refused: " + what,
                "needs Linux 5.19: " + remedy + "; without them runs share the machine's user ids");
    }
}
