package io.contree.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxProgramTest {
    private static final int PT_INTERP = 3;

    @TempDir
    Path directory;

    @Test
    void installsAnExecutableWhoseNameFollowsItsContent() throws Exception {
        Path installed = SandboxProgram.INIT.install(directory.resolve("not/there/yet"));

        assertThat(installed.getFileName().toString()).matches("contree-init-[0-9a-f]{16}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(installed)))
                .isEqualTo("rwxr-xr-x");
        try (Stream<Path> files = Files.list(installed.getParent())) {
            assertThat(files).containsExactly(installed);
        }
    }

    @Test
    void leavesAnInstalledProgramAlone() throws Exception {
        Path installed = SandboxProgram.INIT.install(directory);
        Object inode = Files.getAttribute(installed, "unix:ino");

        assertThat(SandboxProgram.INIT.install(directory)).isEqualTo(installed);
        assertThat(Files.getAttribute(installed, "unix:ino")).isEqualTo(inode);
    }

    @Test
    void replacesADamagedProgram() throws Exception {
        Path installed = SandboxProgram.INIT.install(directory);
        byte[] program = Files.readAllBytes(installed);
        Files.write(installed, new byte[] {1, 2, 3});

        assertThat(SandboxProgram.INIT.install(directory)).isEqualTo(installed).hasBinaryContent(program);
    }

    @Test
    void saysWhichMachineItHasNoProgramFor() {
        assertThatThrownBy(() -> SandboxProgram.INIT.bytes("s390x"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("s390x");
    }

    @Test
    void theProgramNeedsNoLoader() {
        ByteBuffer elf = ByteBuffer.wrap(SandboxProgram.INIT.bytes(System.getProperty("os.arch")))
                .order(ByteOrder.LITTLE_ENDIAN);
        int headers = (int) elf.getLong(32);
        for (int i = 0; i < elf.getShort(56); i++) {
            assertThat(elf.getInt(headers + i * elf.getShort(54))).isNotEqualTo(PT_INTERP);
        }
    }
}
