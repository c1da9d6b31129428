package io.contree.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only root may do to files. */
class RootFilesIT {
    private OverlayFixture fixture;
    private Fd dir;

    @BeforeEach
    void setUp() throws Exception {
        fixture = new OverlayFixture();
        dir = FileCalls.open(Fd.CWD, Mounts.raw(fixture.root), FileCalls.DIRECTORY, 0, 0);
    }

    @AfterEach
    void tearDown() throws Exception {
        Xattrs.useRelativeCalls(true);
        dir.close();
        fixture.close();
    }

    @Test
    void devicesKeepTheirNumbers() throws Exception {
        FileCalls.makeNode(dir, "null", Stat.CHARACTER_DEVICE | 0666, 1, 3);
        FileCalls.makeNode(dir, "large", Stat.BLOCK_DEVICE | 0600, 4095, 1_048_575);

        Stat small = FileCalls.stat(dir, "null");
        Stat large = FileCalls.stat(dir, "large");
        assertThat(small.type()).isEqualTo(Stat.CHARACTER_DEVICE);
        assertThat(small.rdevMajor()).isEqualTo(1);
        assertThat(small.rdevMinor()).isEqualTo(3);
        assertThat(large.type()).isEqualTo(Stat.BLOCK_DEVICE);
        assertThat(large.rdevMajor()).isEqualTo(4095);
        assertThat(large.rdevMinor()).isEqualTo(1_048_575);
    }

    @Test
    void ownersOfFilesAndLinksChangeSeparately() throws Exception {
        FileCalls.open(dir, "file", FileCalls.CREATE, 0644, 0).close();
        FileCalls.makeSymlink("file", dir, "link");

        FileCalls.chown(dir, "link", 1, 2);
        FileCalls.chown(dir, "file", 70_000, -1);

        assertThat(FileCalls.stat(dir, "link").uid()).isEqualTo(1);
        assertThat(FileCalls.stat(dir, "link").gid()).isEqualTo(2);
        assertThat(FileCalls.stat(dir, "file").uid()).isEqualTo(70_000);
        assertThat(FileCalls.stat(dir, "file").gid()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void trustedAndSecurityAttributesEvenOfLinks(boolean relative) throws Exception {
        Xattrs.useRelativeCalls(relative);
        FileCalls.makeSymlink("nowhere", dir, "link\u00ff");

        FileCalls.setXattr(dir, "link\u00ff", "trusted.overlay.opaque", new byte[] {'y'});
        FileCalls.setXattr(dir, "link\u00ff", "security.x", new byte[] {0, 1});

        assertThat(FileCalls.xattrs(dir, "link\u00ff")).containsOnlyKeys("trusted.overlay.opaque", "security.x");
        assertThat(FileCalls.xattrs(dir, "link\u00ff").get("security.x")).containsExactly(0, 1);
    }

    @Test
    void anOpenFileCanBeLinkedByItsDescriptor() throws Exception {
        Files.writeString(fixture.root.resolve("file"), "x");
        try (Fd file = FileCalls.open(dir, "file", FileCalls.READ, 0, 0)) {
            FileCalls.link(file, "", dir, "second");
        }
        assertThat(fixture.root.resolve("second")).hasContent("x");
    }

    @Test
    void foreignFilesAreRemovedWithTheirReadOnlyDirectories() throws Exception {
        Path inner = Files.createDirectories(fixture.root.resolve("tree/inner"));
        Files.writeString(inner.resolve("file"), "x");
        FileCalls.chown(dir, "tree/inner", 1234, 1234);
        FileCalls.chmod(dir, "tree/inner", 0);

        FileCalls.removeTree(dir, "tree");

        assertThat(fixture.root.resolve("tree")).doesNotExist();
    }
}
