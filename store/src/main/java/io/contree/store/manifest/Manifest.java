package io.contree.store.manifest;

import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.Digest;
import io.contree.store.IoFailure;
import io.contree.store.StoreException;
import io.contree.store.disk.Layout;
import io.contree.store.disk.SharedContents;
import io.contree.store.state.TreeEntry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The entries of one layer, read in place: opening reads 8 bytes for each, a look-up is a binary search.
 * A large one is mapped, until nothing refers to it. The file must not change. Safe for use by several threads.
 */
public final class Manifest {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** Up to this size a copy costs less than a mapping; a process may have 65,530 of these. */
    private static final int SMALL = 1 << 16;

    private final Path file;
    private final MemorySegment bytes;
    private final int count;
    private final long index;
    private final long groupIndex;
    private final int groups;
    private volatile long weight = -1;

    private Manifest(Path file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
        long footer = bytes.byteSize() - ManifestFormat.FOOTER_SIZE;
        check(footer >= ManifestFormat.HEADER_SIZE, "it is too short");
        check(bytes.get(LONG, 0) == ManifestFormat.MAGIC, "it does not start like one");
        check(bytes.get(INT, Long.BYTES) == ManifestFormat.VERSION, "its version is unknown");
        long checked = footer + ManifestFormat.FOOTER_CHECKED;
        check(crc(footer, ManifestFormat.FOOTER_CHECKED) == bytes.get(INT, checked), "its footer is damaged");
        this.count = Math.toIntExact(bytes.get(LONG, footer));
        this.index = bytes.get(LONG, footer + Long.BYTES);
        this.groupIndex = bytes.get(LONG, footer + 2L * Long.BYTES);
        this.groups = bytes.get(INT, footer + 3L * Long.BYTES);
        check(crc(index, footer - index) == bytes.get(INT, checked - Integer.BYTES), "its tables are damaged");
    }

