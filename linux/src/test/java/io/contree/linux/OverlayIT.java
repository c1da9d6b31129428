package io.contree.linux;

import static io.contree.linux.OverlayFixture.readOnly;
import static io.contree.linux.OverlayFixture.stat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.linux.OverlayMount.Way;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Overlays without id mapping, on the file system of the temporary directory. */
class OverlayIT {
    private OverlayFixture fixture;

    @BeforeEach
    void setUp() throws Exception {
        fixture = new OverlayFixture();
    }

    @AfterEach
    void tearDown() throws Exception {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void theUppermostLayerWinsAndWritesLandInTheUpper(Way way) throws Exception {
        Path top = fixture.lower("top");
        Path bottom = fixture.lower("bottom");
        Files.writeString(top.resolve("both"), "top");
        Files.writeString(bottom.resolve("both"), "bottom");
        Files.writeString(bottom.resolve("only"), "bottom");

        OverlayMount.mount(fixture.writable(top, bottom), fixture.target, way);
        Files.writeString(fixture.target.resolve("new"), "new");
        Files.delete(fixture.target.resolve("only"));

        assertThat(fixture.target.resolve("both")).hasContent("top");
        assertThat(fixture.upper.resolve("new")).hasContent("new");
        assertThat(stat(fixture.upper.resolve("only")).isWhiteout()).isTrue();
        assertThat(bottom.resolve("only")).exists();
        MountInfo mount = mountAtTarget();
        assertThat(mount.source()).isEqualTo("contree");
        assertThat(mount.fileSystemOptions()).contains("volatile");
    }

    @Test
    void aFullDiskIsAnErrorAndNoReadOnlyOverlay() throws Exception {
        Path disk = Files.createDirectory(fixture.target.resolveSibling("full"));
        Mounts.tmpfs(disk, "size=1m,nr_inodes=4");
        try {
            Path upper = Files.createDirectory(disk.resolve("upper"));
            Path work = Files.createDirectory(disk.resolve("work"));
            Files.createDirectory(disk.resolve("last"));
            var overlay = new Mounts.Overlay(
                    List.of(fixture.lower("a"), fixture.lower("b")),
                    Optional.of(new Mounts.Upper(upper, work)),
                    Optional.empty());
            assertThatThrownBy(() -> Mounts.overlay(overlay, fixture.target))
                    .isInstanceOfSatisfying(
                            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOSPC));
            assertThat(Mounts.below(fixture.target)).isEmpty();
        } finally {
            Mounts.unmount(disk, true);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aReadOnlyOverlayRefusesWrites(Way way) throws Exception {
        Path top = fixture.lower("top");
        Path bottom = fixture.lower("bottom");

        OverlayMount.mount(readOnly(List.of(top, bottom)), fixture.target, way);

        assertThatThrownBy(() -> FileCalls.makeDirectory(Fd.CWD, Mounts.raw(fixture.target.resolve("d")), 0755))
                .hasMessageEndingWith("EROFS");
    }

    @Test
    void aSingleLayerIsShownReadOnly() throws Exception {
        Path only = fixture.lower("only");
        Files.writeString(only.resolve("file"), "x");

        Mounts.overlay(readOnly(List.of(only)), fixture.target);

        assertThat(fixture.target.resolve("file")).hasContent("x");
        assertThatThrownBy(() -> FileCalls.makeDirectory(Fd.CWD, Mounts.raw(fixture.target.resolve("d")), 0755))
                .hasMessageEndingWith("EROFS");
        assertThat(mountAtTarget().options()).contains("ro,nosuid,nodev,noexec");
    }

    @Test
    void stacks300Layers() throws Exception {
        List<Path> layers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Path layer = fixture.lower("a-layer-with-a-long-name-to-pass-any-limit-of-a-page-" + i);
            Files.writeString(layer.resolve("file-" + i), String.valueOf(i));
            Files.writeString(layer.resolve("file"), String.valueOf(i));
            layers.add(layer);
        }

        Mounts.overlay(fixture.writable(layers.toArray(Path[]::new)), fixture.target);

        assertThat(fixture.target.resolve("file")).hasContent("0");
        assertThat(fixture.target.resolve("file-299")).hasContent("299");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void namesThatNeedEscapesAndLongPathsWork(Way way) throws Exception {
        Path deep = fixture.root;
        for (int i = 0; i < 5; i++) {
            deep = Files.createDirectory(deep.resolve("d".repeat(100)));
        }
        Path top = Files.createDirectory(deep.resolve("a:b,c\\d e=\u00e4"));
        Files.writeString(top.resolve("file"), "x");

        OverlayMount.mount(fixture.writable(top, fixture.lower("bottom")), fixture.target, way);

        assertThat(fixture.target.resolve("file")).hasContent("x");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aViewOpensNoDevice(Way way) throws Exception {
        Path top = fixture.lower("top");
        FileCalls.makeNode(Fd.CWD, Mounts.raw(top.resolve("null")), Stat.CHARACTER_DEVICE | 0666, 1, 3);

        OverlayMount.mount(readOnly(List.of(top, fixture.lower("bottom"))), fixture.target, way);

        assertThatThrownBy(() -> FileCalls.open(Fd.CWD, Mounts.raw(fixture.target.resolve("null")), 0, 0, 0))
                .hasMessageEndingWith("EACCES");
        assertThat(mountAtTarget().options()).contains("ro,nosuid,nodev,noexec");
    }

    @Test
    void tooManyLayersForAnOldKernelAreRefusedWithTheReason() throws Exception {
        Path[] layers = new Path[300];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = fixture.lower("layer-" + i);
        }

        assertThatThrownBy(() -> OverlayMount.mount(fixture.writable(layers), fixture.target, Way.LEGACY))
                .hasMessageContaining("E2BIG (300 layers are too many");
    }

    @Test
    void whiteoutsAndOpaqueDirectoriesOfLayersHide() throws Exception {
        Path top = fixture.lower("top");
        Path bottom = fixture.lower("bottom");
        Files.writeString(bottom.resolve("gone"), "x");
        Files.writeString(Files.createDirectory(bottom.resolve("d")).resolve("hidden"), "x");
        Files.writeString(Files.createDirectory(top.resolve("d")).resolve("shown"), "x");
        FileCalls.makeNode(Fd.CWD, Mounts.raw(top.resolve("gone")), Stat.CHARACTER_DEVICE, 0, 0);
        FileCalls.setXattr(Fd.CWD, Mounts.raw(top.resolve("d")), "trusted.overlay.opaque", RawPath.bytes("y"));

        Mounts.overlay(readOnly(List.of(top, bottom)), fixture.target);

        assertThat(fixture.target.resolve("gone")).doesNotExist();
        assertThat(fixture.target.resolve("d/hidden")).doesNotExist();
        assertThat(fixture.target.resolve("d/shown")).exists();
    }

    @Test
    void worksOnTmpfs() throws Exception {
        Path memory = Files.createDirectory(fixture.root.resolve("memory"));
        Mounts.tmpfs(memory, "size=16m,mode=0700");
        assertThat(stat(memory).mode() & 07777).isEqualTo(0700);
        try (OverlayFixture inner = new OverlayFixture(Files.createDirectory(memory.resolve("inner")))) {
            Path bottom = inner.lower("bottom");
            Files.writeString(bottom.resolve("file"), "x");
            Mounts.overlay(inner.writable(bottom), inner.target);
            Files.delete(inner.target.resolve("file"));
            assertThat(stat(inner.upper.resolve("file")).isWhiteout()).isTrue();
        }
    }

    @Test
    void aFailureSaysWhichCallAndWhy() throws Exception {
        Path missing = fixture.root.resolve("missing");

        assertThatThrownBy(() -> Mounts.overlay(readOnly(List.of(missing, fixture.lower("b"))), fixture.target))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("openat2 " + missing)
                .hasMessageContaining("ENOENT");
        assertThat(Mounts.below(fixture.root)).isEmpty();
    }

    @Test
    void anUpperThatCannotBeIsRefusedAndNothingStaysMounted() throws Exception {
        // Work inside of upper is a mistake that only overlayfs itself can see.
        Mounts.Overlay wrong = new Mounts.Overlay(
                List.of(fixture.lower("bottom")),
                Optional.of(new Mounts.Upper(fixture.upper, Files.createDirectory(fixture.upper.resolve("w")))),
                Optional.empty());

        assertThatThrownBy(() -> Mounts.overlay(wrong, fixture.target))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("EINVAL")
                .hasMessageContaining("dmesg");
        assertThat(Mounts.below(fixture.root)).isEmpty();
    }

    private MountInfo mountAtTarget() throws Exception {
        return MountInfo.ofThisProcess().stream()
                .filter(mount -> mount.point().equals(fixture.target))
                .findFirst()
                .orElseThrow();
    }
}
