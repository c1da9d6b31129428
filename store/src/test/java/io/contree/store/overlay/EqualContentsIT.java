package io.contree.store.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.SharedBlocks;
import io.contree.store.Image;
import io.contree.store.disk.Layout;
import io.contree.store.disk.RemovalLock;
import io.contree.testkit.LoopDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of layers that hold the same share their blocks where the disk can, and nobody sees it. */
class EqualContentsIT {
    private static final int SIZE = 5_000_001; // more than a step, and no multiple of a block
    private static final long SOON = Duration.ofSeconds(30).toNanos();

    @TempDir
    private Path directory;

    private static byte[] content(long seed) {
        byte[] content = new byte[SIZE];
        new Random(seed).nextBytes(content);
        return content;
    }

    private Path fileOf(StoreFixture store, Image image) {
        return store.layout().layer(image.layers().getLast()).tree().resolve("file");
    }

    private static boolean areShared(Path one, Path other) throws IOException {
        try (Fd first = FileCalls.open(one, FileCalls.READ);
                Fd second = FileCalls.open(other, FileCalls.READ)) {
            return SharedBlocks.areShared(first, second, 0) && SharedBlocks.areShared(first, second, SIZE - 1);
        }
    }

    private static boolean areSharedSoon(Path one, Path other) throws IOException {
        long deadline = System.nanoTime() + SOON;
        while (!areShared(one, other)) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    private static String seen(Path file) throws Exception {
        // Inode, blocks, mode, owner, and the times of content and of the last change.
        Process stat = new ProcessBuilder("stat", "-c", "%i %b %f %u %g %s %h %y %z", file.toString()).start();
        return new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private StoreFixture store(LoopDisk disk) {
        return new StoreFixture(disk.root().resolve("data"), Optional.empty(), 64);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mkfs.xfs -q -f", "mkfs.btrfs -q -f"})
    void branchesThatWriteTheSameShareIt(String mkfs) throws Exception {
        byte[] content = content(1);
        try (LoopDisk disk = LoopDisk.make(directory, 320L << 20, mkfs.split(" "));
                StoreFixture store = store(disk)) {
            Image base = store.base();
            List<Image> branches = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                branches.add(store.after(base, root -> Files.write(root.resolve("file"), content)));
            }
            Image other = store.after(base, root -> Files.write(root.resolve("file"), content(2)));
            Path first = fileOf(store, branches.getFirst());
            for (Image branch : branches.subList(1, 4)) {
                assertThat(areShared(first, fileOf(store, branch))).isTrue();
                assertThat(fileOf(store, branch)).hasBinaryContent(content);
            }
            assertThat(areShared(first, fileOf(store, other))).isFalse();
            assertThat(branches.stream().map(Image::uuid).distinct()).hasSize(4);

            // What one of them does to it is no business of the others.
            Image appended = store.after(branches.get(1), root -> {
                Files.write(root.resolve("file"), new byte[1], StandardOpenOption.APPEND);
            });
            assertThat(Files.size(fileOf(store, appended))).isEqualTo(SIZE + 1);
            assertThat(first).hasBinaryContent(content);
            assertThat(store.faults()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mkfs.xfs -q -f", "mkfs.btrfs -q -f"})
    void aSearchFindsWhatNobodyRemembersAndChangesNothing(String mkfs) throws Exception {
        byte[] content = content(3);
        try (LoopDisk disk = LoopDisk.make(directory, 320L << 20, mkfs.split(" "));
                StoreFixture store = store(disk)) {
            Image base = store.base();
            Image one = store.after(base, root -> Files.write(root.resolve("file"), content));
            store.reopen();
            Image other = store.after(base, root -> Files.write(root.resolve("file"), content));
            store.reopen();
            // Damage: a search must not spread it, and it is found.
            Image damaged = store.after(base, root -> Files.write(root.resolve("file"), content));
            try (var channel = Files.newByteChannel(fileOf(store, damaged), StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[] {(byte) ~content[0]}));
            }
            List<Path> files = List.of(fileOf(store, one), fileOf(store, other));
            assertThat(areShared(files.get(0), files.get(1))).isFalse();
            List<String> before = List.of(seen(files.get(0)), seen(files.get(1)));
            long taken = store.store().use().bytes();
            try (AutoCloseable _ = store.store().shareContents(1L << 30)) {
                assertThat(areSharedSoon(files.get(0), files.get(1))).isTrue();
                long deadline = System.nanoTime() + SOON;
                while (store.catalog.damage().layers().isEmpty() && System.nanoTime() < deadline) {
                    Thread.onSpinWait();
                }
            }
            assertThat(store.catalog.damage().layers())
                    .containsOnlyKeys(damaged.layers().getLast());
            assertThat(areShared(files.get(0), fileOf(store, damaged))).isFalse();
            assertThat(List.of(seen(files.get(0)), seen(files.get(1)))).isEqualTo(before);
            assertThat(files).allSatisfy(file -> assertThat(file).hasBinaryContent(content));
            store.reopen();
            assertThat(store.store().use().bytes()).isEqualTo(taken);
        }
    }

    @Test
    void aSearchWaitsForReadersOfTheDirectory() throws Exception {
        byte[] content = content(4);
        try (LoopDisk disk = LoopDisk.make(directory, 320L << 20, "mkfs.xfs", "-q", "-f");
                StoreFixture store = store(disk)) {
            Image base = store.base();
            Path one = fileOf(store, store.after(base, root -> Files.write(root.resolve("file"), content)));
            store.reopen();
            Path other = fileOf(store, store.after(base, root -> Files.write(root.resolve("file"), content)));
            RemovalLock reader = RemovalLock.forbid(store.layout()).orElseThrow();
            try (AutoCloseable _ = store.store().shareContents(1L << 30)) {
                Thread.sleep(300);
                assertThat(areShared(one, other)).isFalse();
                reader.close();
                assertThat(areSharedSoon(one, other)).isTrue();
            }
        }
    }

    @Test
    void nothingIsLookedForWhereTheDiskCannotShare() throws Exception {
        try (LoopDisk disk = LoopDisk.make(directory, 64L << 20, "mkfs.ext4", "-q", "-F");
                StoreFixture store = store(disk);
                AutoCloseable _ = store.store().shareContents(1L << 30);
                Stream<Thread> threads = Thread.getAllStackTraces().keySet().stream()) {
            assertThat(threads.map(Thread::getName)).doesNotContain("store-sharing");
            Image image = store.after(store.base(), root -> Files.write(root.resolve("file"), content(5)));
            assertThat(new Layout(store.data)
                            .layer(image.layers().getLast())
                            .tree()
                            .resolve("file"))
                    .hasBinaryContent(content(5));
        }
    }
}
