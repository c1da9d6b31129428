package io.contree.store.oci.tar;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveStructSparse;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.apache.commons.compress.archivers.zip.ZipEncoding;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;

/**
 * One 512-byte header block (ustar, GNU, star or v7), its names raw. commons-compress parses the block; the pax records
 * around it are ours, because it decodes their values as UTF-8, which destroys other names and binary xattrs.
 */
record TarHeader(char flag, TarArchiveEntry fields) {
    static final int BLOCK = 512;

    private static final ZipEncoding RAW = ZipEncodingHelper.getZipEncoding(StandardCharsets.ISO_8859_1.name());

    /** Parses a block that is not all zero. */
    static TarHeader parse(byte[] block) throws MalformedArchiveException {
        if (!isIntact(block)) {
            throw new MalformedArchiveException("this is not a tar, or a damaged one: a header's checksum is wrong");
        }
        TarArchiveEntry fields;
        try {
            fields = new TarArchiveEntry(block, RAW, false);
        } catch (IOException | IllegalArgumentException e) {
            // Its message quotes the field, and this may be any file of the machine.
            throw new MalformedArchiveException("a tar header is malformed: a field is not a number", e);
        }
        if (fields.getSize() < 0) {
            throw new MalformedArchiveException("a tar header has a negative size");
        }
        if (fields.getLinkFlag() == 'S' && fields.getSparseHeaders() == null) {
            throw new MalformedArchiveException("a sparse file of GNU's old format is not in a GNU header");
        }
        return new TarHeader((char) (fields.getLinkFlag() & 0xFF), fields);
    }

    private static boolean isIntact(byte[] block) {
        try {
            return TarUtils.verifyCheckSum(block);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    String name() {
        return fields.getName();
    }

    String link() {
        return fields.getLinkName();
    }

    long size() {
        return fields.getSize();
    }

    int mode() {
        return fields.getMode() & 07777;
    }

    long seconds() {
        return fields.getLastModifiedTime().to(TimeUnit.SECONDS);
    }

    boolean isOldGnuSparse() {
        return flag == 'S';
    }

    /** True if more blocks of the old GNU sparse map follow this one. */
    boolean isExtended() {
        return fields.isExtended();
    }

    /** The extents that the old GNU format keeps in this block. */
    List<TarEntry.Extent> extents() {
        return extents(fields.getSparseHeaders());
    }

    static List<TarEntry.Extent> extents(List<TarArchiveStructSparse> structs) {
        List<TarEntry.Extent> extents = new ArrayList<>(structs.size());
        for (TarArchiveStructSparse struct : structs) {
            // Unused slots are left empty and end the map; a hole at the end is an extent of length 0.
            if (struct.getOffset() == 0 && struct.getNumbytes() == 0) {
                break;
            }
            extents.add(new TarEntry.Extent(struct.getOffset(), struct.getNumbytes()));
        }
        return extents;
    }

    /** The type; old tars mark directories only by a trailing slash. */
    TarEntry.Type type() throws MalformedArchiveException {
        return switch (flag) {
            case '0', '\0', '7' -> name().endsWith("/") ? TarEntry.Type.DIRECTORY : TarEntry.Type.FILE;
            case 'S' -> TarEntry.Type.FILE;
            case '1' -> TarEntry.Type.HARD_LINK;
            case '2' -> TarEntry.Type.SYMLINK;
            case '3' -> TarEntry.Type.CHARACTER_DEVICE;
            case '4' -> TarEntry.Type.BLOCK_DEVICE;
            case '5' -> TarEntry.Type.DIRECTORY;
            case '6' -> TarEntry.Type.FIFO;
            default -> throw new MalformedArchiveException("an entry has the unknown type " + (int) flag);
        };
    }
}
