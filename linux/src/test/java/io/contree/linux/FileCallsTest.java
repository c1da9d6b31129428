package io.contree.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCallsTest {
    /** A name that is no UTF-8. */
    private static final String STRANGE = "\u00ff\u00fe-\u0080";

    @TempDir
    Path temp;

    private Fd dir;

    @BeforeEach
    void open() throws LinuxException {
        dir = FileCalls.open(Fd.CWD, Mounts.raw(temp), FileCalls.DIRECTORY, 0, 0);
    }

    @AfterEach
    void close() {
        dir.close();
    }

    @Test
    void statTellsWhatAFileIs() throws Exception {
        write("file", "hello");
        FileCalls.chmod(dir, "file", 04751);
        FileCalls.link(dir, "file", dir, "other");

        Stat stat = FileCalls.stat(dir, "file");

        assertThat(stat.isRegular()).isTrue();
        assertThat(stat.mode()).isEqualTo(Stat.REGULAR | 04751);
        assertThat(stat.size()).isEqualTo(5);
        assertThat(stat.nlink()).isEqualTo(2);
        assertThat(stat.inode()).isEqualTo(FileCalls.stat(dir, "other").inode());
        assertThat(stat.uid()).isEqualTo(Files.getAttribute(temp.resolve("file"), "unix:uid"));
    }

    @Test
    void anEmptyPathIsTheDescriptor() throws Exception {
        FileCalls.makeSymlink("nowhere", dir, "link");
        try (Fd link = FileCalls.open(dir, "link", FileCalls.PATH_ONLY | FileCalls.NO_FOLLOW, 0, 0)) {
            assertThat(FileCalls.stat(link, "").isSymlink()).isTrue();
            assertThat(FileCalls.readLink(link, "").raw()).isEqualTo("nowhere");
            FileCalls.setTimes(link, "", 1_000_000_001L);
            assertThat(FileCalls.stat(dir, "link").mtimeNanos()).isEqualTo(1_000_000_001L);
            assertThat(FileCalls.xattrs(link, "")).isEmpty();
        }
    }

    @Test
    void anAbsentFileIsNoStatButAnException() throws Exception {
        write("file", "");

        assertThat(FileCalls.statIfPresent(dir, "absent")).isEmpty();
        assertThat(FileCalls.statIfPresent(dir, "file/below")).isEmpty();
        assertThat(FileCalls.statIfPresent(dir, "file")).isPresent();
        assertThatThrownBy(() -> FileCalls.stat(dir, "absent")).hasMessage("statx absent: ENOENT");
    }

    @Test
    void listsEveryNameOnceHoweverMany() throws Exception {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 5000; i++) {
            String name = "a-name-of-some-length-" + i;
            names.add(name);
            write(name, "");
        }

        assertThat(FileCalls.list(dir)).extracting(FileCalls.Entry::name).containsExactlyInAnyOrderElementsOf(names);
        assertThat(FileCalls.list(dir)).hasSize(5000);
        assertThat(Getdents.some(dir)).hasSizeBetween(1, 4999);
    }

    @Test
    void listsTypes() throws Exception {
        FileCalls.makeDirectory(dir, "d", 0755);
        FileCalls.makeSymlink("x", dir, "l");
        FileCalls.makeNode(dir, "f", Stat.FIFO | 0600, 0, 0);

        assertThat(FileCalls.list(dir))
                .containsExactlyInAnyOrder(
                        new FileCalls.Entry("d", Stat.DIRECTORY),
                        new FileCalls.Entry("l", Stat.SYMLINK),
                        new FileCalls.Entry("f", Stat.FIFO));
    }

    @Test
    void keepsNamesThatAreNoUtf8AndNamesOf255Bytes() throws Exception {
        String longest = "\u00e9".repeat(255);
        write(STRANGE, "1");
        write(longest, "22");
        FileCalls.makeSymlink(STRANGE, dir, "link");

        assertThat(FileCalls.list(dir)).extracting(FileCalls.Entry::name).contains(STRANGE, longest);
        assertThat(FileCalls.stat(dir, STRANGE).size()).isEqualTo(1);
        assertThat(FileCalls.stat(dir, longest).size()).isEqualTo(2);
        assertThat(FileCalls.readLink(dir, "link").raw()).isEqualTo(STRANGE);
        assertThatThrownBy(() -> write(longest + "x", "")).hasMessageContaining("ENAMETOOLONG");
    }

    @Test
    void refusesPathsThatTheKernelWouldReadOtherwise() {
        assertErrno(Errno.EINVAL, () -> FileCalls.stat(dir, "a\0b"));
        assertErrno(Errno.EINVAL, () -> FileCalls.stat(dir, "\u20ac"));
        assertErrno(Errno.ENAMETOOLONG, () -> FileCalls.stat(dir, "x/".repeat(2048)));
    }

    @Test
    void resolvesInsideOfARoot() throws Exception {
        FileCalls.makeDirectory(dir, "root", 0755);
        write("secret", "outside");
        write("root/secret", "inside");
        FileCalls.makeSymlink("/secret", dir, "root/absolute");
        FileCalls.makeSymlink("../../secret", dir, "root/relative");
        try (Fd root = FileCalls.open(dir, "root", FileCalls.DIRECTORY, 0, 0)) {
            for (String path : new String[] {"absolute", "relative", "../secret", "/secret"}) {
                try (Fd file = FileCalls.open(root, path, FileCalls.READ, 0, FileCalls.RESOLVE_IN_ROOT)) {
                    assertThat(readAll(file)).isEqualTo("inside");
                }
            }
            assertErrno(Errno.EXDEV, () -> FileCalls.open(root, "relative", 0, 0, FileCalls.RESOLVE_BENEATH));
            assertErrno(Errno.ELOOP, () -> FileCalls.open(root, "absolute", 0, 0, FileCalls.RESOLVE_NO_SYMLINKS));
        }
    }

    @Test
    void createsExclusivelyAndDoesNotFollow() throws Exception {
        write("file", "content");
        FileCalls.makeSymlink("file", dir, "link");
        int create = FileCalls.WRITE | FileCalls.CREATE | FileCalls.EXCLUSIVE;

        assertErrno(Errno.EEXIST, () -> FileCalls.open(dir, "file", create, 0644, 0));
        assertErrno(Errno.ELOOP, () -> FileCalls.open(dir, "link", FileCalls.NO_FOLLOW, 0, 0));
        assertErrno(Errno.ENOTDIR, () -> FileCalls.open(dir, "file", FileCalls.DIRECTORY, 0, 0));
        FileCalls.open(dir, "file", FileCalls.WRITE | FileCalls.TRUNCATE, 0, 0).close();
        assertThat(FileCalls.stat(dir, "file").size()).isZero();
    }

    @Test
    void openingAFifoDoesNotWait() throws Exception {
        FileCalls.makeNode(dir, "fifo", Stat.FIFO | 0600, 0, 0);

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> FileCalls.open(dir, "fifo", FileCalls.READ, 0, 0).close());
    }

    @Test
    void chmodRefusesLinksInsteadOfFollowing() throws Exception {
        write("file", "");
        FileCalls.chmod(dir, "file", 0600);
        FileCalls.makeSymlink("file", dir, "link");
        for (boolean newCall : new boolean[] {true, false}) {
            Modes.useNewCall(newCall);
            assertErrno(Errno.EOPNOTSUPP, () -> FileCalls.chmod(dir, "link", 0777));
            assertThat(FileCalls.stat(dir, "file").mode() & 07777).isEqualTo(0600);
        }
        try (Fd file = FileCalls.open(dir, "file", FileCalls.PATH_ONLY, 0, 0)) {
            FileCalls.chmod(file, "", 01640);
            FileCalls.chmod(dir, "file", FileCalls.stat(dir, "file").mode());
        } finally {
            Modes.useNewCall(true);
        }
        assertThat(FileCalls.stat(dir, "file").mode() & 07777).isEqualTo(01640);
    }

    @Test
    void renamesWithAndWithoutReplacing() throws Exception {
        write("a", "a");
        write("b", "b");

        assertErrno(Errno.EEXIST, () -> FileCalls.rename(dir, "a", dir, "b", false));
        FileCalls.rename(dir, "a", dir, "b", true);

        assertThat(FileCalls.statIfPresent(dir, "a")).isEmpty();
        assertThat(Files.readString(temp.resolve("b"))).isEqualTo("a");
        assertThatThrownBy(() -> FileCalls.rename(dir, "no", dir, "where", true))
                .hasMessage("renameat2 no -> where: ENOENT");
    }

    @Test
    void unlinkTellsFilesFromDirectories() throws Exception {
        write("file", "");
        FileCalls.makeDirectory(dir, "d", 0755);
        write("d/x", "");

        assertErrno(Errno.ENOTDIR, () -> FileCalls.unlink(dir, "file", true));
        assertErrno(Errno.EISDIR, () -> FileCalls.unlink(dir, "d", false));
        assertErrno(Errno.ENOTEMPTY, () -> FileCalls.unlink(dir, "d", true));
    }

    @Test
    void aClosedDescriptorIsUsedByNoCall() throws Exception {
        Fd file = FileCalls.open(dir, ".", FileCalls.DIRECTORY, 0, 0);
        file.close();
        file.close();

        assertThat(file.number()).isEqualTo(-1);
        assertErrno(Errno.EBADF, () -> FileCalls.list(file));
    }

    private void write(String name, String content) throws LinuxException {
        byte[] bytes = RawPath.bytes(content);
        try (Fd file = FileCalls.open(dir, name, FileCalls.WRITE | FileCalls.CREATE, 0644, 0)) {
            FileCalls.write(file, bytes, 0, bytes.length, -1);
        }
    }

    private static String readAll(Fd file) throws LinuxException {
        byte[] buffer = new byte[1000];
        int length = FileCalls.read(file, buffer, 0, buffer.length, -1);
        return RawPath.of(buffer).raw().substring(0, length);
    }

    private static void assertErrno(Errno errno, ThrowableAssert.ThrowingCallable call) {
        LinuxException failure = catchThrowableOfType(LinuxException.class, call);
        assertThat(failure).isNotNull();
        assertThat(failure.errno()).isEqualTo(errno);
    }
}
