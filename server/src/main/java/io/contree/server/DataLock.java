package io.contree.server;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps a second server out of a data directory, from before its catalog is opened. The kernel lets go of it at our end. */
final class DataLock implements AutoCloseable {
    private final FileChannel channel;

    private DataLock(FileChannel channel) {
        this.channel = channel;
    }

    static DataLock take(Path data) {
        try {
            Files.createDirectories(data);
            FileChannel channel =
                    FileChannel.open(data.resolve("server.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!isTaken(channel)) {
                channel.close();
                throw new ContreeException(
                        ErrorCode.UNAVAILABLE,
                        "the data directory " + data
                                + " is in use by another server; stop it, or choose another directory with --data");
            }
            return new DataLock(channel);
        } catch (IOException e) {
            throw new ContreeException(
                    ErrorCode.UNAVAILABLE,
                    "cannot use the data directory " + data + ": " + FileProblem.of(e) + "; choose another with --data",
                    e);
        }
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
