package io.contree.store.dedup;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.SharedBlocks;
import io.contree.linux.Stat;
import java.nio.file.Path;

/** Two files that should hold the same bytes, one of which takes the blocks of the other, step by step. Used by one thread. */
final class EqualFiles implements AutoCloseable {
    /** A step locks both files and cannot be ended early. */
    static final long STEP = 4 << 20;

    private static final long BLOCK = 512;
    private static final long INSIDE = FileCalls.RESOLVE_BENEATH | FileCalls.RESOLVE_NO_SYMLINKS;

    private final Fd from;
    private final Fd to;
    private final long size;
    private long done;
    private boolean differ;

    private EqualFiles(Fd from, Fd to, long size) {
        this.from = from;
        this.to = to;
        this.size = size;
    }

    /**
     * Opens both for reading: that suffices for who may do anything.
     *
     * @param tree of the layer that has the blocks
     * @param otherTree of the layer whose file is to take them
     */
    static EqualFiles open(Path tree, RawPath path, Path otherTree, RawPath otherPath, long size)
            throws LinuxException {
        Fd from = open(tree, path);
        try {
            return new EqualFiles(from, open(otherTree, otherPath), size);
        } catch (LinuxException | RuntimeException e) {
            from.close();
            throw e;
        }
    }

    private static Fd open(Path tree, RawPath path) throws LinuxException {
        try (Fd root = FileCalls.open(tree, FileCalls.READ | FileCalls.DIRECTORY)) {
            return FileCalls.open(root, path.raw(), FileCalls.READ | FileCalls.NO_FOLLOW, 0, INSIDE);
        }
    }

    /** False for names of one file, files that share already, and files with holes, which would be filled. */
    boolean areApart() throws LinuxException {
        Stat one = FileCalls.stat(from, "");
        Stat other = FileCalls.stat(to, "");
        // They are shared from the start on, so the end tells whether an earlier pass got through.
        return one.inode() != other.inode()
                && isFull(one)
                && isFull(other)
                && !SharedBlocks.areShared(from, to, size - 1);
    }

    private boolean isFull(Stat stat) {
        return stat.isRegular() && stat.size() == size && stat.blocks() * BLOCK >= size;
    }

    /** Goes on by at most {@link #STEP} bytes. */
    void step() throws LinuxException {
        long shared = SharedBlocks.share(from, to, done, Math.min(STEP, size - done));
        differ = shared <= 0;
        done += shared;
    }

    boolean isDone() {
        return differ || done >= size;
    }

    /** Whether the last step found other bytes. */
    boolean differ() {
        return differ;
    }

    @Override
    public void close() {
        from.close();
        to.close();
    }
}