    public static Manifest open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            return new Manifest(
                    file,
                    size <= SMALL
                            ? MemorySegment.ofArray(Files.readAllBytes(file))
                            : channel.map(FileChannel.MapMode.READ_ONLY, 0, size, Arena.ofAuto()));
        }
    }

    public int count() {
        return count;
    }

    /** What it costs to copy the layer, in entries: a content weighs as one for each 64 KiB, up to what layers share. */
    public long weight() {
        if (weight < 0) {
            long contents = 0;
            for (int entry = 0; entry < count; entry++) {
                contents += Math.min(size(entry), SharedContents.SMALLEST) >>> 16;
            }
            weight = count + contents;
        }
        return weight;
    }

    /** The index of a path's entry, or -1. */
    public int find(RawPath path) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compare(path, middle);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                high = middle - 1;
            } else {
                low = middle + 1;
            }
        }
        return -1;
    }

    /** The first index after the entry at {@code entry} and all that is below it. */
    public int subtreeEnd(int entry) {
        RawPath path = path(entry);
        int inside = entry;
        int step = 1;
        // Most directories are small next to the manifest: gallop, then search.
        while (inside + step < count && isBelow(path, inside + step)) {
            inside += step;
            step *= 2;
        }
        int low = inside + 1;
        int high = Math.min(inside + step, count);
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (isBelow(path, middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private boolean isBelow(RawPath directory, int entry) {
        if (directory.isEmpty()) {
            return true;
        }
        long record = record(entry);
        int length = pathLength(record);
        if (length <= directory.length() || pathByte(record, directory.length()) != '/') {
            return false;
        }
        for (int i = directory.length() - 1; i >= 0; i--) {
            if (pathByte(record, i) != directory.raw().charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private int compare(RawPath path, int entry) {
        long record = record(entry);
        int length = pathLength(record);
        int common = Math.min(path.length(), length);
        for (int i = 0; i < common; i++) {
            int difference = RawPath.rank(path.raw().charAt(i)) - RawPath.rank(pathByte(record, i));
            if (difference != 0) {
                return difference;
            }
        }
        return path.length() - length;
    }

    public RawPath path(int entry) {
        long record = record(entry);
        return raw(record + ManifestFormat.PATH, pathLength(record));
    }

    public int mode(int entry) {
        return bytes.get(INT, record(entry) + ManifestFormat.MODE);
    }

    /** The size of a regular file in bytes; 0 for all else. */
    public long size(int entry) {
        return bytes.get(LONG, record(entry) + ManifestFormat.SIZE);
    }

    public boolean isWhiteout(int entry) {
        long record = record(entry);
        return (bytes.get(INT, record + ManifestFormat.MODE) & Stat.TYPE_MASK) == Stat.CHARACTER_DEVICE
                && bytes.get(INT, record + ManifestFormat.RDEV_MAJOR) == 0
                && bytes.get(INT, record + ManifestFormat.RDEV_MINOR) == 0;
    }

    public boolean isDirectory(int entry) {
        return (mode(entry) & Stat.TYPE_MASK) == Stat.DIRECTORY;
    }

    public boolean isOpaque(int entry) {
        return (bytes.get(ValueLayout.JAVA_BYTE, record(entry) + ManifestFormat.FLAGS) & ManifestFormat.FLAG_OPAQUE)
                != 0;
    }

    public boolean hasXattrs(int entry) {
        return bytes.get(SHORT, record(entry) + ManifestFormat.XATTR_COUNT) != 0;
    }

    public int group(int entry) {
        return bytes.get(INT, record(entry) + ManifestFormat.GROUP);
    }

    /** How many files have several names in it; they are numbered from 1 on. */
    public int groups() {
        return groups;
    }

    /** The entries of a group in the order of the manifest. */
    public int[] members(int group) {
        check(group > 0 && group <= groups, "it names a group that it does not have");
        long at = bytes.get(LONG, groupIndex + (group - 1L) * Long.BYTES);
        int[] members = new int[bytes.get(INT, at)];
        for (int i = 0; i < members.length; i++) {
            members[i] = bytes.get(INT, at + (i + 1L) * Integer.BYTES);
        }
        return members;
    }

    /** @throws StoreException CORRUPT if the entry is not what was written */
    public TreeEntry entry(int entry) {
        long record = record(entry);
        int length = bytes.get(INT, record + ManifestFormat.LENGTH);
        check(length >= ManifestFormat.PATH && record + length <= index, "an entry has a wrong length");
        check(
                crc(record + ManifestFormat.MODE, length - ManifestFormat.MODE)
                        == bytes.get(INT, record + ManifestFormat.CRC),
                "an entry is damaged");
        int mode = bytes.get(INT, record + ManifestFormat.MODE);
        int pathLength = pathLength(record);
        int targetLength = Short.toUnsignedInt(bytes.get(SHORT, record + ManifestFormat.TARGET_LENGTH));
        long target = record + ManifestFormat.PATH + pathLength;
        boolean regular = (mode & Stat.TYPE_MASK) == Stat.REGULAR;
        return new TreeEntry(
                raw(record + ManifestFormat.PATH, pathLength),
                mode,
                isOpaque(entry),
                bytes.get(INT, record + ManifestFormat.UID),
                bytes.get(INT, record + ManifestFormat.GID),
                bytes.get(LONG, record + ManifestFormat.MTIME),
                bytes.get(LONG, record + ManifestFormat.SIZE),
                regular ? Optional.of(Digest.of(copy(record + ManifestFormat.SHA256, 32))) : Optional.empty(),
                raw(target, targetLength),
                bytes.get(INT, record + ManifestFormat.GROUP),
                bytes.get(INT, record + ManifestFormat.RDEV_MAJOR),
                bytes.get(INT, record + ManifestFormat.RDEV_MINOR),
                xattrs(record, target + targetLength));
    }

    private SortedMap<String, String> xattrs(long record, long start) {
        int number = Short.toUnsignedInt(bytes.get(SHORT, record + ManifestFormat.XATTR_COUNT));
        if (number == 0) {
            return Collections.emptySortedMap();
        }
        SortedMap<String, String> xattrs = new TreeMap<>();
        long at = start;
        for (int i = 0; i < number; i++) {
            int name = Short.toUnsignedInt(bytes.get(SHORT, at));
            int value = bytes.get(INT, at + Short.BYTES);
            at += Short.BYTES + Integer.BYTES;
            xattrs.put(raw(at, name).raw(), raw(at + name, value).raw());
            at += (long) name + value;
        }
        return xattrs;
    }

    private long record(int entry) {
        return bytes.get(LONG, index + (long) entry * Long.BYTES);
    }

    private int pathLength(long record) {
        return Short.toUnsignedInt(bytes.get(SHORT, record + ManifestFormat.PATH_LENGTH));
    }

    private int pathByte(long record, int at) {
        return Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, record + ManifestFormat.PATH + at));
    }

    private RawPath raw(long at, int length) {
        return RawPath.of(copy(at, length));
    }

    private byte[] copy(long at, int length) {
        return bytes.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /** Of copies: if the disk fails under a mapping, copying throws, but a checksum in the mapping ends the process. */
    private int crc(long at, long length) {
        CRC32C crc = new CRC32C();
        byte[] copy = new byte[(int) Math.min(length, SMALL)];
        for (long done = 0; done < length; done += copy.length) {
            int part = (int) Math.min(copy.length, length - done);
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at + done, copy, 0, part);
            crc.update(copy, 0, part);
        }
        return (int) crc.getValue();
    }

    private void check(boolean right, String wrong) {
        if (!right) {
            throw unusable(wrong);
        }
    }

    /** Tells a disk that cannot be read from a manifest that was changed. */
    private StoreException unusable(String wrong) {
        Path layer = Layout.layerOf(file);
        try (InputStream again = Files.newInputStream(file)) {
            again.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            return IoFailure.of("read the manifest of layer " + layer, e);
        }
        return new StoreException(
                StoreException.Kind.CORRUPT, "the manifest of layer " + layer + " is unusable: " + wrong);
    }
}
