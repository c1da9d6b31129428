package io.contree.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cgroups whose name starts with {@code contree}, unless another JVM's processes are in them. */
final class CgroupProbe implements Probe {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    @Override
    public String kind() {
        return "cgroup";
    }

    @Override
    public Sightings look() throws IOException {
        Sightings seen = new Sightings();
        if (!Files.isDirectory(CGROUPS)) {
            return seen;
        }
        Files.walkFileTree(CGROUPS, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                if (!directory.getFileName().toString().startsWith("contree")) {
                    return FileVisitResult.CONTINUE;
                }
                if (!belongsToAnother(directory)) {
                    seen.add(directory.toString());
                }
                return FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                // Cgroups come and go while they are looked at.
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
        return seen;
    }

    private static boolean belongsToAnother(Path cgroup) {
        try (var below = Files.walk(cgroup)) {
            List<Path> members =
                    below.filter(path -> path.endsWith("cgroup.procs")).toList();
            for (Path member : members) {
                for (String pid : Files.readAllLines(member)) {
                    if (ProcessHandle.of(Long.parseLong(pid))
                            .filter(Processes::isAnothers)
                            .isPresent()) {
                        return true;
                    }
                }
            }
            return false;
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }
}
