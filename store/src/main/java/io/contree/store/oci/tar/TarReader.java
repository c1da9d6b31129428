package io.contree.store.oci.tar;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveSparseEntry;

/**
 * Reads a tar from a stream, entry by entry: v7, ustar, pax, GNU (long names, all sparse formats), star. Names, links and
 * xattrs keep their bytes. Everything malformed is a {@link MalformedArchiveException}; memory stays bounded.
 */
public final class TarReader {
    private static final int LARGEST_EXTENSION = 1 << 20;
    private static final int LONGEST_NAME = 64 << 10;
    private static final long LARGEST_FILE = 1L << 60;

    private final InputStream in;
    private PaxRecords global = PaxRecords.NONE;
    private long data;
    private long padding;

    public TarReader(InputStream in) {
        this.in = in;
    }

    /** The next entry, after skipping the unread data of the last one; empty at the archive's end. */
    public Optional<TarEntry> next() throws IOException {
        PaxRecords pax = PaxRecords.NONE;
        Optional<String> longName = Optional.empty();
        Optional<String> longLink = Optional.empty();
        while (true) {
            skipRest();
            Optional<TarHeader> found = header();
            if (found.isEmpty()) {
                return Optional.empty();
            }
            TarHeader header = found.get();
            begin(header.size());
            switch (header.flag()) {
                case 'x', 'X' -> pax = PaxRecords.parse(body(LARGEST_EXTENSION));
                case 'g' -> global = PaxRecords.parse(body(LARGEST_EXTENSION));
                case 'L' -> longName = Optional.of(untilNul(body(LONGEST_NAME)));
                case 'K' -> longLink = Optional.of(untilNul(body(LONGEST_NAME)));
                case 'V' -> skipRest();
                default -> {
                    return Optional.of(entry(header, pax.over(global), longName, longLink));
                }
            }
        }
    }

    /** Reads data of the entry that {@code next} returned last, its extents without gaps; -1 after the last byte. */
    int read(byte[] buffer, int offset, int length) throws IOException {
        if (data == 0) {
            return -1;
        }
        int read = in.read(buffer, offset, (int) Math.min(length, data));
        if (read < 0) {
            throw truncated();
        }
        data -= read;
        return read;
    }

    private TarEntry entry(TarHeader header, PaxRecords pax, Optional<String> longName, Optional<String> longLink)
            throws IOException {
        TarEntry.Type type = header.type();
        long size = 0;
        List<TarEntry.Extent> extents = List.of();
        if (type == TarEntry.Type.FILE) {
            begin(pax.number("size", header.size()));
            extents = extents(header, pax);
            size = size(header, pax, extents);
            extents = SparseMaps.checked(extents, size, data);
        } else {
            begin(0);
        }
        String name = pax.text("GNU.sparse.name")
                .or(() -> pax.text("path"))
                .or(() -> longName)
                .orElseGet(header::name);
        boolean links = type == TarEntry.Type.HARD_LINK || type == TarEntry.Type.SYMLINK;
        String link = links ? pax.text("linkpath").or(() -> longLink).orElseGet(header::link) : "";
        return new TarEntry(
                type,
                name,
                link,
                header.mode(),
                id("uid", pax.number("uid", header.fields().getLongUserId())),
                id("gid", pax.number("gid", header.fields().getLongGroupId())),
                EntryTime.of(pax.seconds("mtime", header.seconds())),
                size,
                header.fields().getDevMajor(),
                header.fields().getDevMinor(),
                pax.xattrs(),
                extents);
    }

    private List<TarEntry.Extent> extents(TarHeader header, PaxRecords pax) throws IOException {
        if (header.isOldGnuSparse()) {
            List<TarEntry.Extent> extents = new ArrayList<>(header.extents());
            boolean more = header.isExtended();
            while (more) {
                TarArchiveSparseEntry block = sparseBlock();
                extents.addAll(TarHeader.extents(block.getSparseHeaders()));
                SparseMaps.checkCount(extents.size());
                more = block.isExtended();
            }
            return extents;
        }
        if (!SparseMaps.isSparse(pax)) {
            return data == 0 ? List.of() : List.of(new TarEntry.Extent(0, data));
        }
        if (SparseMaps.isInData(pax)) {
            long before = data;
            List<TarEntry.Extent> extents = SparseMaps.fromData(this::line);
            skipData((TarHeader.BLOCK - (before - data) % TarHeader.BLOCK) % TarHeader.BLOCK);
            return extents;
        }
        return SparseMaps.fromRecords(pax);
    }

    private TarArchiveSparseEntry sparseBlock() throws IOException {
        try {
            return new TarArchiveSparseEntry(block().orElseThrow(TarReader::truncated));
        } catch (IllegalArgumentException e) {
            throw new MalformedArchiveException("a sparse map is malformed", e);
        }
    }

    private long size(TarHeader header, PaxRecords pax, List<TarEntry.Extent> extents) throws IOException {
        if (header.isOldGnuSparse()) {
            return header.fields().getRealSize();
        }
        if (!SparseMaps.isSparse(pax)) {
            return data;
        }
        long end = extents.isEmpty() ? 0 : extents.getLast().end();
        return pax.number("GNU.sparse.realsize", pax.number("GNU.sparse.size", end));
    }

    private static int id(String what, long value) throws MalformedArchiveException {
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new MalformedArchiveException("the " + what + " " + value + " is out of range: 0 to 2147483647");
        }
        return (int) value;
    }

    private Optional<TarHeader> header() throws IOException {
        Optional<byte[]> block = block();
        if (block.isEmpty() || isZero(block.get())) {
            return Optional.empty();
        }
        return Optional.of(TarHeader.parse(block.get()));
    }

    private Optional<byte[]> block() throws IOException {
        byte[] block = in.readNBytes(TarHeader.BLOCK);
        if (block.length == 0) {
            return Optional.empty();
        }
        if (block.length < TarHeader.BLOCK) {
            throw truncated();
        }
        return Optional.of(block);
    }

    private static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private void begin(long size) throws MalformedArchiveException {
        if (size > LARGEST_FILE) {
            throw new MalformedArchiveException("an entry has an impossible size");
        }
        data = size;
        padding = (TarHeader.BLOCK - size % TarHeader.BLOCK) % TarHeader.BLOCK;
    }

    private byte[] body(int most) throws IOException {
        if (data > most) {
            throw new MalformedArchiveException("an extended header has " + data + " bytes, more than " + most);
        }
        byte[] body = in.readNBytes((int) data);
        if (body.length < data) {
            throw truncated();
        }
        data = 0;
        return body;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        byte[] one = new byte[1];
        while (read(one, 0, 1) == 1 && line.length() < 32) {
            if (one[0] == '\n') {
                return line.toString();
            }
            line.append((char) (one[0] & 0xFF));
        }
        throw new MalformedArchiveException("a sparse map has no end");
    }

    private void skipData(long count) throws IOException {
        if (count > data) {
            throw new MalformedArchiveException("a sparse map has no end");
        }
        skip(count);
        data -= count;
    }

    private void skipRest() throws IOException {
        skip(data + padding);
        data = 0;
        padding = 0;
    }

    private void skip(long count) throws IOException {
        try {
            in.skipNBytes(count);
        } catch (java.io.EOFException e) {
            throw truncated();
        }
    }

    private static String untilNul(byte[] body) {
        String raw = new String(body, StandardCharsets.ISO_8859_1);
        int nul = raw.indexOf('\0');
        return nul < 0 ? raw : raw.substring(0, nul);
    }

    private static MalformedArchiveException truncated() {
        return new MalformedArchiveException("the tar ends in the middle of an entry");
    }
}
