package io.contree.store.oci.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The corners of the tar formats, byte by byte, and what is invalid. */
class TarFormatsTest {
    private static TarEntry first(TarBytes tar) throws IOException {
        return tar.reader().next().orElseThrow();
    }

    private static void malformed(TarBytes tar, String why) {
        assertThatThrownBy(() -> readAll(tar.bytes()))
                .isInstanceOf(MalformedArchiveException.class)
                .hasMessageContaining(why);
    }

    private static List<TarEntry> readAll(byte[] bytes) throws IOException {
        TarReader tar = new TarReader(new ByteArrayInputStream(bytes));
        List<TarEntry> entries = new ArrayList<>();
        for (Optional<TarEntry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
            entries.add(entry.get());
            new SparseContent(tar, entry.get()).transferTo(OutputStream.nullOutputStream());
        }
        return entries;
    }

    private static String content(byte[] bytes) throws IOException {
        TarReader tar = new TarReader(new ByteArrayInputStream(bytes));
        TarEntry entry = tar.next().orElseThrow();
        return new String(new SparseContent(tar, entry).readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void namesAreBytes() throws IOException {
        assertThat(first(new TarBytes().file("a\u00ff\u0080b", "x")).name()).isEqualTo("a\u00ff\u0080b");
        assertThat(first(new TarBytes().pax("path=p\u00fe", "linkpath=l\u00fd").symlink("short", "link")))
                .extracting(TarEntry::name, TarEntry::link)
                .containsExactly("p\u00fe", "l\u00fd");
    }

    @Test
    void longNamesOfGnuAndUstar() throws IOException {
        String name = "d/".repeat(150) + "f";
        String link = "t".repeat(300);
        TarEntry gnu = first(new TarBytes()
                .entry('L', "././@LongLink", "", name + "\0")
                .entry('K', "././@LongLink", "", link + "\0")
                .symlink("cut", "cut"));
        assertThat(gnu.name()).isEqualTo(name);
        assertThat(gnu.link()).isEqualTo(link);
        byte[] header = TarBytes.header('0', "file", "", 0);
        TarBytes.put(header, 345, "some/prefix");
        TarBytes.seal(header);
        assertThat(first(new TarBytes().raw(header)).name()).isEqualTo("some/prefix/file");
    }

    @Test
    void unreadDataIsSkipped() throws IOException {
        TarReader tar = new TarBytes()
                .file("a", "x".repeat(1000))
                .file("b", "y".repeat(512))
                .file("c", "")
                .reader();
        assertThat(tar.next().orElseThrow().name()).isEqualTo("a");
        assertThat(tar.read(new byte[7], 0, 7)).isEqualTo(7);
        assertThat(tar.next().orElseThrow().name()).isEqualTo("b");
        assertThat(tar.next().orElseThrow().size()).isZero();
        assertThat(tar.next()).isEmpty();
    }

    @Test
    void attributesOfPaxWinOverTheHeader() throws IOException {
        TarEntry entry = first(new TarBytes()
                .pax("uid=70000", "gid=3000000", "mtime=-1.5", "SCHILY.xattr.user.x=\u0000\u00ff=\n", "size=3")
                .file("f", "abc"));
        assertThat(entry.uid()).isEqualTo(70000);
        assertThat(entry.gid()).isEqualTo(3000000);
        assertThat(entry.time().nanos()).isEqualTo(-1_500_000_000L);
        assertThat(entry.xattrs().get("user.x")).containsExactly(0, 0xFF, '=', '\n');
        assertThat(entry.size()).isEqualTo(3);
    }

    @Test
    void aPaxHeaderIsForOneEntryAndOfAGlobalOneOnlyOwnerAndTimeCount() throws IOException {
        List<TarEntry> entries = readAll(new TarBytes()
                .entry('g', "global", "", TarBytes.record("uid=7") + TarBytes.record("path=evil"))
                .pax("uid=8")
                .file("a", "")
                .file("b", "")
                .bytes());
        assertThat(entries).extracting(TarEntry::uid).containsExactly(8, 7);
        assertThat(entries).extracting(TarEntry::name).containsExactly("a", "b");
    }

    @Test
    void everyGnuSparseFormatGivesTheSameFile() throws IOException {
        String expected = "\0".repeat(4) + "ab" + "\0".repeat(2) + "cd" + "\0";
        String map = "2\n4\n2\n8\n2\n";
        String inData = map + "\0".repeat(512 - map.length()) + "abcd";
        String[] repeated = {
            "GNU.sparse.size=11",
            "GNU.sparse.offset=4",
            "GNU.sparse.numbytes=2",
            "GNU.sparse.offset=8",
            "GNU.sparse.numbytes=2"
        };
        String[] version1 = {"GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.name=f", "GNU.sparse.realsize=11"};
        List<TarBytes> formats = List.of(
                new TarBytes().pax(repeated).file("f", "abcd"),
                new TarBytes()
                        .pax("GNU.sparse.size=11", "GNU.sparse.map=4,2,8,2", "GNU.sparse.name=f")
                        .file("GNUSparseFile.0/f", "abcd"),
                new TarBytes().pax(version1).file("GNUSparseFile.0/f", inData),
                oldGnuSparse());
        for (TarBytes format : formats) {
            assertThat(content(format.bytes())).isEqualTo(expected);
            assertThat(first(format)).extracting(TarEntry::name, TarEntry::size).containsExactly("f", 11L);
        }
    }

    private static TarBytes oldGnuSparse() {
        byte[] header = TarBytes.header('S', "f", "", 4);
        TarBytes.put(header, 257, "ustar  \0");
        String[] octal = {"4", "2", "10", "2"};
        for (int i = 0; i < octal.length; i++) {
            TarBytes.put(header, 386 + 12 * i, "0".repeat(11 - octal[i].length()) + octal[i] + "\0");
        }
        TarBytes.put(header, 483, "00000000013\0");
        TarBytes.seal(header);
        return new TarBytes()
                .raw(header)
                .raw("abcd".getBytes(StandardCharsets.US_ASCII))
                .raw(new byte[508]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4,2,3,2", "4,2,10,2", "4,2", "4,2,8", "4,-2,8,6", "4,2,8,x", "4,2,8,99999999999999999999"})
    void sparseMapsThatCannotBe(String map) {
        malformed(
                new TarBytes()
                        .pax("GNU.sparse.size=11", "GNU.sparse.map=" + map)
                        .file("f", "abcd"),
                "sparse map");
    }

    @Test
    void sparseMapsInDataThatCannotBe() {
        String[] version = {"GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.realsize=11"};
        malformed(new TarBytes().pax(version).file("f", "1\n"), "sparse map");
        malformed(new TarBytes().pax(version).file("f", "99999999\n" + "0".repeat(503)), "extents");
        malformed(new TarBytes().pax(version).file("f", "1".repeat(512)), "sparse map");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3 a\n",
                "0 path=x\n",
                "-5 path=x\n",
                "99 path=x\n",
                "10 path=x",
                "10 path=xy",
                "10 pathxx\n",
                "4294967312 path=x\n",
                "10path=xx\n",
                "10\tpath=x\n",
                "path=x\n",
                "99999999999999999999 path=x\n"
            })
    void paxRecordsThatCannotBe(String body) {
        malformed(new TarBytes().entry('x', "pax", "", body).file("f", ""), "pax record");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"uid=-1", "uid=4294967296", "gid=1e3", "size=-1", "size=x", "mtime=NaN", "mtime=9e9", "size=1.5"
            })
    void paxValuesThatCannotBe(String record) {
        byte[] tar = new TarBytes().pax(record).file("f", "").bytes();
        assertThatThrownBy(() -> readAll(tar)).isInstanceOf(MalformedArchiveException.class);
    }

    @Test
    void sizesBeyondTheArchiveAreRefusedWithoutMemory() {
        malformed(new TarBytes().pax("size=1000000000000").file("f", "x"), "ends in the middle");
        byte[] huge = TarBytes.header('x', "pax", "", 0);
        TarBytes.put(huge, 124, "77777777777\0");
        TarBytes.seal(huge);
        malformed(new TarBytes().raw(huge), "extended header");
    }

    @Test
    void damageIsNamed() {
        byte[] header = TarBytes.header('0', "f", "", 0);
        TarBytes.seal(header);
        header[0] ^= 1;
        malformed(new TarBytes().raw(header), "checksum");
        malformed(new TarBytes().entry('?', "f", "", ""), "unknown type");
        malformed(new TarBytes().entry('S', "f", "", ""), "not in a GNU header");
        byte[] whole = new TarBytes().file("f", "x".repeat(600)).bytes();
        for (int length : new int[] {1, 511, 513, 1000, 1100, 1535}) {
            assertThatThrownBy(() -> readAll(Arrays.copyOf(whole, length)))
                    .isInstanceOf(MalformedArchiveException.class)
                    .hasMessageContaining("middle");
        }
    }

    @Test
    void anArchiveWithoutItsEndIsAccepted() throws IOException {
        byte[] whole = new TarBytes().file("f", "x").bytes();
        assertThat(readAll(Arrays.copyOf(whole, 1024))).hasSize(1);
        assertThat(readAll(new byte[0])).isEmpty();
    }

    @Test
    void linksHaveNoDataWhateverTheirSizeSays() throws IOException {
        byte[] link = TarBytes.header('1', "l", "f", 5000);
        TarBytes.seal(link);
        List<TarEntry> entries =
                readAll(new TarBytes().file("f", "x").raw(link).file("g", "y").bytes());
        assertThat(entries).extracting(TarEntry::name).containsExactly("f", "l", "g");
    }
}
