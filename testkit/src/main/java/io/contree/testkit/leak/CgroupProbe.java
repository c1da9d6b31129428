package io.contree.testkit.leak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cgroups whose name starts with {@code contree}, unless they are another's: another JVM's processes are in them, or those
 * of a pid namespace that cannot be seen from here, or another JVM has mounted the directory in {@code /run} that goes with
 * them.
 */
final class CgroupProbe implements Probe {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final Path RUN = Path.of("/run");
    private static final String INVISIBLE = "0";

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
        if (Processes.othersMount(RUN.resolve(cgroup.getFileName()))) {
            return true;
        }
        try (var below = Files.walk(cgroup)) {
            List<Path> members =
                    below.filter(path -> path.endsWith("cgroup.procs")).toList();
            for (Path member : members) {
                for (String pid : Files.readAllLines(member)) {
                    if (pid.equals(INVISIBLE)) {
                        return true;
                    }
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
