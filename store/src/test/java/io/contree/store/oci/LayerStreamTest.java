package io.contree.store.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import io.contree.store.Digest;
import io.contree.store.StoreException;
import io.contree.store.oci.limit.ByteBudget;
import io.contree.store.oci.limit.ImportControl;
import io.contree.store.oci.limit.ImportLimits;
import io.contree.store.oci.tar.TarBytes;
import io.contree.testkit.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A packed layer on its way in: what the layer is told to do, and what is refused. */
@Tag("slow")
class LayerStreamTest {
    private static final ImportLimits TIGHT = new ImportLimits(1 << 20, 5, 1 << 20, 1 << 20, 20, 64 << 10, 10, 20);

    private final RecordingLayer layer = new RecordingLayer();

    private static byte[] gzip(byte[] plain) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        }
        return packed.toByteArray();
    }

    private LayerStream.Result unpack(byte[] packed, LayerUnpacker.Whiteouts whiteouts) throws IOException {
        return unpack(new ByteArrayInputStream(packed), packed.length, whiteouts);
    }

    private LayerStream.Result unpack(InputStream packed, long size, LayerUnpacker.Whiteouts whiteouts)
            throws IOException {
        ImportControl control = new ImportControl((what, done, total) -> {}, Duration.ofMinutes(1), false);
        try (LayerStream stream =
                new LayerStream(packed, "The layer", "unpack", size, new ByteBudget(TIGHT), control)) {
            return stream.unpack(layer, whiteouts);
        }
    }

    private void refused(StoreException.Kind kind, byte[] packed, String why) {
        assertThatThrownBy(() -> unpack(packed, LayerUnpacker.Whiteouts.HIDE))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(why);
    }

    private void refused(TarBytes tar, String why) {
        refused(StoreException.Kind.INVALID, tar.bytes(), why);
    }

    @Test
    void whiteoutsHideInLayersAndAreNamesInRoots() throws IOException {
        byte[] tar = new TarBytes()
                .file("a/.wh.b", "")
                .file(".wh..wh..opq", "")
                .file("d/.wh..wh..opq", "")
                .file(".wh..wh.plnk/1.2", "")
                .file("./a/.wh..wh.aufs", "")
                .bytes();
        unpack(tar, LayerUnpacker.Whiteouts.HIDE);
        assertThat(layer.calls).containsExactly("whiteout a/b", "opaque ", "opaque d");
        layer.calls.clear();
        unpack(tar, LayerUnpacker.Whiteouts.LITERAL);
        assertThat(layer.calls).hasSize(5).contains("file a/.wh.b ", "file d/.wh..wh..opq ");
    }

    @Test
    void pathsAreBroughtIntoOneForm() throws IOException {
        byte[] tar = new TarBytes()
                .directory("./")
                .file("/abs//x/./y", "1")
                .hardLink("h", "/abs/x/y")
                .symlink("s", "../../../etc/shadow")
                .bytes();
        unpack(tar, LayerUnpacker.Whiteouts.HIDE);
        assertThat(layer.calls)
                .containsExactly(
                        "directory  755", "file abs/x/y 1", "hardLink h abs/x/y", "symlink s ../../../etc/shadow");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../../x", "a/..", "..", "/..", "a/.wh..."})
    void namesThatLeaveTheRootAreRefused(String name) {
        refused(new TarBytes().file(name, ""), name);
        assertThat(layer.calls).isEmpty();
    }

    @Test
    void pathsThatCannotBeAreRefused() {
        refused(new TarBytes().hardLink("h", "../../etc/shadow"), "leaves the root");
        refused(new TarBytes().file("", "x"), "replace the root");
        refused(new TarBytes().pax("path=./").symlink("x", "/etc"), "replace the root");
        refused(new TarBytes().file(".wh.", ""), "whiteout of nothing");
        refused(new TarBytes().file("d/.wh..", ""), "whiteout of nothing");
        refused(new TarBytes().file(".wh.a/b", ""), "below a whiteout");
        refused(new TarBytes().pax("path=" + "n".repeat(256)).file("n", ""), "more than 255");
        refused(new TarBytes().pax("path=" + "n/".repeat(2100) + "f").file("n", ""), "more than 4095");
        refused(new TarBytes().pax("path=a\0b").file("n", ""), "NUL");
    }

    @Test
    void attributesThatCannotBeAreRefused() {
        refused(new TarBytes().symlink("s", ""), "link target");
        refused(new TarBytes().pax("linkpath=" + "l".repeat(4096)).symlink("s", "x"), "link target");
        refused(new TarBytes().pax("SCHILY.xattr.user.x=" + "v".repeat(65537)).file("f", ""), "extended attribute");
        refused(new TarBytes().pax("SCHILY.xattr." + "n".repeat(256) + "=v").file("f", ""), "extended attribute");
        refused(new TarBytes().pax("SCHILY.xattr.=v").file("f", ""), "extended attribute");
        refused(new TarBytes().raw("no tar".repeat(100).getBytes(StandardCharsets.US_ASCII)), "cannot be unpacked");
    }

    @Test
    void bombsEndEarly() throws IOException {
        byte[] zeros = new TarBytes().file("f", "\0".repeat(300 << 10)).bytes();
        refused(StoreException.Kind.INVALID, gzip(zeros), "bomb");
        refused(StoreException.Kind.INVALID, Zstd.compress(zeros), "bomb");
        byte[] large = new TarBytes().file("f", "x".repeat(1 << 20)).bytes();
        refused(StoreException.Kind.DISK_FULL, large, "more than the limit");
        byte[] holes = new TarBytes()
                .pax("GNU.sparse.size=1099511627776", "GNU.sparse.map=0,1")
                .file("f", "x")
                .bytes();
        refused(StoreException.Kind.DISK_FULL, holes, "more than the limit");
        TarBytes many = new TarBytes();
        for (int i = 0; i <= 20; i++) {
            many.directory("d" + i);
        }
        refused(StoreException.Kind.DISK_FULL, many.bytes(), "more entries");
    }

    @Test
    void aZstdWindowBeyondTheLimitIsRefused() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (ZstdOutputStream out = new ZstdOutputStream(packed)) {
            out.setLong(24);
            out.write(new TarBytes().file("f", "x").bytes());
        }
        refused(StoreException.Kind.INVALID, packed.toByteArray(), "cannot be unpacked");
    }

    @Test
    void theDigestIsOfEveryUnpackedByte() throws IOException {
        byte[] tar = new TarBytes()
                .file("skipped/.wh.x", "y".repeat(5000))
                .file("f", "z".repeat(3))
                .raw(new byte[2048])
                .bytes();
        Digest digest = Digest.ofContent(tar);
        for (byte[] packed : List.of(tar, gzip(tar), Zstd.compress(tar))) {
            LayerStream.Result result = unpack(packed, LayerUnpacker.Whiteouts.HIDE);
            assertThat(result.diffId()).isEqualTo(digest);
            assertThat(result.packedBytes()).isEqualTo(packed.length);
            assertThat(result.entries()).isEqualTo(2);
        }
    }

    @Test
    void allMembersOfAGzipAreRead() throws IOException {
        byte[] tar = new TarBytes().file("a", "1").file("b", "2").bytes();
        var packed = new ByteArrayOutputStream();
        for (int at = 0; at < tar.length; at += TarBytes.BLOCK) {
            packed.writeBytes(gzip(Arrays.copyOfRange(tar, at, at + TarBytes.BLOCK)));
        }
        // One byte at a time, so that members end with nothing more buffered.
        InputStream slow = new FilterInputStream(new ByteArrayInputStream(packed.toByteArray())) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return super.read(buffer, offset, Math.min(1, length));
            }
        };
        unpack(slow, packed.size(), LayerUnpacker.Whiteouts.HIDE);
        assertThat(layer.calls).containsExactly("file a 1", "file b 2");
    }

    @Test
    void damagedPackingIsInvalid() throws IOException {
        byte[] tar = new TarBytes().file("a", "1").bytes();
        byte[] gzip = gzip(tar);
        refused(StoreException.Kind.INVALID, Arrays.copyOf(gzip, gzip.length - 9), "cannot be unpacked");
        byte[] flipped = gzip.clone();
        flipped[gzip.length - 6] ^= 1;
        refused(StoreException.Kind.INVALID, flipped, "cannot be unpacked");
        byte[] zstd = Zstd.compress(tar);
        refused(StoreException.Kind.INVALID, Arrays.copyOf(zstd, zstd.length - 3), "cannot be unpacked");
    }

    @Test
    void mutatedLayersEndInWordsOrStayWithinTheRoot() {
        byte[] seed = new TarBytes()
                .pax("path=long/" + "n".repeat(120), "SCHILY.xattr.user.a=b", "mtime=12.5")
                .file("n", "content")
                .entry('L', "././@LongLink", "", "gnu/" + "m".repeat(110) + "\0")
                .directory("m")
                .pax("GNU.sparse.size=11", "GNU.sparse.map=4,2,8,2")
                .file("sparse", "abcd")
                .symlink("s", "target")
                .hardLink("h", "s")
                .file("d/.wh.gone", "")
                .bytes();
        SeededRandom.forAll(20_000, random -> {
            layer.calls.clear();
            try {
                unpack(mutated(seed, random), LayerUnpacker.Whiteouts.HIDE);
            } catch (StoreException e) {
                assertThat(e.kind()).isIn(StoreException.Kind.INVALID, StoreException.Kind.DISK_FULL);
            }
            for (String call : layer.calls) {
                assertThat(call.split(" ", -1)[1].split("/")).doesNotContain("..", ".");
            }
        });
    }

    /** Changes some bytes and mends the checksums, so that the code behind their check is reached too. */
    private static byte[] mutated(byte[] seed, SeededRandom random) {
        byte[] tar = seed.clone();
        for (int changes = random.between(1, 6); changes > 0; changes--) {
            int at = random.between(0, tar.length - 1);
            tar[at] = (byte) (random.chance(50) ? random.between(0, 255) : random.between('.', '9'));
        }
        for (int block = 0; block < tar.length; block += TarBytes.BLOCK) {
            byte[] header = Arrays.copyOfRange(tar, block, block + TarBytes.BLOCK);
            if (new String(header, 257, 5, StandardCharsets.ISO_8859_1).equals("ustar")) {
                TarBytes.seal(header);
                System.arraycopy(header, 0, tar, block, TarBytes.BLOCK);
            }
        }
        return random.chance(20) ? Arrays.copyOf(tar, random.between(0, tar.length)) : tar;
    }
}
