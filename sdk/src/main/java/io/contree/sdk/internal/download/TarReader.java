package io.contree.sdk.internal.download;

import io.contree.sdk.internal.InternalException;
import io.contree.sdk.internal.InternalException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar as it comes: POSIX ustar with PAX headers (IEEE Std 1003.1, pax, "ustar Interchange Format"). What cannot be
 * read is the server's fault ({@code ANSWER}) or the connection's ({@code CONNECTION}).
 */
final class TarReader {
    private static final int BLOCK = 512;
    private static final int MAX_HEADERS = 1 << 20;

    private final String action;
    private final InputStream in;
    private final Map<String, String> global = new HashMap<>();
    private long unread;
    private long padding;

    TarReader(String action, InputStream in) {
        this.action = action;
        this.in = in;
    }

    /**
     * One entry, of which the bytes follow.
     *
     * @param type as in the header: {@code 0} a file, {@code 1} a hard link, {@code 2} a symbolic link, {@code 5} a directory
     */
    record Entry(String path, char type, long size, int mode, Instant modified, String link) {}

    /** Goes to the next entry, past what was not read of this one; null at the end of the archive. */
    @Nullable
    Entry next() {
        Map<String, String> headers = new HashMap<>(global);
        while (true) {
            skip(unread + padding);
            byte[] block = read(BLOCK);
            if (isZero(block)) {
                return null;
            }
            Entry plain = plain(block);
            unread = plain.size();
            padding = -plain.size() & (BLOCK - 1);
            switch (plain.type()) {
                case 'x' -> headers.putAll(extended());
                case 'g' -> {
                    global.putAll(extended());
                    headers.putAll(global);
                }
                default -> {
                    return merged(plain, headers);
                }
            }
        }
    }

    /** Bytes of the current entry; -1 at its end. */
    int read(byte[] into) {
        if (unread == 0) {
            return -1;
        }
        int count = readSome(into, 0, (int) Math.min(into.length, unread));
        unread -= count;
        return count;
    }

    private Entry merged(Entry plain, Map<String, String> headers) {
        if (headers.keySet().stream().anyMatch(name -> name.startsWith("GNU.sparse"))) {
            throw malformed("has a sparse entry, which this client does not read");
        }
        long size = headers.containsKey("size") ? decimal(headers.get("size")) : plain.size();
        unread = plain.type() == '0' ? size : 0;
        padding = -unread & (BLOCK - 1);
        return new Entry(
                headers.getOrDefault("path", plain.path()),
                plain.type(),
                unread,
                plain.mode(),
                headers.containsKey("mtime") ? instant(headers.get("mtime")) : plain.modified(),
                headers.getOrDefault("linkpath", plain.link()));
    }

    private Entry plain(byte[] block) {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : block[i] & 0xff;
        }
        if (sum != number(block, 148, 8)) {
            throw malformed("has a header with a wrong checksum");
        }
        String prefix = text(block, 345, 155);
        String name = text(block, 0, 100);
        char type = block[156] == 0 ? '0' : (char) (block[156] & 0xff);
        long size = number(block, 124, 12);
        return new Entry(
                prefix.isEmpty() ? name : prefix + "/" + name,
                type,
                type >= '1' && type <= '6' ? 0 : size,
                (int) number(block, 100, 8),
                Instant.ofEpochSecond(number(block, 136, 12)),
                text(block, 157, 100));
    }

    /** Records of the form {@code "length key=value\n"}. */
    private Map<String, String> extended() {
        if (unread > MAX_HEADERS) {
            throw malformed("has extended headers of " + unread + " bytes");
        }
        byte[] all = read((int) unread);
        unread = 0;
        Map<String, String> headers = new HashMap<>();
        for (int at = 0; at < all.length; ) {
            int space = at;
            while (space < all.length && all[space] != ' ') {
                space++;
            }
            long length = decimal(new String(all, at, space - at, StandardCharsets.US_ASCII));
            if (length <= space - at + 2 || length > all.length - at) {
                throw malformed("has an extended header that does not end where it says");
            }
            String record = new String(all, space + 1, (int) length - (space - at) - 2, StandardCharsets.UTF_8);
            int equal = record.indexOf('=');
            if (equal < 1) {
                throw malformed("has an extended header without a name");
            }
            headers.put(record.substring(0, equal), record.substring(equal + 1));
            at += (int) length;
        }
        return headers;
    }

    private Instant instant(String value) {
        try {
            java.math.BigDecimal seconds = new java.math.BigDecimal(value);
            java.math.BigDecimal whole = seconds.setScale(0, java.math.RoundingMode.FLOOR);
            return Instant.ofEpochSecond(
                    whole.longValueExact(),
                    seconds.subtract(whole).movePointRight(9).longValue());
        } catch (ArithmeticException | NumberFormatException | java.time.DateTimeException e) {
            throw malformed("has the time " + value);
        }
    }

    /** An octal number, or since POSIX leaves no room for large ones, a binary one with its first bit set. */
    private long number(byte[] block, int offset, int length) {
        if ((block[offset] & 0x80) != 0) {
            long value = block[offset] & 0x3f;
            for (int i = 1; i < length; i++) {
                value = (value << 8) | (block[offset + i] & 0xff);
            }
            return checked(value);
        }
        String digits = text(block, offset, length).strip();
        try {
            return digits.isEmpty() ? 0 : checked(Long.parseLong(digits, 8));
        } catch (NumberFormatException e) {
            throw malformed("has a header with the number \"" + digits + "\"");
        }
    }

    private long decimal(@Nullable String digits) {
        try {
            return checked(Long.parseLong(digits));
        } catch (NumberFormatException e) {
            throw malformed("has a header with the number \"" + digits + "\"");
        }
    }

    private long checked(long value) {
        if (value < 0 || value > Long.MAX_VALUE - BLOCK) {
            throw malformed("has a header with the number " + value);
        }
        return value;
    }

    private static String text(byte[] block, int offset, int length) {
        int end = offset;
        while (end < offset + length && block[end] != 0) {
            end++;
        }
        return new String(block, offset, end - offset, StandardCharsets.UTF_8);
    }

    private static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private void skip(long count) {
        byte[] passed = new byte[BLOCK * 16];
        for (long left = count; left > 0; ) {
            left -= readSome(passed, 0, (int) Math.min(passed.length, left));
        }
        unread = 0;
        padding = 0;
    }

    private byte[] read(int length) {
        byte[] bytes = new byte[length];
        for (int at = 0; at < length; ) {
            at += readSome(bytes, at, length - at);
        }
        return bytes;
    }

    private int readSome(byte[] into, int offset, int length) {
        try {
            int count = in.read(into, offset, length);
            if (count < 0) {
                throw new InternalException(Kind.CONNECTION, "could not " + action + ": the archive breaks off");
            }
            return count;
        } catch (IOException e) {
            throw new InternalException(Kind.CONNECTION, "could not " + action + ": " + e.getMessage(), e);
        }
    }

    private InternalException malformed(String what) {
        return new InternalException(Kind.ANSWER, "could not " + action + ": the archive that the server sent " + what);
    }
}
