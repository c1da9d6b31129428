package io.contree.store.manifest;

import io.contree.linux.RawPath;
import io.contree.store.Digest;
import io.contree.store.state.TreeEntry;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** Writes a manifest entry by entry, in the order of their paths. It is complete only after {@link #finish}. */
public final class ManifestWriter implements AutoCloseable {
    private final FileOutputStream file;
    private final MessageDigest digest = Digest.sha256();
    private final DataOutputStream out;
    private final TreeMap<Integer, List<Integer>> groups = new TreeMap<>();
    private long[] offsets = new long[64];
    private int count;
    private long position;
    private RawPath last = RawPath.EMPTY;

    public ManifestWriter(Path path) throws IOException {
        file = new FileOutputStream(path.toFile());
        out = new DataOutputStream(new BufferedOutputStream(new DigestOutputStream(file, digest), 1 << 16));
        out.writeLong(ManifestFormat.MAGIC);
        out.writeInt(ManifestFormat.VERSION);
        out.writeInt(0);
        position = ManifestFormat.HEADER_SIZE;
    }

    public int count() {
        return count;
    }

    public void add(TreeEntry entry) throws IOException {
        if (count > 0 && last.compareTo(entry.path()) >= 0) {
            throw new IllegalStateException("manifest entry out of order: " + entry.path());
        }
        last = entry.path();
        if (entry.group() > 0) {
            groups.computeIfAbsent(entry.group(), group -> new ArrayList<>()).add(count);
        }
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, count * 2);
        }
        offsets[count++] = position;
        byte[] record = record(entry);
        out.write(record);
        position += record.length;
    }

    private static byte[] record(TreeEntry entry) {
        byte[] path = entry.path().bytes();
        byte[] target = entry.target().bytes();
        int size = ManifestFormat.PATH + path.length + target.length;
        for (Map.Entry<String, String> xattr : entry.xattrs().entrySet()) {
            size += Short.BYTES
                    + Integer.BYTES
                    + xattr.getKey().length()
                    + xattr.getValue().length();
        }
        ByteBuffer record = ByteBuffer.allocate(size);
        record.putInt(size).putInt(0);
        record.putInt(entry.mode()).put((byte) (entry.opaque() ? ManifestFormat.FLAG_OPAQUE : 0));
        record.put((byte) 0).putShort((short) path.length);
        record.putInt(entry.uid()).putInt(entry.gid());
        record.putLong(entry.mtimeNanos()).putLong(entry.size()).putInt(entry.group());
        record.putInt(entry.rdevMajor()).putInt(entry.rdevMinor());
        record.putShort((short) target.length).putShort((short) entry.xattrs().size());
        entry.content().ifPresent(digest -> record.put(digest.bytes()));
        record.position(ManifestFormat.PATH).put(path).put(target);
        entry.xattrs().forEach((name, value) -> {
            record.putShort((short) name.length()).putInt(value.length());
            record.put(RawPath.bytes(name)).put(RawPath.bytes(value));
        });
        record.putInt(ManifestFormat.CRC, crc(record.array(), ManifestFormat.MODE, size - ManifestFormat.MODE));
        return record.array();
    }

    private static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /** Writes what follows the entries. The bytes are with the kernel, not yet on disk. */
    public void finish() throws IOException {
        long indexOffset = position;
        var tables = new ByteArrayOutputStream();
        var table = new DataOutputStream(tables);
        for (int i = 0; i < count; i++) {
            table.writeLong(offsets[i]);
        }
        long groupIndexOffset = indexOffset + writeGroups(table);
        out.write(tables.toByteArray());
        ByteBuffer footer = ByteBuffer.allocate(ManifestFormat.FOOTER_CHECKED + Integer.BYTES);
        footer.putLong(count).putLong(indexOffset).putLong(groupIndexOffset).putInt(groups.size());
        footer.putInt(crc(tables.toByteArray(), 0, tables.size()));
        footer.putInt(crc(footer.array(), 0, ManifestFormat.FOOTER_CHECKED));
        out.write(footer.array());
        out.flush();
        file.write(digest.digest());
    }

    /** The members of each group, then where each group starts; returns where in the table the latter are. */
    private int writeGroups(DataOutputStream table) throws IOException {
        if (!groups.isEmpty() && groups.lastKey() != groups.size()) {
            throw new IllegalStateException("groups are not numbered from 1: " + groups.keySet());
        }
        List<Long> starts = new ArrayList<>();
        for (List<Integer> members : groups.values()) {
            starts.add(position + table.size());
            table.writeInt(members.size());
            for (int member : members) {
                table.writeInt(member);
            }
        }
        int startsOffset = table.size();
        for (long start : starts) {
            table.writeLong(start);
        }
        return startsOffset;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
