package io.contree.linux;

import static io.contree.linux.OverlayFixture.runAs;
import static io.contree.linux.OverlayFixture.stat;
import static io.contree.linux.OverlayFixture.uid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.linux.OverlayMount.Way;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Overlays whose layers keep natural owners on disk and show them mapped. */
class MappedOverlayIT {
    private static final int ROOT = IdMapping.DEFAULT.toHost(0);

    private UserNamespace owner;
    private OverlayFixture fixture;

    @BeforeEach
    void setUp() throws Exception {
        fixture = new OverlayFixture();
        owner = UserNamespace.create(IdMapping.DEFAULT);
        // Other users must reach the target.
        FileCalls.chmod(Fd.CWD, Mounts.raw(fixture.root), 0755);
    }

    @AfterEach
    void tearDown() throws Exception {
        if (owner != null) {
            owner.close();
        }
        if (fixture != null) {
            fixture.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void idsOnDiskAreNaturalAndMappedInTheOverlay(Way way) throws Exception {
        Path bottom = fixture.lower("bottom");
        Files.writeString(bottom.resolve("file"), "x");
        Files.writeString(bottom.resolve("web"), "x");
        FileCalls.chown(Fd.CWD, Mounts.raw(bottom.resolve("web")), 33, 33);
        Files.writeString(bottom.resolve("far"), "x");
        FileCalls.chown(Fd.CWD, Mounts.raw(bottom.resolve("far")), 70_000, Integer.MAX_VALUE);

        OverlayMount.mount(fixture.mapped(owner, fixture.lower("top"), bottom), fixture.target, way);

        assertThat(uid(fixture.target)).isEqualTo(ROOT);
        assertThat(uid(fixture.target.resolve("file"))).isEqualTo(ROOT);
        assertThat(uid(fixture.target.resolve("web"))).isEqualTo(ROOT + 33);
        assertThat(uid(fixture.target.resolve("far"))).isEqualTo(IdMapping.DEFAULT.toHost(70_000));

        runAs(ROOT, "sh", "-c", "cd " + fixture.target + " && echo y > new && echo y >> file && rm web && mkdir d");
        assertThat(uid(fixture.target.resolve("new"))).isEqualTo(ROOT);
        assertThat(uid(fixture.upper.resolve("new"))).isZero();
        assertThat(uid(fixture.upper.resolve("file"))).isZero();
        assertThat(uid(fixture.upper.resolve("d"))).isZero();
        assertThat(stat(fixture.upper.resolve("web")).isWhiteout()).isTrue();
        assertThat(bottom.resolve("file")).hasContent("x");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void nothingButTheOverlayStaysMounted(Way way) throws Exception {
        List<MountInfo> before = MountInfo.ofThisProcess();

        OverlayMount.mount(fixture.mapped(owner, fixture.lower("a"), fixture.lower("b")), fixture.target, way);
        Mounts.unmount(fixture.target, false);

        assertThat(MountInfo.ofThisProcess()).isEqualTo(before);
    }

    @Test
    void aReadOnlyOverlayShowsMappedIds() throws Exception {
        Path bottom = fixture.lower("bottom");
        Files.writeString(bottom.resolve("file"), "x");

        Mounts.overlay(
                new Mounts.Overlay(List.of(fixture.lower("top"), bottom), Optional.empty(), Optional.of(owner)),
                fixture.target);

        assertThat(uid(fixture.target.resolve("file"))).isEqualTo(ROOT);
        assertThatThrownBy(
                        () -> runAs(ROOT, "touch", fixture.target.resolve("new").toString()))
                .hasMessageContaining("Read-only");
    }

    @Test
    void aSingleReadOnlyLayerShowsMappedIds() throws Exception {
        Path only = fixture.lower("only");
        Files.writeString(only.resolve("file"), "x");

        Mounts.overlay(new Mounts.Overlay(List.of(only), Optional.empty(), Optional.of(owner)), fixture.target);

        assertThat(uid(fixture.target.resolve("file"))).isEqualTo(ROOT);
    }

    @Test
    void idsOutsideOfTheMappingOwnNothingInside() throws Exception {
        Path bottom = fixture.lower("bottom");
        Files.writeString(bottom.resolve("far"), "x");
        FileCalls.chown(Fd.CWD, Mounts.raw(bottom.resolve("far")), Integer.MIN_VALUE, Integer.MIN_VALUE);

        Mounts.overlay(fixture.mapped(owner, bottom), fixture.target);

        assertThat(uid(fixture.target.resolve("far"))).isEqualTo(65_534);
    }

    @Test
    void fileCapabilitiesReachTheLayerAsRootOfTheNamespaceSetsThem() throws Exception {
        Path bottom = fixture.lower("bottom");
        Files.writeString(bottom.resolve("file"), "x");
        // VFS_CAP_REVISION_2, effective, CAP_NET_RAW: linux/capability.h
        byte[] capability = {1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        FileCalls.setXattr(Fd.CWD, Mounts.raw(bottom.resolve("file")), "security.capability", capability);

        Mounts.overlay(fixture.mapped(owner, bottom), fixture.target);
        runAs(ROOT, "chmod", "a+x", fixture.target.resolve("file").toString());

        assertThat(FileCalls.xattrs(Fd.CWD, Mounts.raw(fixture.upper.resolve("file"))))
                .extractingByKey("security.capability")
                .isEqualTo(capability);
    }

    @Test
    void theProcessKeepsItsOwnCredentials() throws Exception {
        Mounts.overlay(fixture.mapped(owner, fixture.lower("a"), fixture.lower("b")), fixture.target);

        Files.writeString(fixture.root.resolve("mine"), "x");
        assertThat(uid(fixture.root.resolve("mine"))).isZero();
        assertThat(Host.isRoot()).isTrue();
    }

    @Test
    void upperAndWorkMayLieInDifferentDirectoriesOfOneParent() throws Exception {
        Path upper = Files.createDirectories(fixture.root.resolve("x/upper"));
        Path work = Files.createDirectories(fixture.root.resolve("y/z/work"));

        Mounts.overlay(
                new Mounts.Overlay(
                        List.of(fixture.lower("bottom")),
                        Optional.of(new Mounts.Upper(upper, work)),
                        Optional.of(owner)),
                fixture.target);
        runAs(ROOT, "touch", fixture.target.resolve("new").toString());

        assertThat(uid(upper.resolve("new"))).isZero();
    }

    @Test
    void manyMayMountAtOnceFromVirtualThreads() throws Exception {
        Path bottom = fixture.lower("bottom");
        List<Path> targets = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Path>> mounts = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                Path own = fixture.lower("own-" + i);
                mounts.add(threads.submit(() -> mountIn(own, bottom)));
            }
            for (Future<Path> mount : mounts) {
                targets.add(mount.get());
            }
        }
        for (Path target : targets) {
            runAs(ROOT, "touch", target.resolve("new").toString());
            assertThat(uid(target.resolveSibling("upper").resolve("new"))).isZero();
        }
        assertThat(Mounts.below(fixture.root)).hasSize(40);
    }

    private Path mountIn(Path directory, Path bottom) throws Exception {
        Path target = Files.createDirectory(directory.resolve("target"));
        Mounts.Upper upper = new Mounts.Upper(
                Files.createDirectory(directory.resolve("upper")), Files.createDirectory(directory.resolve("work")));
        Mounts.overlay(new Mounts.Overlay(List.of(bottom), Optional.of(upper), Optional.of(owner)), target);
        return target;
    }

    @Test
    void aNamespaceOutlivesItsChildAndEndsWithItsDescriptor() throws Exception {
        long children = ProcessHandle.current().children().count();
        try (UserNamespace other = UserNamespace.create(new IdMapping(500_000, 1000))) {
            assertThat(ProcessHandle.current().children().count()).isEqualTo(children);
            assertThat(other.mapping().toHost(0)).isEqualTo(500_000);
            Path bottom = fixture.lower("bottom");
            Mounts.overlay(fixture.mapped(other, bottom), fixture.target);
            assertThat(uid(fixture.target)).isEqualTo(500_000);
        }
    }
}
