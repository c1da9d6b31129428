package io.contree.store.oci;

import static io.contree.store.overlay.StoreFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.Image;
import io.contree.store.ImportSource;
import io.contree.store.Importer;
import io.contree.store.StoreException;
import io.contree.store.overlay.StoreFixture;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.Requirements;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** What other programs silently accept is accepted, with a warning about what of it is lost. */
@ExtendWith(LeakChecker.class)
class TolerantImportIT {
    @TempDir
    Path scratch;

    private StoreFixture store;
    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        Requirements.root();
        store = new StoreFixture();
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private Image importFrom(StoreFixture into, String reference) {
        Importer.Progress progress = new Importer.Progress() {
            @Override
            public void step(String what, long done, long total) {}

            @Override
            public void warning(String message) {
                warnings.add(message);
            }
        };
        ImportSource source = new ImportSource(reference, Optional.empty(), Duration.ofMinutes(1));
        return into.store().importer().importImage(source, progress).image();
    }

    private Image importFrom(Path path) {
        return importFrom(store, "rootfs:" + path);
    }

    private interface Listing {
        void write(TarArchiveOutputStream tar) throws IOException;
    }

    private Path tar(String name, Listing listing) throws IOException {
        Path file = scratch.resolve(name + ".tar");
        try (OutputStream out = Files.newOutputStream(file);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
            listing.write(tar);
        }
        return file;
    }

    private static void entry(TarArchiveOutputStream tar, String name, byte type, Map<String, String> pax)
            throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
        entry.setModTime(1_000_000_000_000L);
        if (type == TarConstants.LF_CHR || type == TarConstants.LF_BLK) {
            entry.setDevMajor(1);
            entry.setDevMinor(3);
        }
        if (type == TarConstants.LF_SYMLINK) {
            entry.setLinkName("target");
        }
        pax.forEach(entry::addPaxHeader);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    @ParameterizedTest
    @CsvSource({
        "2, user.note, a symbolic link",
        "6, user.note, a FIFO",
        "3, user.note, a device",
        "4, user.overlay.opaque, a device",
        "2, system.posix_acl_access, a symbolic link",
        "0, system.posix_acl_default, a file"
    })
    void attributesThatLinuxKeepsOnNoSuchFileAreLeftOut(char type, String attribute, String words) throws Exception {
        Path with = tar("with", tar -> entry(tar, "x", (byte) type, Map.of("SCHILY.xattr." + attribute, "value")));
        Path without = tar("without", tar -> entry(tar, "x", (byte) type, Map.of()));

        Image image = importFrom(with);

        assertThat(warnings).singleElement().asString().contains(attribute, "\"x\"", words);
        assertThat(importFrom(without)).isEqualTo(image);
        assertThat(warnings).hasSize(1);
    }

    @Test
    void manyWarningsAreNotAllListed() throws Exception {
        importFrom(tar("many", tar -> {
            for (int i = 0; i < 200; i++) {
                entry(tar, "fifo" + i, TarConstants.LF_FIFO, Map.of("SCHILY.xattr.user.a", "b"));
            }
        }));
        assertThat(warnings).hasSize(51);
        assertThat(warnings.getLast()).contains("more like this");
    }

    /** Written by hand, because commons-compress does not write such times. */
    private static void ofTime(TarArchiveOutputStream tar, String seconds) throws IOException {
        String record = " mtime=" + seconds + "\n";
        int length = record.length() + 2;
        byte[] body = (length + record).getBytes(StandardCharsets.US_ASCII);
        TarArchiveEntry pax = new TarArchiveEntry("pax", TarConstants.LF_PAX_EXTENDED_HEADER_LC, true);
        pax.setSize(body.length);
        tar.putArchiveEntry(pax);
        tar.write(body);
        tar.closeArchiveEntry();
        entry(tar, "x", TarConstants.LF_NORMAL, Map.of());
    }

    @ParameterizedTest
    @CsvSource({
        "-2147483648, 1901-12-13T20:45:52Z, false",
        "-2147483649, 1901-12-13T20:45:52Z, true",
        "-11644473600, 1901-12-13T20:45:52Z, true",
        "-1.5, 1969-12-31T23:59:58.500Z, false",
        "4102444800.25, 2100-01-01T00:00:00.250Z, false",
        "15032385534.999999999, 2446-05-10T22:38:54.999999999Z, false",
        "15032385535, 2446-05-10T22:38:55Z, false",
        "15032385535.5, 2446-05-10T22:38:55Z, true",
        "-2147483647.5, 1901-12-13T20:45:52Z, true",
        "-2147483646.5, 1901-12-13T20:45:53.500Z, false",
        "15032385536, 2446-05-10T22:38:55Z, true",
        "253402300800, 2446-05-10T22:38:55Z, true",
        "99999999999999999999999, 2446-05-10T22:38:55Z, true"
    })
    void timesOutsideTheRangeOfDisksAreMovedToItsEnd(String written, Instant kept, boolean moved) throws Exception {
        Path far = tar("far", tar -> ofTime(tar, written));
        Path near = tar(
                "near",
                tar -> ofTime(
                        tar, kept.getEpochSecond() + (kept.getNano() == 0 ? "" : ".%09d".formatted(kept.getNano()))));

        Image image = importFrom(far);

        assertThat(warnings).hasSize(moved ? 1 : 0);
        String file = store.layout()
                .layer(image.layers().getFirst())
                .tree()
                .resolve("x")
                .toString();
        long nanos = FileCalls.stat(Fd.CWD, RawPath.of(file).raw()).mtimeNanos();
        assertThat(Instant.ofEpochSecond(Stat.seconds(nanos), Stat.nanosOfSecond(nanos)))
                .isEqualTo(kept);
        if (kept.getEpochSecond() >= 0) {
            assertThat(importFrom(near)).isEqualTo(image);
        }
    }

