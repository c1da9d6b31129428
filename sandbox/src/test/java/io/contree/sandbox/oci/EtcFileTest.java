package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcFileTest {
    @TempDir
    Path directory;

    private Path root;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectories(directory.resolve("root"));
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(directory.resolve("hosts"), "outside");
    }

    @Test
    void coversARegularFile() throws IOException {
        Files.writeString(root.resolve("etc/hosts"), "inside");
        assertThat(EtcFile.HOSTS.isRegularIn(root)).isTrue();
        assertThat(EtcFile.HOSTNAME.isRegularIn(root)).isFalse();
    }

    @Test
    void coversNothingReachedByALink() throws IOException {
        Files.createSymbolicLink(root.resolve("etc/hosts"), directory.resolve("hosts"));
        assertThat(EtcFile.HOSTS.isRegularIn(root)).isFalse();
        Files.createDirectory(root.resolve("etc/hostname"));
        assertThat(EtcFile.HOSTNAME.isRegularIn(root)).isFalse();

        Path other = Files.createDirectories(directory.resolve("other"));
        Files.createSymbolicLink(other.resolve("etc"), root.resolve("etc"));
        Files.writeString(root.resolve("etc/resolv.conf"), "x");
        assertThat(EtcFile.RESOLV_CONF.isRegularIn(other)).isFalse();
        assertThat(EtcFile.RESOLV_CONF.isRegularIn(root)).isTrue();
    }

    @Test
    void failsOnARootThatIsNone() {
        assertThatThrownBy(() -> EtcFile.HOSTS.isRegularIn(directory.resolve("none")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void namesTheHost() {
        assertThat(EtcFile.HOSTS.content("box", "")).contains("127.0.0.1\tlocalhost\n", "127.0.1.1\tbox\n");
        assertThat(EtcFile.HOSTNAME.content("box", "")).isEqualTo("box\n");
    }
}
