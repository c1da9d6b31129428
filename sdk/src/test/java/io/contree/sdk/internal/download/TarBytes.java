package io.contree.sdk.internal.download;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A tar that is written header by header, also as no program would. */
public final class TarBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public TarBytes file(String name, String content) {
        return entry(name, '0', "", content.getBytes(StandardCharsets.UTF_8));
    }

    public TarBytes directory(String name) {
        return entry(name, '5', "", new byte[0]);
    }

    public TarBytes symlink(String name, String to) {
        return entry(name, '2', to, new byte[0]);
    }

    public TarBytes hardlink(String name, String to) {
        return entry(name, '1', to, new byte[0]);
    }

    /** PAX records for the next entry, each {@code key=value}. */
    public TarBytes pax(String... records) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (String record : records) {
            int length = record.getBytes(StandardCharsets.UTF_8).length + 2;
            int whole = length + Integer.toString(length + 2).length();
            body.writeBytes((whole + " " + record + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return entry("PaxHeaders/x", 'x', "", body.toByteArray());
    }

    public TarBytes entry(String name, char type, String link, byte[] content) {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 100, type == '5' ? "0000750" : "0004640");
        put(header, 124, String.format("%011o", content.length));
        put(header, 136, String.format("%011o", 1_700_000_000));
        put(header, 148, "        ");
        header[156] = (byte) type;
        put(header, 157, link);
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, String.format("%06o\0 ", sum));
        out.writeBytes(header);
        out.writeBytes(content);
        out.writeBytes(new byte[-content.length & 511]);
        return this;
    }

    /** Bytes as they are. */
    public TarBytes raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    public byte[] unfinished() {
        return out.toByteArray();
    }

    public byte[] finished() {
        return raw(new byte[1024]).unfinished();
    }

    private static void put(byte[] header, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }
}
