package io.contree.engine.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerPathsTest {
    @TempDir
    private Path directory;

    @Test
    void whatIsOfThisMachineIsHiddenAndWhatIsOfAnImageStays() throws Exception {
        Path data = Files.createDirectory(directory.resolve("data"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), data);
        for (Path known : new Path[] {data, link}) {
            ServerPaths paths = new ServerPaths(link);
            assertThat(paths.hide("cannot write " + known + "/layers/1/tree: disk is full"))
                    .isEqualTo("cannot write a file of the server: disk is full");
            assertThat(paths.hide("\"" + known + "\" is gone, " + known + "/x too"))
                    .isEqualTo("\"a file of the server\" is gone, a file of the server too");
            assertThat(paths.hide(known + "-of-an-image/x is kept")).isEqualTo(known + "-of-an-image/x is kept");
        }
        ServerPaths paths = new ServerPaths(data);
        assertThat(paths.hide("mount /run/contree-0123456789ab/boxes/op-1: busy"))
                .isEqualTo("mount a file of the server: busy");
        assertThat(paths.hide("open /proc/self/fd/17: EIO")).isEqualTo("open a file of the server: EIO");
        assertThat(paths.hide("failed: java.io.IOException: Input/output error"))
                .isEqualTo("failed: Input/output error");
        assertThat(paths.hide("there is no \"/var/lib/x\" in the image; node.js said no.Such thing"))
                .isEqualTo("there is no \"/var/lib/x\" in the image; node.js said no.Such thing");
    }
}
