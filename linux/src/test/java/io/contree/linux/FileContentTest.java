package io.contree.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileContentTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path temp;

    @Test
    void writesAndReadsMoreThanOneBufferAtPositions() throws Exception {
        byte[] content = random(3 * CallMemory.DATA_SIZE + 17);
        try (Fd file = create("file")) {
            FileCalls.write(file, content, 5, content.length - 5, 1000);
            byte[] back = new byte[content.length];
            int done = 5;
            while (done < back.length) {
                int read = FileCalls.read(file, back, done, back.length - done, 1000 + done - 5);
                assertThat(read).isPositive();
                done += read;
            }
            System.arraycopy(content, 0, back, 0, 5);
            assertThat(back).isEqualTo(content);
            assertThat(FileCalls.read(file, back, 0, 10, 1000 + content.length)).isZero();
        }
        assertThat(Files.size(temp.resolve("file"))).isEqualTo(1000 + content.length - 5);
    }

    @Test
    void theOwnPositionMovesOn() throws Exception {
        try (Fd file = create("file")) {
            FileCalls.write(file, new byte[] {1, 2}, 0, 2, -1);
            FileCalls.write(file, new byte[] {3}, 0, 1, -1);
        }
        assertThat(Files.readAllBytes(temp.resolve("file"))).containsExactly(1, 2, 3);
    }

    @Test
    void findsTheDataOfASparseFile() throws Exception {
        try (Fd file = sparse("sparse")) {
            assertThat(FileCalls.nextData(file, 0, 9 * MIB)).containsExactly(MIB, 2 * MIB);
            assertThat(FileCalls.nextData(file, MIB + 4096, 9 * MIB)).containsExactly(MIB + 4096, 2 * MIB);
            assertThat(FileCalls.nextData(file, 2 * MIB, 9 * MIB)).containsExactly(5 * MIB, 6 * MIB);
            assertThat(FileCalls.nextData(file, 6 * MIB, 9 * MIB)).isEmpty();
            assertThat(FileCalls.nextData(file, 9 * MIB, 9 * MIB)).isEmpty();
        }
    }

    @Test
    void aCopyKeepsHolesAndSize() throws Exception {
        try (Fd from = sparse("from");
                Fd to = create("to")) {
            FileCalls.copy(from, to);
            assertSparseCopy(to);
            FileCopier.copyRanges(from, to, () -> {});
            assertSparseCopy(to);
        }
        assertThat(temp.resolve("to")).hasSameBinaryContentAs(temp.resolve("from"));
    }

    @Test
    void aCopyReplacesLongerContent() throws Exception {
        Files.write(temp.resolve("from"), random(10));
        Files.write(temp.resolve("to"), random(2 * MIB));
        try (Fd from = FileCalls.open(Fd.CWD, raw("from"), FileCalls.READ, 0, 0);
                Fd to = FileCalls.open(Fd.CWD, raw("to"), FileCalls.WRITE, 0, 0)) {
            FileCalls.copy(from, to);
        }
        assertThat(temp.resolve("to")).hasSameBinaryContentAs(temp.resolve("from"));
    }

    @Test
    void aCopyWorksBetweenFileSystems() throws Exception {
        // A file in /proc has no size, holes or clones; one in /dev/shm lies on tmpfs.
        Path shm = Files.createTempFile(Path.of("/dev/shm"), "linux-test", "");
        Files.write(shm, random(MIB + 1));
        try (Fd from = FileCalls.open(Fd.CWD, Mounts.raw(shm), FileCalls.READ, 0, 0);
                Fd to = create("to")) {
            assertThat(FileCalls.copy(from, to)).isFalse();
            assertThat(temp.resolve("to")).hasSameBinaryContentAs(shm);
        } finally {
            Files.delete(shm);
        }
    }

    @Test
    void syncsFromVirtualThreadsToo() throws Exception {
        try (Fd file = create("file")) {
            Throwable[] failure = new Throwable[1];
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            FileCalls.fsync(file);
                            FileCalls.syncFileSystem(file);
                        } catch (Throwable e) {
                            failure[0] = e;
                        }
                    })
                    .join();
            assertThat(failure[0]).isNull();
        }
    }

    @Test
    void timesKeepNanosecondsAndFarInstants() throws Exception {
        try (Fd file = create("file")) {
            long before1970 = -1_000_000_000L * 86_400 + 7;
            // 2400-01-01 does not fit into signed nanoseconds and wraps around.
            long year2400 = Long.parseUnsignedLong("13569465600123456789");
            for (long instant : new long[] {0, 1, 1_700_000_000_123_456_789L, before1970, year2400}) {
                FileCalls.setTimes(file, "", instant);
                assertThat(FileCalls.stat(file, "").mtimeNanos()).isEqualTo(instant);
            }
            assertThat(Files.getLastModifiedTime(temp.resolve("file")).toString())
                    .startsWith("2400-01-01");
        }
    }

    private void assertSparseCopy(Fd to) throws LinuxException {
        assertThat(FileCalls.stat(to, "").size()).isEqualTo(9 * MIB);
        assertThat(FileCalls.stat(to, "").blocks() * 512).isEqualTo(2L * MIB);
    }

    /** Nine MiB with data in the second and the sixth. */
    private Fd sparse(String name) throws LinuxException {
        Fd file = create(name);
        FileCalls.write(file, random(MIB), 0, MIB, MIB);
        FileCalls.write(file, random(MIB), 0, MIB, 5 * MIB);
        FileCalls.truncate(file, 9 * MIB);
        return file;
    }

    private Fd create(String name) throws LinuxException {
        return FileCalls.open(Fd.CWD, raw(name), FileCalls.READ_WRITE | FileCalls.CREATE, 0600, 0);
    }

    private String raw(String name) {
        return Mounts.raw(temp.resolve(name));
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
