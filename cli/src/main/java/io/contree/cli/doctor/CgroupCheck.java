package io.contree.cli.doctor;

import io.contree.linux.Host;
import io.contree.linux.Host.CgroupMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How cgroups are mounted, and which limits they can enforce. */
final class CgroupCheck {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final List<String> WANTED = List.of("memory", "cpu", "pids");
    private static final String CORES = "cpuset";

    Finding mode() throws IOException {
        CgroupMode mode = Host.cgroupMode();
        return switch (mode) {
            case V2 -> limits("v2", controllersOfV2());
            case V1 -> limits("v1", controllersOfV1());
            case HYBRID -> hybrid();
            case NONE ->
                Finding.missing(
                        "cgroups", "not mounted: nothing can be limited or killed whole", "mount cgroup2 at " + ROOT);
        };
    }

    private Finding hybrid() throws IOException {
        if (Host.inPrivateMountNamespace()) {
            return limits("v1 (v2 is mounted beside it; a server hides that from itself)", controllersOfV1());
        }
        return Finding.missing(
                "cgroups",
                "v1 and v2 are both mounted, which crun refuses",
                "start with ./contree as root, which hides v2 in a mount namespace of its own");
    }

    private static Finding limits(String mode, List<String> controllers) {
        List<String> missing =
                WANTED.stream().filter(name -> !controllers.contains(name)).toList();
        if (missing.isEmpty()) {
            return controllers.contains(CORES)
                    ? Finding.ok("cgroups", mode + "; memory, cpu and pids are limited")
                    : Finding.limited(
                            "cgroups",
                            mode + "; memory, cpu and pids are limited, but programs see all cores",
                            "enable the controller " + CORES);
        }
        return Finding.limited(
                "cgroups",
                mode + "; not limited: " + String.join(", ", missing),
                "enable these controllers (kernel command line, or the container that contree itself runs in)");
    }

    private static List<String> controllersOfV2() throws IOException {
        return List.of(
                Files.readString(ROOT.resolve("cgroup.controllers")).strip().split(" "));
    }

    private static List<String> controllersOfV1() {
        List<String> found = new ArrayList<>();
        for (String name : Stream.concat(WANTED.stream(), Stream.of(CORES)).toList()) {
            if (Files.isWritable(ROOT.resolve(name))) {
                found.add(name);
            }
        }
        return found;
    }
}
