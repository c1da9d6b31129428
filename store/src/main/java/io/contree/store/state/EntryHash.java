package io.contree.store.state;

import io.contree.linux.RawPath;
import io.contree.store.Digest;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** The canonical bytes of an entry and their SHA-256, as docs/design/format.md, "Identity", defines them. */
final class EntryHash {
    private static final int WITH_MTIME = 1;

    private EntryHash() {}

    /**
     * @param link the first visible path of the entry's hard-link group, empty for an entry with one name
     * @param mtime whether the modification time counts; it never does for anything but regular files
     */
    static byte[] of(TreeEntry entry, RawPath link, boolean mtime) {
        boolean timed = mtime && entry.isRegular();
        var bytes = new ByteArrayOutputStream(256);
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(timed ? WITH_MTIME : 0);
            write(out, entry.path().raw());
            out.writeInt(entry.mode());
            out.writeInt(entry.uid());
            out.writeInt(entry.gid());
            if (timed) {
                out.writeLong(entry.mtimeNanos());
            }
            out.writeLong(entry.size());
            out.write(entry.content().map(Digest::bytes).orElse(new byte[0]));
            write(out, entry.target().raw());
            write(out, link.raw());
            out.writeInt(entry.rdevMajor());
            out.writeInt(entry.rdevMinor());
            out.writeInt(entry.xattrs().size());
            for (Map.Entry<String, String> xattr : entry.xattrs().entrySet()) {
                write(out, xattr.getKey());
                write(out, xattr.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return Digest.ofContent(bytes.toByteArray()).bytes();
    }

    private static void write(DataOutputStream out, String raw) throws IOException {
        out.writeInt(raw.length());
        out.write(RawPath.bytes(raw));
    }
}
