package io.contree.testkit.leak;

import io.contree.linux.MountInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Facts about processes from {@code /proc}; a process that ends meanwhile has none. */
public final class Processes {
    private static final Path PROC = Path.of("/proc");
    private static final long SELF = ProcessHandle.current().pid();

    private Processes() {}

    /** The command's name of at most 15 bytes. */
    static Optional<String> name(long pid) {
        return read(pid, "comm").map(String::strip);
    }

    public static String commandLine(long pid) {
        return read(pid, "cmdline")
                .map(line -> line.replace('\0', ' ').strip())
                .filter(line -> !line.isEmpty())
                .or(() -> name(pid))
                .orElse("?");
    }

    /** True if a process has ended and only waits for its parent to notice; see proc_pid_stat(5). */
    public static boolean isZombie(long pid) {
        return read(pid, "stat")
                .map(stat -> stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("Z"))
                .orElse(true);
    }

    /** True if a process descends from this JVM. */
    static boolean isOurs(ProcessHandle process) {
        for (Optional<ProcessHandle> at = Optional.of(process);
                at.isPresent();
                at = at.get().parent()) {
            if (at.get().pid() == SELF) {
                return true;
            }
        }
        return false;
    }

    /** True if a process is, or descends from, a JVM other than this one and its ancestors. */
    static boolean isAnothers(ProcessHandle process) {
        for (Optional<ProcessHandle> at = Optional.of(process);
                at.isPresent();
                at = at.get().parent()) {
            if (at.get().pid() == SELF) {
                return false;
            }
            if (name(at.get().pid()).equals(Optional.of("java"))) {
                return true;
            }
        }
        return false;
    }

    /** True if a process of another JVM has a file open, or works, at or below a path. */
    static boolean othersUse(Path path) {
        return ProcessHandle.allProcesses()
                .filter(Processes::isAnothers)
                .anyMatch(process -> uses(PROC.resolve(String.valueOf(process.pid())), path));
    }

    /** True if another JVM has something mounted at a path, which may be a mount of its own namespace. */
    static boolean othersMount(Path point) {
        return ProcessHandle.allProcesses()
                .filter(process -> name(process.pid()).equals(Optional.of("java")) && isAnothers(process))
                .anyMatch(process -> mounts(process.pid(), point));
    }

    private static boolean mounts(long pid, Path point) {
        try {
            return MountInfo.of(pid).stream().anyMatch(mount -> mount.point().equals(point));
        } catch (IOException | IllegalArgumentException e) {
            // It has ended.
            return false;
        }
    }

    private static boolean uses(Path process, Path path) {
        if (pointsBelow(process.resolve("cwd"), path)) {
            return true;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (pointsBelow(file, path)) {
                    return true;
                }
            }
        } catch (IOException e) {
            return false;
        }
        return false;
    }

    private static boolean pointsBelow(Path link, Path path) {
        try {
            return Files.readSymbolicLink(link).startsWith(path);
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<String> read(long pid, String file) {
        try {
            Path path = PROC.resolve(String.valueOf(pid)).resolve(file);
            return Optional.of(new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
