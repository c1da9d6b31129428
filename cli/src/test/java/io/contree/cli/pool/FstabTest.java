package io.contree.cli.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FstabTest {
    private static final Path DATA = Path.of("/srv/my data");
    private static final Path IMAGE = Path.of("/srv/my data.img");

    @TempDir
    Path directory;

    @Test
    void aLineIsAddedOnceAndRemovedAndOthersStay() throws IOException {
        Path file = directory.resolve("fstab");
        String others = "# /srv/my\\040data\nUUID=1 / ext4 defaults 0 1\n/dev/sdb\t/srv  xfs\tnoauto\n";
        Files.writeString(file, others);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Fstab fstab = new Fstab(file);
        String line = Fstab.line(IMAGE, DATA, "xfs", "discard,prjquota");
        assertThat(line).isEqualTo("/srv/my\\040data.img /srv/my\\040data xfs loop,nofail,discard,prjquota 0 0");

        fstab.write(IMAGE, DATA, line);
        fstab.write(IMAGE, DATA, line);
        assertThat(file).hasContent(others + line + "\n");
        assertThat(fstab.lineOf(DATA)).contains(line);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");

        fstab.remove(DATA);
        fstab.remove(DATA);
        assertThat(file).hasContent(others);
        try (var left = Files.list(directory)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void theLineOfAnotherImageIsNotReplaced() throws IOException {
        Path file = directory.resolve("fstab");
        Files.writeString(file, "/dev/sdb /srv/my\\040data xfs defaults 0 0\n");
        assertThatThrownBy(() -> new Fstab(file).write(IMAGE, DATA, "new")).hasMessageContaining("/dev/sdb");
        assertThat(file).hasContent("/dev/sdb /srv/my\\040data xfs defaults 0 0\n");
    }

    @Test
    void aMachineWithoutOneGetsOne() {
        Path file = directory.resolve("fstab");
        new Fstab(file).write(IMAGE, DATA, "line of it");
        assertThat(file).hasContent("line of it\n");
    }
}