    private interface Packer {
        OutputStream over(OutputStream out) throws IOException;
    }

    private Path packed(String packer, Path plain) throws IOException {
        Packer packing = packer.equals("xz")
                ? out -> new XZOutputStream(out, new LZMA2Options())
                : BZip2CompressorOutputStream::new;
        Path packed = scratch.resolve(plain.getFileName() + "." + packer);
        try (OutputStream out = packing.over(Files.newOutputStream(packed))) {
            Files.copy(plain, out);
        }
        return packed;
    }

    private Path some() throws IOException {
        return tar("some", tar -> {
            for (int i = 0; i < 100; i++) {
                byte[] bytes = ("content " + i).repeat(i * 50).getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry("file" + i, true);
                entry.setSize(bytes.length);
                tar.putArchiveEntry(entry);
                tar.write(bytes);
                tar.closeArchiveEntry();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"xz", "bzip2"})
    void rootFileSystemsInXzAndBzip2(String packer) throws Exception {
        Path plain = some();
        Path packed = packed(packer, plain);
        assertThat(importFrom(packed)).isEqualTo(importFrom(plain));

        byte[] bytes = Files.readAllBytes(packed);
        for (int damage : List.of(7, bytes.length / 2, bytes.length - 20)) {
            byte[] broken = bytes.clone();
            broken[damage] ^= 0x55;
            assertInvalid(broken);
        }
        assertInvalid(java.util.Arrays.copyOf(bytes, bytes.length / 2));
    }

    private void assertInvalid(byte[] packed) throws IOException {
        Path file = Files.write(scratch.resolve("broken"), packed);
        assertThatThrownBy(() -> importFrom(file))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.INVALID));
    }

    @ParameterizedTest
    @ValueSource(strings = {"xz", "bzip2"})
    void bombsInXzAndBzip2AreRefused(String packer) throws Exception {
        Path zeros = scratch.resolve("zeros");
        shell(scratch, "truncate -s 300M zeros; tar -cf zeros.tar zeros");
        assertThatThrownBy(() -> importFrom(packed(packer, Path.of(zeros + ".tar"))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("bomb");
    }

    @Test
    void anAttributeThatIsTooBigForTheDiskIsNamed() throws Exception {
        Requirements.program("mkfs.ext4", "e2fsprogs");
        Path disk = Files.createDirectory(scratch.resolve("disk"));
        shell(scratch, "truncate -s 64M image; mkfs.ext4 -q -O ^has_journal,^ea_inode image; mount -o loop image disk");
        try (StoreFixture small = new StoreFixture(disk.resolve("data"), Optional.empty(), 64)) {
            Path big = tar("big", tar -> {
                tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
                entry(tar, "dir/x", TarConstants.LF_NORMAL, Map.of("SCHILY.xattr.user.big", "b".repeat(10_000)));
            });
            assertThatThrownBy(() -> importFrom(small, "rootfs:" + big))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.INVALID))
                    .hasMessageContainingAll("dir/x", "user.big", "10000 bytes", "too big for the file system")
                    .hasMessageNotContaining("full");
            Path links = Files.createDirectory(scratch.resolve("links"));
            shell(links, "touch a; mkdir d");
            assertThat(importFrom(small, "rootfs:" + links)).isNotNull();
        } finally {
            shell(scratch, "umount disk");
        }
    }

    @Test
    void aDiskWithoutInodesSaysSo() throws Exception {
        Path disk = Files.createDirectory(scratch.resolve("disk"));
        Path many = Files.createDirectory(scratch.resolve("many"));
        shell(many, "for i in $(seq 100); do touch f$i; done");
        shell(scratch, "mount -t tmpfs -o size=16M,nr_inodes=60 tmpfs disk");
        try (StoreFixture small = new StoreFixture(disk.resolve("data"), Optional.empty(), 64)) {
            assertThatThrownBy(() -> importFrom(small, "rootfs:" + many))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.DISK_FULL))
                    .hasMessageContaining("inodes");
        } finally {
            shell(scratch, "umount disk");
        }
    }
}
