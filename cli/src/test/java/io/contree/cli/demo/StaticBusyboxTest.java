package io.contree.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaticBusyboxTest {
    @TempDir
    Path root;

    @Test
    void makesARootFileSystemWhoseToolsWork() throws IOException, InterruptedException {
        Path busybox = StaticBusybox.find().orElse(null);
        assumeTrue(busybox != null, "needs a static busybox: apt-get install busybox-static");

        StaticBusybox.install(busybox, root);

        assertThat(root.resolve("bin/sh")).isSymbolicLink();
        assertThat(root.resolve("tmp")).isDirectory();
        Process echo = new ProcessBuilder(root.resolve("bin/echo").toString(), "hello").start();
        assertThat(echo.getInputStream().readAllBytes()).asString().isEqualTo("hello\n");
        assertThat(echo.waitFor()).isZero();
    }
}
