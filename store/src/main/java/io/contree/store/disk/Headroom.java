package io.contree.store.disk;

import io.contree.store.IoFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks of the disk that are held back for removing things: on a full disk it could else not be recorded what is removed. Safe for
 * use by several threads.
 */
public final class Headroom {
    private static final Logger LOG = LoggerFactory.getLogger(Headroom.class);

    /** Twice what the log of the catalog has before it is copied. */
    private static final long SIZE = 8 << 20;
    /** At most this part of a disk. */
    private static final int PART = 32;
    /** It is taken only where this many times as much is free. */
    private static final int PLENTY = 2;

    private final Path file;

    Headroom(Layout layout) {
        this.file = layout.headroom();
    }

    /** Lets the disk have it, if there is some. */
    public synchronized void giveUp() {
        try {
            if (Files.exists(file) && Files.size(file) > 0) {
                LOG.warn("the disk is full: what was held back for removing things is used now");
                // A removed file may give its blocks back later.
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(0);
                }
            }
        } catch (IOException e) {
            LOG.warn("what is held back of the disk cannot be given up: {}", IoFailure.reason(e));
        }
    }

    /** As {@link #giveUp}, if the disk has less than that left. */
    void giveUpIfFull() throws IOException {
        if (Files.exists(file) && store().getUsableSpace() < SIZE) {
            giveUp();
        }
    }

    /** Holds it back again, if there is room. */
    public synchronized void take() {
        try {
            FileStore store = store();
            long size = Math.min(SIZE, store.getTotalSpace() / PART);
            if ((Files.exists(file) && Files.size(file) >= size) || store.getUsableSpace() < PLENTY * size) {
                return;
            }
            fill(size);
        } catch (IOException e) {
            LOG.debug("nothing is held back of the disk for removing things: {}", e.toString());
            giveUp();
        }
    }

    private FileStore store() throws IOException {
        return Files.getFileStore(file.toAbsolutePath().getParent());
    }

    private void fill(long size) throws IOException {
        byte[] noise = new byte[1 << 20]; // which no file system can make smaller
        new Random().nextBytes(noise);
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        try (FileChannel channel = FileChannel.open(
                file, options, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            while (channel.position() < size) {
                channel.write(ByteBuffer.wrap(noise, 0, (int) Math.min(noise.length, size - channel.position())));
            }
        }
    }
}
