package io.contree.sandbox.oci;

import io.contree.linux.Errno;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.Mounts;
import io.contree.linux.Stat;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A file in {@code /etc} of which each sandbox has a copy of its own, an {@link EtcCopy}.
 */
enum EtcFile {
    HOSTS("hosts"),
    HOSTNAME("hostname"),
    RESOLV_CONF("resolv.conf");

    private final String fileName;

    EtcFile(String fileName) {
        this.fileName = fileName;
    }

    String fileName() {
        return fileName;
    }

    String content(String hostname, String resolvConf) {
        return switch (this) {
            case HOSTS ->
                "127.0.0.1\tlocalhost\n"
                        + ownLines(hostname, resolvConf)
                        + (KernelSettings.hasIpv6() ? "::1\tlocalhost ip6-localhost ip6-loopback\n" : "");
            case HOSTNAME, RESOLV_CONF -> ownLines(hostname, resolvConf);
        };
    }

    /** What of the content is another one in another sandbox. */
    String ownLines(String hostname, String resolvConf) {
        return switch (this) {
            case HOSTS -> "127.0.1.1\t" + hostname + "\n";
            case HOSTNAME -> hostname + "\n";
            case RESOLV_CONF -> resolvConf;
        };
    }

    /**
     * Covers what the image has here if it is not a regular file: a symbolic link (many resolvers keep the file elsewhere), a
     * FIFO, a socket or a device; or anything at all where {@code /etc} itself is a link, which is followed within the image
     * only. What is covered stays as it is in the image, and what a link points to is not touched. A directory cannot be
     * covered with a file and stays, and so does everything on a kernel that is too old.
     */
    void coverIn(Path root, Path own) throws IOException {
        if (isRegularIn(root)) {
            return;
        }
        try (Fd etc = PlainPath.directoryInside(root, "etc")) {
            if (FileCalls.statIfPresent(etc, fileName)
                    .filter(stat -> !stat.isDirectory())
                    .isPresent()) {
                Mounts.cover(own, etc, fileName);
            }
        } catch (LinuxException e) {
            if (e.errno() != Errno.ENOSYS && !PlainPath.isAbsence(e)) {
                throw e;
            }
        }
    }

    /**
     * True if a regular file is here, perhaps one that covers something of the image, reached without any symbolic link. Only
     * then is it covered: for anything else the runtime would make a mount point in the image or follow the image's links.
     */
    boolean isRegularIn(Path root) throws IOException {
        return PlainPath.stat(root, "etc/" + fileName).filter(Stat::isRegular).isPresent();
    }
}
