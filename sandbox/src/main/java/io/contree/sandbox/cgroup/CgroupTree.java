package io.contree.sandbox.cgroup;

import io.contree.linux.Uninterruptibly;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reading, emptying and removing directories of a cgroup file system. */
final class CgroupTree {
    private static final Logger log = LoggerFactory.getLogger(CgroupTree.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private CgroupTree() {}

    /** The cgroups directly below one; none if it does not exist. */
    static List<Path> children(Path cgroup) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(cgroup, CgroupTree::isDirectory)) {
            stream.forEach(children::add);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return children;
    }

    /** The number after a key in a file of {@code key number} lines; 0 if there is no such file or key. */
    static long counter(Path file, String key) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(key + " "))
                    .mapToLong(line -> Long.parseLong(line.substring(key.length() + 1)))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    /** The number that a file holds; {@code absent} if there is no such file or no number in it. */
    static long number(Path file, long absent) {
        try {
            return Long.parseLong(Files.readString(file).strip());
        } catch (IOException | NumberFormatException e) {
            return absent;
        }
    }

    /** The processes of a cgroup, without those below it. */
    static List<ProcessHandle> processes(Path cgroup) throws IOException {
        List<ProcessHandle> processes = new ArrayList<>();
        for (String pid : Files.readAllLines(cgroup.resolve("cgroup.procs"))) {
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(processes::add);
        }
        return processes;
    }

    /** Sends SIGKILL to every process of a cgroup and of those below it. */
    static void kill(Path cgroup) {
        try {
            for (Path child : children(cgroup)) {
                kill(child);
            }
            processes(cgroup).forEach(ProcessHandle::destroyForcibly);
        } catch (NoSuchFileException e) {
            log.trace("{} is gone", cgroup);
        } catch (IOException e) {
            // It can vanish between listing and reading; whoever removes it finds out if it is still there.
            log.debug("Could not read the processes of {}", cgroup, e);
        }
    }

    /** Removes a cgroup and those below it, if it exists, waiting for killed processes to be gone. */
    static void remove(Path cgroup) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (long pause = 1; ; pause = Math.min(2 * pause, 50)) {
            try {
                removeNow(cgroup);
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                kill(cgroup);
                sleep(pause);
            }
        }
    }

    private static void removeNow(Path cgroup) throws IOException {
        if (!isDirectory(cgroup)) {
            return;
        }
        try {
            Files.deleteIfExists(cgroup);
            return;
        } catch (FileSystemException e) {
            log.trace("{} has others below it, or processes in it", cgroup);
        }
        for (Path child : children(cgroup)) {
            removeNow(child);
        }
        Files.deleteIfExists(cgroup);
    }

    private static boolean isDirectory(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    // Cleaning up goes on when interrupted; the interrupt is kept for the caller.
    private static void sleep(long millis) {
        long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        Uninterruptibly.get(() -> {
            Thread.sleep(Duration.ofNanos(end - System.nanoTime()));
            return end;
        });
    }
}
