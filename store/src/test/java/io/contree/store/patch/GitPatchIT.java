package io.contree.store.patch;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.RawPath;
import io.contree.store.Image;
import io.contree.store.ImageDiff;
import io.contree.store.ImageDiff.Difference;
import io.contree.store.ImageDiff.Query;
import io.contree.store.ImageView;
import io.contree.store.overlay.RandomChanges;
import io.contree.store.overlay.StoreFixture;
import io.contree.testkit.LeakChecked;
import io.contree.testkit.RootFs;
import io.contree.testkit.SeededRandom;
import io.contree.testkit.Trees;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** git is the judge: what it makes of one image by a patch is what the other has. */
@LeakChecked
class GitPatchIT {
    private static final Query ALL =
            new Query(List.of(RawPath.EMPTY), List.of(), true, true, Optional.empty(), Integer.MAX_VALUE);

    @TempDir
    Path directory;

    private StoreFixture store;

    @BeforeEach
    void open() throws Exception {
        store = new StoreFixture();
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    @Test
    void whatPeopleChange() throws Exception {
        Image before = store.after(store.base(), root -> {
            Files.createDirectories(root.resolve("src/deep"));
            write(root, "src/main.c", lines(1, 400));
            write(root, "src/no-end", "without a newline");
            write(root, "src/crlf.txt", "a\r\nb\r\n");
            write(root, "src/run.sh", "#!/bin/sh\n");
            write(root, "src/old name.txt", lines(1, 50));
            write(root, "src/becomes-directory", "x");
            Files.write(root.resolve("src/binary"), noise(100_000, 1));
            Files.createDirectories(root.resolve("src/becomes-file/sub"));
            write(root, "src/becomes-file/sub/x", "x");
            Files.createSymbolicLink(root.resolve("src/link"), Path.of("main.c"));
            write(root, "src/becomes-link", "x");
            Files.createLink(root.resolve("src/hard"), root.resolve("src/main.c"));
        });
        Image after = store.after(before, root -> {
            write(root, "src/main.c", lines(1, 100) + "int changed;\n" + lines(110, 400));
            write(root, "src/no-end", "with one\n");
            write(root, "src/crlf.txt", "a\r\nc\r\n");
            StoreFixture.shell(root, "chmod 755 src/run.sh");
            StoreFixture.shell(root, "mv 'src/old name.txt' 'src/deep/new name.txt'");
            StoreFixture.shell(
                    root, "rm src/becomes-directory; mkdir src/becomes-directory; echo y > src/becomes-directory/y");
            StoreFixture.shell(root, "rm -r src/becomes-file; echo z > src/becomes-file");
            StoreFixture.shell(root, "ln -sfn deep src/link; rm src/becomes-link; ln -s run.sh src/becomes-link");
            StoreFixture.shell(root, "printf 'tab' > 'src/a\tb\"\\'; printf 'x' > \"$(printf 'src/\\377\\303\\244')\"");
            StoreFixture.shell(root, "mkdir src/empty; : > src/empty-file; mkfifo src/fifo; chown 33:33 src/crlf.txt");
            Files.write(root.resolve("src/binary"), noise(120_000, 2));
            Files.write(root.resolve("src/zeros"), new byte[3_000_000]);
        });
        check(before, after);
        check(after, before);
        assertThat(patch(before, after, store.store().diff(before, after, ALL), RawPath.EMPTY))
                .contains("rename from src/old name.txt", "rename to src/deep/new name.txt", "new mode 100755")
                .contains("GIT binary patch");
    }

    @Test
    void aLargeFileIsWrittenWhole() throws Exception {
        Image before = store.after(store.base(), root -> {
            try (OutputStream out = Files.newOutputStream(root.resolve("big"))) {
                for (int piece = 0; piece < 100; piece++) {
                    out.write(noise(1_000_000, piece));
                }
            }
        });
        Image after = store.after(
                before,
                root -> StoreFixture.shell(root, "printf x | dd of=big conv=notrunc bs=1 seek=50000000 2>/dev/null"));
        check(before, after);
    }

    @Test
    void aPatchOfADirectoryIsRelativeToIt() throws Exception {
        Image before = store.after(store.base(), root -> {
            Files.createDirectories(root.resolve("testbed/.git"));
            write(root, "testbed/a.py", lines(1, 20));
        });
        Image after = store.after(before, root -> {
            write(root, "testbed/a.py", lines(1, 10) + "x\n" + lines(11, 20));
            write(root, "testbed/.git/index", "index");
            write(root, "elsewhere", "1");
        });
        Query query = new Query(
                List.of(new RawPath("testbed")),
                List.of(new RawPath("testbed/.git")),
                true,
                true,
                Optional.empty(),
                100);
        ImageDiff diff = store.store().diff(before, after, query);
        assertThat(diff.differences()).hasSize(1);
        assertThat(patch(before, after, diff, new RawPath("testbed")))
                .contains("--- a/a.py", "+++ b/a.py", "+x")
                .noneMatch(line -> line.contains("testbed"));
    }

    @Test
    void randomHistories() {
        SeededRandom.forAll(25, random -> {
            List<Image> images = new ArrayList<>(List.of(store.base()));
            for (int i = 0; i < 5; i++) {
                Image parent = random.pick(images);
                images.add(store.after(parent, root -> new RandomChanges(random, root).make(random.between(1, 12))));
            }
            for (int i = 0; i < 4; i++) {
                check(random.pick(images), random.pick(images));
            }
        });
    }

    /** Applies the patch of two images to the files of the first. */
    private void check(Image before, Image after) throws Exception {
        Path work = Files.createTempDirectory(directory, "work-");
        try {
            Path files = unpacked(before, work.resolve("files"));
            Path expected = unpacked(after, work.resolve("expected"));
            Path patch = work.resolve("patch");
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(patch))) {
                write(before, after, store.store().diff(before, after, ALL), RawPath.EMPTY, out);
            }
            if (Files.size(patch) > 0) {
                try {
                    StoreFixture.shell(
                            files, "GIT_CEILING_DIRECTORIES=/ git apply --binary --whitespace=nowarn " + patch);
                } catch (IOException e) {
                    // It looks for what is to come in a directory through the link of that name, before it removes the
                    // link.
                    assertThat(e).hasMessageContaining("Too many levels of symbolic links");
                    return;
                }
            }
            assertThat(asGitSees(files)).as("of %s to %s", before, after).isEqualTo(asGitSees(expected));
        } finally {
            Trees.remove(work);
        }
    }

    private List<String> patch(Image before, Image after, ImageDiff diff, RawPath root) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(before, after, diff, root, out);
        return out.toString(StandardCharsets.ISO_8859_1).lines().toList();
    }

    private void write(Image before, Image after, ImageDiff diff, RawPath root, OutputStream out) throws IOException {
        try (ImageView from = store.store().view(before);
                ImageView to = store.store().view(after)) {
            GitPatch patch = new GitPatch(from, to, root, out);
            for (Difference difference : diff.differences()) {
                patch.write(difference);
            }
        }
    }

    private Path unpacked(Image image, Path target) throws Exception {
        Files.createDirectory(target);
        Path tar = directory.resolve("image.tar");
        try (ImageView view = store.store().view(image);
                OutputStream out = Files.newOutputStream(tar)) {
            view.archive(new RawPath("/"), out);
        }
        RootFs.unpack(tar, target);
        Files.delete(tar);
        // git finds what it does not know in the way of a file.
        StoreFixture.shell(target, "find . ! -type f ! -type l ! -type d -delete");
        return target;
    }

    /** Files and links: content, and whether one may execute it. */
    private static SortedMap<String, String> asGitSees(Path root) throws IOException {
        SortedMap<String, String> seen = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                String name = root.relativize(path).toString();
                if (Files.isSymbolicLink(path)) {
                    seen.put(name, "-> " + Files.readSymbolicLink(path));
                } else if (Files.isRegularFile(path)) {
                    boolean executable = ((int) Files.getAttribute(path, "unix:mode") & 0100) != 0;
                    seen.put(name, executable + " " + checksum(path));
                }
            }
        }
        return seen;
    }

    private static long checksum(Path file) throws IOException {
        CRC32C sum = new CRC32C();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[64 << 10];
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                sum.update(buffer, 0, read);
            }
        }
        return sum.getValue();
    }

    private static void write(Path root, String path, String text) throws IOException {
        Files.writeString(root.resolve(path), text);
    }

    private static String lines(int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i <= to; i++) {
            text.append("line ").append(i).append('\n');
        }
        return text.toString();
    }

    private static byte[] noise(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
