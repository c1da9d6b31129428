package io.contree.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ways, the relative calls and those through /proc, on the working directory's file system. */
class XattrsTest {
    private static final String STRANGE = "\u00ff file";
    private static final byte[] VALUE = {0, 1, (byte) 0xFF, '\n'};

    @TempDir
    Path temp;

    private Fd dir;

    @BeforeEach
    void open() throws Exception {
        dir = FileCalls.open(Fd.CWD, Mounts.raw(temp), FileCalls.DIRECTORY, 0, 0);
        FileCalls.open(dir, STRANGE, FileCalls.CREATE, 0644, 0).close();
    }

    @AfterEach
    void close() {
        dir.close();
        Xattrs.useRelativeCalls(true);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void setsReadsAndRemoves(boolean relative) throws Exception {
        Xattrs.useRelativeCalls(relative);
        FileCalls.setXattr(dir, STRANGE, "user.empty", new byte[0]);
        FileCalls.setXattr(dir, STRANGE, "user.bytes", VALUE);
        FileCalls.setXattr(dir, STRANGE, "user.large", new byte[2000]);

        Map<String, byte[]> attributes = FileCalls.xattrs(dir, STRANGE);
        assertThat(attributes).containsOnlyKeys("user.empty", "user.bytes", "user.large");
        assertThat(attributes.get("user.bytes")).isEqualTo(VALUE);
        assertThat(attributes.get("user.empty")).isEmpty();
        assertThat(attributes.get("user.large")).hasSize(2000);

        FileCalls.removeXattr(dir, STRANGE, "user.bytes");
        assertThat(FileCalls.xattrs(dir, STRANGE)).containsOnlyKeys("user.empty", "user.large");
        assertThatThrownBy(() -> FileCalls.removeXattr(dir, STRANGE, "user.bytes"))
                .hasMessageContaining("removexattr(user.bytes)")
                .hasMessageContaining("ENODATA");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void worksOnDescriptorsAndAbsolutePaths(boolean relative) throws Exception {
        Xattrs.useRelativeCalls(relative);
        try (Fd file = FileCalls.open(dir, STRANGE, FileCalls.PATH_ONLY, 0, 0)) {
            FileCalls.setXattr(file, "", "user.a", VALUE);
            assertThat(FileCalls.xattrs(file, "")).containsOnlyKeys("user.a");
            assertThat(FileCalls.xattrs(Fd.CWD, Mounts.raw(temp) + "/" + STRANGE))
                    .containsOnlyKeys("user.a");
            FileCalls.removeXattr(file, "", "user.a");
            assertThat(FileCalls.xattrs(dir, STRANGE)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void neverFollowsALink(boolean relative) throws Exception {
        Xattrs.useRelativeCalls(relative);
        FileCalls.setXattr(dir, STRANGE, "user.a", VALUE);
        FileCalls.makeSymlink(STRANGE, dir, "link");

        assertThat(FileCalls.xattrs(dir, "link")).isEmpty();
        // The kernel allows no user attribute on a link.
        assertThatThrownBy(() -> FileCalls.setXattr(dir, "link", "user.b", VALUE))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("EPERM");
        assertThat(FileCalls.xattrs(dir, STRANGE)).containsOnlyKeys("user.a");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAbsentFileIsAnError(boolean relative) {
        Xattrs.useRelativeCalls(relative);
        assertThatThrownBy(() -> FileCalls.xattrs(dir, "absent")).hasMessage("listxattr absent: ENOENT");
        assertThat(Files.exists(temp.resolve("absent"))).isFalse();
    }
}
