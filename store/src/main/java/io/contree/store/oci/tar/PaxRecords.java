package io.contree.store.oci.tar;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The records of a pax extended header ({@code LENGTH KEY=VALUE\n}, POSIX.1-2001), keys and values raw. The last of equal
 * keys wins; a record without a value unsets the key.
 */
final class PaxRecords {
    static final PaxRecords NONE = new PaxRecords(Map.of(), List.of());

    private static final String XATTR = "SCHILY.xattr.";
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,18}");
    private static final Pattern TIME = Pattern.compile("-?[0-9]{1,40}(\\.[0-9]{0,40})?");
    private static final int LONGEST_LENGTH = 8;

    private final Map<String, String> values;
    private final List<TarEntry.Extent> repeatedExtents;

    private PaxRecords(Map<String, String> values, List<TarEntry.Extent> repeatedExtents) {
        this.values = Collections.unmodifiableMap(values);
        this.repeatedExtents = repeatedExtents;
    }

    static PaxRecords parse(byte[] body) throws MalformedArchiveException {
        Map<String, String> values = new HashMap<>();
        List<TarEntry.Extent> extents = new ArrayList<>();
        long offset = -1;
        int at = 0;
        while (at < body.length && body[at] != 0) {
            int end = at + length(body, at);
            int space = indexOf(body, ' ', at, end);
            int equals = indexOf(body, '=', space, end);
            if (end > body.length || body[end - 1] != '\n') {
                throw new MalformedArchiveException("a pax record does not end where its length says");
            }
            String key = raw(body, space + 1, equals);
            String value = raw(body, equals + 1, end - 1);
            values.put(key, value);
            // Version 0.0 of GNU sparse files repeats these two keys, once for each extent.
            if (key.equals("GNU.sparse.offset")) {
                offset = number(key, value);
            } else if (key.equals("GNU.sparse.numbytes")) {
                extents.add(new TarEntry.Extent(offset, number(key, value)));
            }
            at = end;
        }
        return new PaxRecords(values, extents);
    }

    private static int length(byte[] body, int at) throws MalformedArchiveException {
        int length = 0;
        int digits = 0;
        while (at + digits < body.length && digits < LONGEST_LENGTH && Character.isDigit(body[at + digits])) {
            length = length * 10 + (body[at + digits] - '0');
            digits++;
        }
        // The shortest record is "5 k=\n": digits, a space, a key, an equals sign and a newline.
        if (digits == 0 || length < digits + 4 || length > body.length - at || body[at + digits] != ' ') {
            throw new MalformedArchiveException("a pax record has a wrong length");
        }
        return length;
    }

    private static int indexOf(byte[] body, char wanted, int from, int to) throws MalformedArchiveException {
        for (int i = from; i < Math.min(to, body.length); i++) {
            if (body[i] == wanted) {
                return i;
            }
        }
        throw new MalformedArchiveException("a pax record is not LENGTH KEY=VALUE");
    }

    private static String raw(byte[] body, int from, int to) {
        return new String(body, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** These records over those of a global header, keeping only those of its keys that make sense for many entries. */
    PaxRecords over(PaxRecords global) {
        if (global.values.isEmpty()) {
            return this;
        }
        Map<String, String> merged = new HashMap<>(global.values);
        merged.keySet().retainAll(List.of("uid", "gid", "mtime"));
        merged.putAll(values);
        return new PaxRecords(merged, repeatedExtents);
    }

    Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
    }

    long number(String key, long otherwise) throws MalformedArchiveException {
        Optional<String> value = text(key);
        return value.isPresent() ? number(key, value.get()) : otherwise;
    }

    private static long number(String key, String value) throws MalformedArchiveException {
        if (!DECIMAL.matcher(value).matches()) {
            throw new MalformedArchiveException("the pax record " + key + " is not a number");
        }
        return Long.parseLong(value);
    }

    /** A time in seconds since the epoch. */
    BigDecimal seconds(String key, long otherwise) throws MalformedArchiveException {
        Optional<String> value = text(key);
        if (value.isEmpty()) {
            return BigDecimal.valueOf(otherwise);
        }
        if (!TIME.matcher(value.get()).matches()) {
            throw new MalformedArchiveException("the pax record " + key + " is not a time");
        }
        return new BigDecimal(value.get());
    }

    /** The extended attributes, by raw name. */
    SortedMap<String, byte[]> xattrs() {
        SortedMap<String, byte[]> xattrs = new TreeMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(XATTR)) {
                xattrs.put(key.substring(XATTR.length()), value.getBytes(StandardCharsets.ISO_8859_1));
            }
        });
        return xattrs;
    }

    /** The extents of GNU sparse version 0.0, in order. */
    List<TarEntry.Extent> repeatedExtents() {
        return repeatedExtents;
    }
}
