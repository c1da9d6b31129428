package io.contree.sandbox.oci;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.Stat;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Files of one root that were deleted and live on because a process has them open: a walk does not find them. Those that are
 * only mapped into memory or on their way through a socket are not found here either. Used once.
 */
final class UnlinkedFiles {
    private static final long BLOCK = 512;

    /** Processes can have very many files open; what is not reached by then does not count. */
    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(100);

    private final long device;
    private final long deadline = System.nanoTime() + PATIENCE;
    private final Set<Long> seen = new HashSet<>();
    private long blocks;

    private UnlinkedFiles(long device) {
        this.device = device;
    }

    /** Disk space, in bytes, of those that these processes have open on the root's file system. */
    static long bytes(Path root, List<ProcessHandle> processes) {
        try (Fd directory = FileCalls.open(root, FileCalls.PATH_ONLY | FileCalls.DIRECTORY)) {
            UnlinkedFiles files =
                    new UnlinkedFiles(FileCalls.stat(directory, "").device());
            processes.forEach(process -> files.of(process.pid()));
            return files.blocks * BLOCK;
        } catch (LinuxException e) {
            return 0; // the sandbox is going
        }
    }

    private void of(long pid) {
        try (Fd open = FileCalls.open(Fd.CWD, "/proc/" + pid + "/fd", FileCalls.READ | FileCalls.DIRECTORY, 0, 0)) {
            FileCalls.list(open, entry -> {
                count(open, entry.name());
                return System.nanoTime() - deadline < 0;
            });
        } catch (LinuxException e) {
            return; // it has ended
        }
    }

    private void count(Fd descriptors, String name) {
        try (Fd file = FileCalls.open(descriptors, name, FileCalls.PATH_ONLY, 0, 0)) {
            Stat stat = FileCalls.stat(file, "");
            if (stat.isRegular() && stat.nlink() == 0 && stat.device() == device && seen.add(stat.inode())) {
                blocks += stat.blocks();
            }
        } catch (LinuxException e) {
            return; // it was closed
        }
    }
}
