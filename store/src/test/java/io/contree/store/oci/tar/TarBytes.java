package io.contree.store.oci.tar;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes tars byte by byte, valid or not (POSIX ustar and pax): names are raw, nothing is checked. */
public final class TarBytes {
    public static final int BLOCK = 512;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A file with mode 0644 of root and an mtime of 1 s. */
    public TarBytes file(String name, String content) {
        return entry('0', name, "", content);
    }

    public TarBytes directory(String name) {
        return entry('5', name, "", "");
    }

    public TarBytes symlink(String name, String target) {
        return entry('2', name, target, "");
    }

    public TarBytes hardLink(String name, String target) {
        return entry('1', name, target, "");
    }

    /** A pax header for the next entry, of records {@code KEY=VALUE}. */
    public TarBytes pax(String... records) {
        StringBuilder body = new StringBuilder();
        for (String record : records) {
            body.append(record(record));
        }
        return entry('x', "pax", "", body.toString());
    }

    /** {@code LENGTH KEY=VALUE\n}, where the length counts its own digits. */
    static String record(String keyAndValue) {
        int rest = keyAndValue.length() + 2;
        int length = rest + 1;
        while (length != rest + Integer.toString(length).length()) {
            length++;
        }
        return length + " " + keyAndValue + "\n";
    }

    /** Any entry; each character of names and content is one byte. */
    public TarBytes entry(char type, String name, String link, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
        byte[] header = header(type, name, link, bytes.length);
        seal(header);
        return raw(header).raw(bytes).raw(new byte[(BLOCK - bytes.length % BLOCK) % BLOCK]);
    }

    /** A header without its checksum. */
    static byte[] header(char type, String name, String link, long size) {
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, type == '5' ? "0000755\0" : "0000644\0");
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        put(header, 124, "%011o\0".formatted(size));
        put(header, 136, "00000000001\0");
        header[156] = (byte) type;
        put(header, 157, link);
        put(header, 257, "ustar\00000");
        return header;
    }

    static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    /** Writes the checksum. */
    public static void seal(byte[] header) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xFF;
        }
        put(header, 148, "%06o\0 ".formatted(sum));
    }

    public TarBytes raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** The archive with its end. */
    public byte[] bytes() {
        return Arrays.copyOf(out.toByteArray(), out.size() + 2 * BLOCK);
    }

    TarReader reader() {
        return new TarReader(new ByteArrayInputStream(bytes()));
    }
}
