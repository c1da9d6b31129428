package io.contree.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MountsIT {
    private OverlayFixture fixture;
    private Path source;

    @BeforeEach
    void setUp() throws Exception {
        fixture = new OverlayFixture();
        source = fixture.lower("source");
        Files.writeString(source.resolve("file"), "x");
    }

    @AfterEach
    void tearDown() throws Exception {
        fixture.close();
    }

    @Test
    void bindsDirectoriesAndFiles() throws Exception {
        Path file = Files.createFile(fixture.root.resolve("file"));

        Mounts.bind(source, fixture.target, false);
        Mounts.bind(source.resolve("file"), file, true);

        Files.writeString(fixture.target.resolve("new"), "y");
        assertThat(source.resolve("new")).hasContent("y");
        assertThat(file).hasContent("x");
        assertThatThrownBy(() -> Files.writeString(file, "z")).hasMessageContaining("Read-only");
    }

    @Test
    void aReadOnlyBindLeavesTheSourceWritable() throws Exception {
        Mounts.bind(source, fixture.target, true);

        assertThatThrownBy(() -> Files.writeString(fixture.target.resolve("new"), "z"))
                .hasMessageContaining("Read-only");
        Files.writeString(source.resolve("new"), "y");
        assertThat(fixture.target.resolve("new")).hasContent("y");
    }

    @Test
    void coversALinkAndNotWhatItLeadsTo() throws Exception {
        Path link = Files.createSymbolicLink(fixture.target.resolve("link"), source.resolve("file"));
        Path own = Files.writeString(fixture.root.resolve("own"), "own");

        try (Fd directory = FileCalls.open(Fd.CWD, fixture.target.toString(), FileCalls.DIRECTORY, 0, 0)) {
            Mounts.cover(own, directory, "link");
        }
        assertThat(link).hasContent("own");
        assertThat(Files.isSymbolicLink(link)).isFalse();
        assertThat(source.resolve("file")).hasContent("x");
        Mounts.unmount(link, false);
        assertThat(link).isSymbolicLink();
    }

    @Test
    void listsMountsBelowDeepestFirst() throws Exception {
        Mounts.tmpfs(fixture.target, "size=1m");
        Path inner = Files.createDirectory(fixture.target.resolve("a b"));
        Mounts.tmpfs(inner, "size=1m");
        Mounts.bind(source, inner, false);

        assertThat(Mounts.below(fixture.root)).containsExactly(inner, inner, fixture.target);
        assertThat(Mounts.below(fixture.target)).hasSize(3);
        assertThat(Mounts.below(source)).isEmpty();
    }

    @Test
    void unmountingWhatIsNotMountedIsNoError() throws Exception {
        Mounts.unmount(fixture.target, false);
        Mounts.unmount(fixture.root.resolve("absent"), true);

        assertThat(fixture.target).exists();
    }

    @Test
    void aBusyMountIsDetachedOnlyWhenAsked() throws Exception {
        Mounts.tmpfs(fixture.target, "size=1m");
        try (Fd open = FileCalls.open(Fd.CWD, Mounts.raw(fixture.target), FileCalls.DIRECTORY, 0, 0)) {
            assertThatThrownBy(() -> Mounts.unmount(fixture.target, false)).hasMessageEndingWith("EBUSY");
            Mounts.unmount(fixture.target, true);
            assertThat(FileCalls.list(open)).isEmpty();
        }
        assertThat(Mounts.below(fixture.root)).isEmpty();
    }

    @Test
    void removingATreeStopsAtMountsAndTakesTheRest() throws Exception {
        Path tree = fixture.lower("tree");
        Path mount = Files.createDirectory(tree.resolve("mount"));
        Files.writeString(tree.resolve("before"), "x");
        Files.writeString(tree.resolve("zafter"), "x");
        // A bind mount of the same file system: a device number would not tell.
        Mounts.bind(source, mount, false);

        assertThatThrownBy(() -> FileCalls.removeTree(Fd.CWD, Mounts.raw(tree)))
                .hasMessageContaining("mount")
                .hasMessageContaining("EXDEV");

        assertThat(source.resolve("file")).hasContent("x");
        assertThat(tree).isDirectoryNotContaining("glob:**/{before,zafter}");
        Mounts.unmount(mount, false);
        FileCalls.removeTree(Fd.CWD, Mounts.raw(tree));
        assertThat(tree).doesNotExist();
    }

    @Test
    void aMountPointItselfIsNotRemoved() throws Exception {
        Mounts.bind(source, fixture.target, false);

        assertThatThrownBy(() -> FileCalls.removeTree(Fd.CWD, Mounts.raw(fixture.target)))
                .hasMessageContaining("EXDEV");
        assertThat(source.resolve("file")).hasContent("x");
    }

    @Test
    void aFailureCarriesWhatTheFileSystemSaid() throws Exception {
        try (Fd context = NewMounts.open("overlay")) {
            assertThatThrownBy(() -> NewMounts.set(context, "nonsense", "x"))
                    .hasMessageContaining("fsconfig(nonsense) x: EINVAL")
                    .hasMessageContaining("Unknown parameter 'nonsense'");
        }
    }

    @Test
    void theUnifiedCgroupIsHiddenInAPrivateNamespaceOnly() throws IOException {
        if (Host.inPrivateMountNamespace()) {
            Host.hideUnifiedCgroup();
            assertThat(Host.cgroupMode()).isNotEqualTo(Host.CgroupMode.HYBRID);
        } else {
            assertThatThrownBy(Host::hideUnifiedCgroup)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("unshare --mount");
        }
    }
}
