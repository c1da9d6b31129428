package io.contree.store.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

/** The archives that views write, read back by a library. */
class PaxWriterTest {
    private static String records(Consumer<PaxRecordBuffer> write) {
        PaxRecordBuffer buffer = new PaxRecordBuffer();
        write.accept(buffer);
        return new String(buffer.bytes(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void aRecordsLengthCountsItself() {
        assertThat(records(buffer -> buffer.raw("a", "b"))).isEqualTo("6 a=b\n");
        for (int length = 1; length < 1200; length++) {
            String value = "v".repeat(length);
            String record = records(buffer -> buffer.raw("k", value));
            assertThat(record).startsWith(record.length() + " k=");
        }
    }

    @Test
    void timesThatAPlainHeaderCannotHoldHaveARecord() {
        assertThat(records(buffer -> buffer.time("mtime", 5_000_000_000L))).isEmpty();
        assertThat(records(buffer -> buffer.time("mtime", 1_500_000_000L))).contains("mtime=1.500000000\n");
        assertThat(records(buffer -> buffer.time("mtime", -1_500_000_000L))).contains("mtime=-1.500000000\n");
        assertThat(records(buffer -> buffer.time("mtime", -500_000_000L))).contains("mtime=-0.500000000\n");
        assertThat(records(buffer -> buffer.time("mtime", -2_000_000_000L))).contains("mtime=-2.000000000\n");
        // Of the year 2400, which does not fit into signed nanoseconds.
        long year2400 = Long.parseUnsignedLong("13569465600123456789");
        assertThat(records(buffer -> buffer.time("mtime", year2400))).contains("mtime=13569465600.123456789\n");
    }

    @Test
    void namesThatAreNotTextAreMarked() {
        assertThat(records(buffer -> buffer.text("path", "b\u00ff", true)))
                .contains("hdrcharset=BINARY", "path=b\u00ff");
        assertThat(records(buffer -> buffer.text("path", "\u00c3\u00a4", true))).doesNotContain("hdrcharset");
    }

    @Test
    void aLibraryReadsWhatPlainHeadersCannotHold() throws IOException {
        String name = "d/".repeat(80) + "file";
        var header = new PaxWriter.Header(name, '0', 06755, 3_000_000, -2, 9L << 30, 1_000_000_001L, "", 0, 0);
        TarArchiveEntry entry = written(header, Map.of("SCHILY.xattr.user.a", "1"));
        assertThat(entry.getName()).isEqualTo(name);
        assertThat(entry.getLongUserId()).isEqualTo(3_000_000);
        assertThat(entry.getLongGroupId()).isEqualTo(0xffff_fffeL);
        assertThat(entry.getSize()).isEqualTo(9L << 30);
        assertThat(entry.getMode()).isEqualTo(06755);
        assertThat(entry.getLastModifiedTime().toInstant()).isEqualTo(Instant.ofEpochSecond(1, 1));
        assertThat(entry.getExtraPaxHeader("SCHILY.xattr.user.a")).isEqualTo("1");
    }

    @Test
    void aLibraryReadsPlainHeaders() throws IOException {
        var device = new PaxWriter.Header("dev/x", '3', 0600, 1, 2, 0, 7_000_000_000L, "", 5, 6);
        TarArchiveEntry entry = written(device, Map.of());
        assertThat(entry.isCharacterDevice()).isTrue();
        assertThat(List.of(entry.getDevMajor(), entry.getDevMinor())).containsExactly(5, 6);
        assertThat(entry.getLastModifiedTime().toMillis()).isEqualTo(7000);
        var link = new PaxWriter.Header("l", '2', 0777, 0, 0, 0, 0, "t".repeat(150), 0, 0);
        assertThat(written(link, Map.of()).getLinkName()).hasSize(150);
    }

    private static TarArchiveEntry written(PaxWriter.Header header, Map<String, String> extended) throws IOException {
        var bytes = new ByteArrayOutputStream();
        PaxWriter writer = new PaxWriter(bytes);
        writer.header(header, new TreeMap<>(extended));
        writer.finish();
        assertThat(bytes.size() % 512).isZero();
        try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return tar.getNextEntry();
        }
    }

    @Test
    void aSparseMapEndsWhereItsFileDoes() {
        SparseMap map = new SparseMap(List.of(new SparseMap.Range(4096, 10)), 10_000);
        assertThat(map.isSparse()).isTrue();
        assertThat(map.dataSize()).isEqualTo(10);
        assertThat(new String(map.encoded(), StandardCharsets.US_ASCII))
                .startsWith("2\n4096\n10\n10000\n0\n\0")
                .hasSize(512);
        assertThat(new SparseMap(List.of(new SparseMap.Range(0, 5)), 5).isSparse())
                .isFalse();
    }
}
