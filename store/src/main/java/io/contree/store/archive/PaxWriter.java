package io.contree.store.archive;

import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;

/**
 * Writes the entries of a POSIX pax archive (IEEE Std 1003.1, "pax Interchange Format"). Our own code, because
 * commons-compress writes the values of extended headers as UTF-8, which neither xattrs nor file names need be.
 */
public final class PaxWriter {
    private static final int BLOCK = 512;
    private static final byte[] ZEROS = new byte[2 * BLOCK];
    private static final int NAME_SIZE = 100;
    private static final long LARGEST_OCTAL_11 = (1L << 33) - 1;
    private static final long LARGEST_OCTAL_7 = (1L << 21) - 1;

    private final OutputStream out;

    /** What a header holds; names are raw, the time may be before 1970. */
    record Header(
            String name,
            char type,
            int mode,
            int uid,
            int gid,
            long size,
            long mtimeNanos,
            String linkName,
            int major,
            int minor) {}

    public PaxWriter(OutputStream out) {
        this.out = out;
    }

    /**
     * Writes the header of an entry, after an extended one with all that the plain one cannot hold.
     *
     * @param extended more records, with raw keys and values
     */
    void header(Header header, SortedMap<String, String> extended) throws IOException {
        byte[] records = records(header, extended);
        if (records.length > 0) {
            Header carrier = new Header("PaxHeader/entry", 'x', 0644, 0, 0, records.length, 0, "", 0, 0);
            out.write(block(carrier));
            out.write(records);
            pad(records.length);
        }
        out.write(block(header));
    }

    void content(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
    }

    /** Pads content of a size to a whole block. */
    void pad(long size) throws IOException {
        int rest = (int) (size % BLOCK);
        if (rest > 0) {
            out.write(ZEROS, 0, BLOCK - rest);
        }
    }

    /** Ends the archive; does not close the stream. */
    void finish() throws IOException {
        out.write(ZEROS);
        out.flush();
    }

    private static byte[] records(Header header, SortedMap<String, String> extended) {
        var records = new PaxRecordBuffer();
        records.text("path", header.name(), header.name().length() > NAME_SIZE || !isAscii(header.name()));
        records.text(
                "linkpath", header.linkName(), header.linkName().length() > NAME_SIZE || !isAscii(header.linkName()));
        records.number("size", header.size(), header.size() > LARGEST_OCTAL_11);
        records.number("uid", Integer.toUnsignedLong(header.uid()), !fits(header.uid()));
        records.number("gid", Integer.toUnsignedLong(header.gid()), !fits(header.gid()));
        records.time("mtime", header.mtimeNanos());
        for (Map.Entry<String, String> record : extended.entrySet()) {
            records.raw(record.getKey(), record.getValue());
        }
        return records.bytes();
    }

    private static boolean fits(int id) {
        return id >= 0 && id <= LARGEST_OCTAL_7;
    }

    static boolean isAscii(String raw) {
        return raw.chars().allMatch(c -> c < 0x80);
    }

    /** A ustar header; a field that cannot hold its value is cut or zero, and the extended header has the value. */
    private static byte[] block(Header header) {
        byte[] block = new byte[BLOCK];
        put(block, 0, NAME_SIZE, header.name());
        octal(block, 100, 8, header.mode() & 07777);
        octal(block, 108, 8, fits(header.uid()) ? header.uid() : 0);
        octal(block, 116, 8, fits(header.gid()) ? header.gid() : 0);
        octal(block, 124, 12, Math.min(header.size(), LARGEST_OCTAL_11));
        long seconds = Stat.seconds(header.mtimeNanos());
        octal(block, 136, 12, Math.clamp(seconds, 0, LARGEST_OCTAL_11));
        put(block, 148, 8, "        ");
        block[156] = (byte) header.type();
        put(block, 157, NAME_SIZE, header.linkName());
        put(block, 257, 8, "ustar\00000");
        octal(block, 329, 8, header.major());
        octal(block, 337, 8, header.minor());
        int sum = 0;
        for (byte b : block) {
            sum += Byte.toUnsignedInt(b);
        }
        put(block, 148, 8, "%06o\0 ".formatted(sum));
        return block;
    }

    private static void put(byte[] block, int at, int size, String raw) {
        byte[] bytes = RawPath.bytes(raw);
        System.arraycopy(bytes, 0, block, at, Math.min(bytes.length, size));
    }

    private static void octal(byte[] block, int at, int size, long value) {
        String digits = Long.toOctalString(value);
        byte[] padded =
                ("0".repeat(Math.max(0, size - 1 - digits.length())) + digits).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(padded, 0, block, at, Math.min(padded.length, size - 1));
    }
}
