package io.contree.testkit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.opentest4j.TestAbortedException;

/** A small file system of its own on a loop device, mounted until it is closed. What a test fills up is this and nothing else. */
public final class LoopDisk implements AutoCloseable {
    private static final int MOST_ATTEMPTS = 10;

    private final Path image;
    private final Path root;

    private LoopDisk(Path image, Path root) {
        this.image = image;
        this.root = root;
    }

    /**
     * Makes and mounts one; skips the test where that cannot be done.
     *
     * @param directory where its image and mount point are made
     * @param bytes its size
     * @param mkfs the program that formats it, with options, such as {@code mkfs.ext4 -q -F}
     */
    public static LoopDisk make(Path directory, long bytes, String... mkfs) throws IOException, InterruptedException {
        LoopDisk disk = formatted(directory, bytes, mkfs);
        new Program("mount").run("-o", "loop", disk.image.toString(), disk.root.toString());
        return disk;
    }

    /**
     * As {@link #make}, with project quota, which not every kernel has.
     *
     * @param mkfs for ext4 with {@code -O quota,project}
     */
    public static LoopDisk makeWithQuota(Path directory, long bytes, String... mkfs)
            throws IOException, InterruptedException {
        LoopDisk disk = formatted(directory, bytes, mkfs);
        try {
            new Program("mount").run("-o", "loop,prjquota", disk.image.toString(), disk.root.toString());
        } catch (AssertionError e) {
            Files.delete(disk.root);
            Files.delete(disk.image);
            throw new TestAbortedException("needs a kernel with project quota for what " + mkfs[0] + " makes", e);
        }
        return disk;
    }

    private static LoopDisk formatted(Path directory, long bytes, String... mkfs)
            throws IOException, InterruptedException {
        Requirements.loopDevices();
        Requirements.program(mkfs[0], packageOf(mkfs[0]));
        Path image = directory.resolve("loop.img");
        Path root = Files.createDirectories(directory.resolve("loop"));
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(bytes);
        }
        List<String> options = new ArrayList<>(Arrays.asList(mkfs).subList(1, mkfs.length));
        options.add(image.toString());
        new Program(mkfs[0]).run(options.toArray(String[]::new));
        return new LoopDisk(image, root);
    }

    private static String packageOf(String mkfs) {
        return switch (mkfs) {
            case "mkfs.xfs" -> "xfsprogs";
            case "mkfs.btrfs" -> "btrfs-progs";
            default -> "e2fsprogs";
        };
    }

    /** Its root directory. */
    public Path root() {
        return root;
    }

    /** Bytes that are free for everybody. */
    public long free() throws IOException {
        return Files.getFileStore(root).getUsableSpace();
    }

    @Override
    public void close() throws IOException {
        try {
            unmount();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.delete(root);
        Files.delete(image);
    }

    /** What this JVM has mapped of a file keeps the disk busy until the collector has found it, and its cleaner has let it go. */
    private void unmount() throws IOException, InterruptedException {
        for (int attempts = 1; ; attempts++) {
            try {
                new Program("umount").run(root.toString());
                return;
            } catch (AssertionError e) {
                if (attempts == MOST_ATTEMPTS) {
                    throw e;
                }
                System.gc();
                Thread.sleep(50L * attempts);
            }
        }
    }
}
