package io.contree.store.oci.tar;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

class TarReaderTest {
    private static byte[] archive(int longNames) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "ISO-8859-1")) {
            tar.setLongFileMode(longNames);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
            put(tar, new TarArchiveEntry("dir/", TarConstants.LF_DIR), "");
            put(tar, new TarArchiveEntry("dir/file"), "content");
            put(tar, new TarArchiveEntry("bytes-\u00ff\u00fe"), "x");
            put(tar, new TarArchiveEntry("long/" + "n".repeat(200)), "y");
            TarArchiveEntry link = new TarArchiveEntry("link", TarConstants.LF_SYMLINK);
            link.setLinkName("t".repeat(150));
            put(tar, link, "");
            TarArchiveEntry owned = new TarArchiveEntry("owned");
            owned.setIds(3_000_000, 4_000_000);
            owned.setMode(04755);
            put(tar, owned, "z");
        }
        return bytes.toByteArray();
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static List<TarEntry> read(byte[] archive) throws IOException {
        TarReader reader = new TarReader(new ByteArrayInputStream(archive));
        List<TarEntry> entries = new ArrayList<>();
        for (Optional<TarEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
            entries.add(entry.get());
            byte[] buffer = new byte[100];
            while (entries.size() % 2 == 0 && reader.read(buffer, 0, buffer.length) >= 0) {
                assertThat(entries.size()).isLessThan(10_000);
            }
        }
        return entries;
    }

    @Test
    void gnuArchives() throws IOException {
        check(read(archive(TarArchiveOutputStream.LONGFILE_GNU)));
    }

    @Test
    void paxArchives() throws IOException {
        check(read(archive(TarArchiveOutputStream.LONGFILE_POSIX)));
    }

    @Test
    void timesThatAFileSystemHoldsAreKeptAndOthersMoved() throws IOException {
        // The year 2400, which does not fit into signed nanoseconds.
        assertThat(read(of(13_569_465_600L)).getFirst().time().nanos())
                .isEqualTo(Long.parseUnsignedLong("13569465600000000000"));
        assertThat(read(of(-2_147_483_648L)).getFirst().time().nanos()).isEqualTo(-2_147_483_648_000_000_000L);
        for (long seconds : new long[] {-2_147_483_649L, 1L << 34}) {
            assertThat(read(of(seconds)).getFirst().time().moved()).isTrue();
        }
    }

    private static byte[] of(long seconds) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            TarArchiveEntry entry = new TarArchiveEntry("file");
            entry.setModTime(FileTime.from(seconds, TimeUnit.SECONDS));
            put(tar, entry, "");
        }
        return bytes.toByteArray();
    }

    private static void check(List<TarEntry> entries) {
        assertThat(entries)
                .extracting(TarEntry::name)
                .containsExactly("dir/", "dir/file", "bytes-\u00ff\u00fe", "long/" + "n".repeat(200), "link", "owned");
        assertThat(entries.get(4).link()).isEqualTo("t".repeat(150));
        TarEntry owned = entries.get(5);
        assertThat(List.of(owned.uid(), owned.gid(), owned.mode())).containsExactly(3_000_000, 4_000_000, 04755);
    }

    @Test
    void aTruncatedArchiveIsMalformed() throws IOException {
        byte[] whole = archive(TarArchiveOutputStream.LONGFILE_POSIX);
        for (int length = 1; length < 4000; length += 37) {
            byte[] part = java.util.Arrays.copyOf(whole, length);
            try {
                read(part);
            } catch (MalformedArchiveException e) {
                assertThat(e).hasMessageNotContaining("Exception");
            }
        }
    }

    @Test
    void mutatedArchivesAreReadOrRefusedAndNothingElse() {
        SeededRandom.forAll(3000, random -> {
            byte[] archive = archive(
                    random.chance(50) ? TarArchiveOutputStream.LONGFILE_GNU : TarArchiveOutputStream.LONGFILE_POSIX);
            int flips = random.between(1, 30);
            for (int i = 0; i < flips; i++) {
                int at = random.between(0, archive.length - 1);
                archive[at] = (byte) random.between(0, 255);
                if (random.chance(70)) {
                    sum(archive, at / 512 * 512);
                }
            }
            try {
                read(archive);
            } catch (MalformedArchiveException expected) {
                assertThat(expected.getMessage()).isNotBlank();
            }
        });
    }

    /** Makes the checksum of a header right again, so that mutations get past it. */
    private static void sum(byte[] archive, int header) {
        java.util.Arrays.fill(archive, header + 148, header + 156, (byte) ' ');
        int sum = 0;
        for (int i = header; i < header + 512; i++) {
            sum += archive[i] & 0xFF;
        }
        byte[] text = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, archive, header + 148, 8);
    }
}
