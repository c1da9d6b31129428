package io.contree.store;

import io.contree.linux.Errno;
import io.contree.linux.LinuxException;
import java.io.IOException;

/** Says in the store's words why the operating system refused something. */
public final class IoFailure {
    private IoFailure() {}

    /** @param tried completes "could not …" */
    static StoreException of(String tried, IOException cause) {
        if (isFull(cause)) {
            return new StoreException(
                    StoreException.Kind.DISK_FULL,
                    "could not " + tried + ": the disk of the data directory is full (" + cause.getMessage() + ")",
                    cause);
        }
        return new StoreException(StoreException.Kind.IO, "could not " + tried + ": " + cause.getMessage(), cause);
    }

    /** Whether a disk has no room, or its owner no quota. */
    public static boolean isFull(IOException cause) {
        if (cause instanceof LinuxException linux) {
            return linux.errno() == Errno.ENOSPC || linux.errno() == Errno.EDQUOT;
        }
        // The JDK keeps no errno, only the text of strerror in the C locale.
        String message = String.valueOf(cause.getMessage());
        return message.contains("No space left on device") || message.contains("Disk quota exceeded");
    }
}
