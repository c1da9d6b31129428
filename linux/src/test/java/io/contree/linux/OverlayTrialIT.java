package io.contree.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OverlayTrialIT {
    private OverlayFixture fixture;

    @BeforeEach
    void setUp() throws Exception {
        fixture = new OverlayFixture();
    }

    @AfterEach
    void tearDown() throws Exception {
        fixture.close();
    }

    @Test
    void whatHoldsLayersHasNoProblem() throws Exception {
        Path place = Files.createDirectory(fixture.root.resolve("place"));

        assertThat(OverlayTrial.problem(place, Optional.empty())).isEmpty();
        assertThat(place).isEmptyDirectory();
    }

    @Test
    void anOverlayOnAnOverlayIsToldByName() throws Exception {
        Mounts.overlay(fixture.writable(fixture.lower("l")), fixture.target);

        assertThat(OverlayTrial.problem(fixture.target, Optional.empty())).hasValueSatisfying(problem -> {
            assertThat(problem.what()).contains("on an overlayfs itself");
            assertThat(problem.remedy()).contains("ext4, XFS or btrfs");
        });
        assertThat(fixture.target).isEmptyDirectory();
    }

    @Test
    void aFileSystemWithoutAttributesOrNodesIsToldByName() throws Exception {
        Path disk = Files.createFile(fixture.root.resolve("disk"));
        try (var file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.setLength(16 << 20);
        }
        boolean made =
                new ProcessBuilder("sh", "-c", "mkfs.vfat " + disk + " && mount -o loop " + disk + " " + fixture.target)
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
        assumeTrue(made, "needs mkfs.vfat and the vfat file system: apt-get install dosfstools");

        assertThat(OverlayTrial.problem(fixture.target, Optional.empty()))
                .hasValueSatisfying(problem -> assertThat(problem.what()).contains("vfat"));
    }

    @Test
    void aReadOnlyPlaceIsSaid() throws Exception {
        Mounts.bind(fixture.lower("l"), fixture.target, true);

        assertThat(OverlayTrial.problem(fixture.target, Optional.empty()))
                .hasValueSatisfying(problem -> assertThat(problem.what()).contains("nothing can be made in it"));
    }
}
