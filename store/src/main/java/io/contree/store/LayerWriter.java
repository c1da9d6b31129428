package io.contree.store;

import io.contree.linux.RawPath;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes one layer from entries that somebody else lists, such as an archive, on top of a stack of layers. Nothing
 * listed is trusted: paths are relative to the root of the image ({@code ./}, a leading or trailing {@code /}
 * and {@code //} are dropped, {@code ..} is refused), no link is ever followed, and nothing outside it is touched.
 *
 * <p>A later entry replaces an earlier one, whatever the two are; a directory listed again takes the new attributes and
 * keeps its children. Parents that were not listed are made: like the stack's directory where it has one, else 0755,
 * owned by root. The empty path is the root itself. Ids are natural: those inside an image.
 *
 * <p>Used by one thread. Closing without {@link #finish} removes everything.
 */
public interface LayerWriter extends AutoCloseable {
    /**
     * What an entry has besides its content.
     *
     * @param mode permission bits, 0 to 07777; other bits are dropped
     * @param mtimeNanos since the epoch; only that of regular files is part of a state
     * @param xattrs by raw name; {@code trusted.overlay.*} and names that are not part of a state are dropped
     */
    record Attributes(int mode, int uid, int gid, long mtimeNanos, SortedMap<String, byte[]> xattrs) {
        public Attributes {
            mode &= 07777;
            if (uid < 0 || gid < 0) {
                throw new StoreException(
                        StoreException.Kind.INVALID, "owner " + uid + ":" + gid + " is out of range: 0 to 2147483647");
            }
            xattrs = new TreeMap<>(xattrs);
        }

        public Attributes(int mode, int uid, int gid, long mtimeNanos) {
            this(mode, uid, gid, mtimeNanos, new TreeMap<>(Map.of()));
        }
    }

    /** A kind of node without content. */
    enum NodeType {
        FIFO,
        CHARACTER_DEVICE,
        BLOCK_DEVICE
    }

    /** @throws StoreException INVALID for an impossible path, DISK_FULL, IO; so do all methods below */
    void directory(RawPath path, Attributes attributes);

    /**
     * A regular file: reads the stream to its end and keeps its blocks of zeros as holes. Does not close the stream.
     *
     * @throws IOException if the stream fails
     */
    void file(RawPath path, Attributes attributes, InputStream content) throws IOException;

    /** @param target kept as it is, 1 to 4,095 bytes */
    void symlink(RawPath path, RawPath target, Attributes attributes);

    /**
     * Another name of an entry that is not a directory, in this layer or in the stack below it (which is then copied
     * up, with all names that it has there).
     *
     * @throws StoreException INVALID if there is no such target
     */
    void hardLink(RawPath path, RawPath target);

    /** A device or FIFO; numbers are 0 for a FIFO. A character device 0:0 is INVALID: overlayfs takes it for a whiteout. */
    void node(RawPath path, NodeType type, int major, int minor, Attributes attributes);

    /** Hides what the stack has at the path; entries of this layer at and below it stay, listed before or after. */
    void whiteout(RawPath path);

    /** Hides what the stack has below the directory; entries of this layer below it stay, listed before or after. */
    void opaque(RawPath directory);

    /** Bytes of content written so far, holes included. */
    long bytes();

    /** Makes the layer durable, with its manifest. Once this is closed, it is garbage unless the catalog names it. */
    LayerId finish();

    @Override
    void close();
}
