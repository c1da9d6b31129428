package io.contree.store;

import io.contree.linux.Errno;
import io.contree.linux.LinuxException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the store's words why the operating system refused something: clients get no path of the server's disk, the
 * log gets all that is known.
 */
public final class IoFailure {
    private static final Logger LOG = LoggerFactory.getLogger(IoFailure.class);

    private IoFailure() {}

    /** @param tried completes "could not …"; for clients, so without a path of the server's disk */
    public static StoreException of(String tried, IOException cause) {
        LOG.warn("could not {}: {}", tried, cause.toString());
        if (isFull(cause)) {
            return new StoreException(
                    StoreException.Kind.DISK_FULL,
                    "could not " + tried + ": the disk of the data directory is full"
                            + (makesFile(cause) ? ", in bytes or in inodes" : "") + " (" + reason(cause) + ")",
                    cause);
        }
        return new StoreException(StoreException.Kind.IO, "could not " + tried + ": " + reason(cause), cause);
    }

    /** Where no byte was written, the inodes may be used up while there is room for bytes. */
    private static boolean makesFile(IOException cause) {
        return cause instanceof LinuxException e
                && (e.call().startsWith("mk")
                        || e.call().startsWith("open")
                        || e.call().startsWith("symlink"));
    }

    /** What is wrong, without saying where on the server's disk. */
    public static String reason(IOException cause) {
        return switch (cause) {
            case LinuxException e when e.errno() == Errno.EIO -> "the disk reports an error (" + e.call() + ": EIO)";
            case LinuxException e
            when e.errno() == Errno.EUCLEAN ->
                "the file system is damaged (" + e.call() + ": EUCLEAN); have it checked";
            case LinuxException e -> e.call() + ": " + (e.errno() == Errno.OTHER ? "errno " + e.number() : e.errno());
            case NoSuchFileException _ -> "a file of the data directory is missing";
            case FileAlreadyExistsException _ -> "something is in the way";
            case AccessDeniedException _ -> "permission denied";
            case NotDirectoryException _ -> "a file is where a directory should be";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            case FileSystemException e -> e.getClass().getSimpleName();
            // "PATH (reason)", the one exception of the older classes that names a file
            case FileNotFoundException e -> {
                String said = String.valueOf(e.getMessage());
                int reason = said.lastIndexOf(" (");
                yield reason < 0
                        ? "a file of the data directory is missing"
                        : said.substring(reason + 2, said.length() - 1);
            }
            default -> String.valueOf(cause.getMessage());
        };
    }

    /** Whether a disk has no room left, or its owner no quota. */
    public static boolean isFull(IOException cause) {
        if (cause instanceof LinuxException linux) {
            return linux.errno() == Errno.ENOSPC || linux.errno() == Errno.EDQUOT;
        }
        // The JDK keeps no errno, only the text of strerror in the C locale.
        String message = String.valueOf(cause.getMessage());
        return message.contains("No space left on device") || message.contains("Disk quota exceeded");
    }
}
