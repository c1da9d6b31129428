package io.contree.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who a process is, by an {@code /etc} of the test's own. Needs root. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UserIT {
    private static final String PASSWD = """
            root:x:0:0:root:/root:/bin/bash
            # comment:x:7:7::/no:/no
            +nis:x:8:8::/no:/no

            daemon:x:1:1::/usr/sbin:/usr/sbin/nologin
              dev:x:1000:1001:Dev,,,:/home/dev:/bin/sh\r
            second:x:1000:1002::/home/second:/bin/sh
            homeless:x:1003:1003:::/bin/sh
            short:x:1004:1004
            broken:x:12x:5::/no:/no
            minus:x:-5:5::/no:/no
            big:x:4294967296:5::/no:/no
            1005:x:1006:1006::/home/number:/bin/sh
            last:x:1007:1007::/home/last""";

    private static final String GROUP = """
            root:x:0:
            adm:x:4:daemon,dev
            sudo:x:27:dev
            users:x:100:developer,de,second
            far:x:4294967296:dev
            wheel:x:10:root,dev""";

    @TempDir
    Path directory;

    private Init init;

    @BeforeEach
    void makeEtc() throws Exception {
        assumeTrue(Ids.OURS.isRoot(), "only root can mount an /etc");
        Files.createDirectory(etc());
        write("passwd", PASSWD);
        write("group", GROUP);
    }

    @AfterEach
    void stop() throws Exception {
        if (init != null) {
            init.close();
        }
    }

    /** The next process gets an init of its own. */
    private void again() throws Exception {
        init.close();
        init = null;
    }

    private Path etc() {
        return directory.resolve("etc");
    }

    private Path write(String name, String text) throws IOException {
        Files.deleteIfExists(etc().resolve(name));
        return Files.writeString(etc().resolve(name), text, StandardCharsets.ISO_8859_1);
    }

    private Init.Outcome run(Spawn spawn) throws Exception {
        if (init == null) {
            init = Init.start(
                    SandboxProgram.INIT.install(directory.resolve("bin")),
                    "/usr/bin/unshare",
                    "--pid",
                    "--mount",
                    "--fork",
                    "--mount-proc",
                    "/bin/sh",
                    "-c",
                    "mount --bind " + etc() + " /etc && exec \"$0\"");
        }
        return init.run(1, spawn);
    }

    private String show(String user) throws Exception {
        return run(shown(user)).text().trim();
    }

    private static Spawn shown(String user) {
        return Spawn.shell("echo $(id -u):$(id -g) $(id -G) $HOME ${USER-none}").as(user);
    }

    /** As {@code docker run --user} has it, but for USER. */
    @ParameterizedTest
    @CsvSource({
        "0, 0:0 0 10 /root root",
        "'', 0:0 0 10 /root root",
        "root, 0:0 0 10 /root root",
        "1000, 1000:1001 1001 4 10 27 /home/dev dev",
        "dev, 1000:1001 1001 4 10 27 /home/dev dev",
        "dev:, 1000:1001 1001 4 10 27 /home/dev dev",
        "dev:dev, ",
        "dev:sudo, 1000:27 27 /home/dev dev",
        "dev:33, 1000:33 33 /home/dev dev",
        "1000:1001, 1000:1001 1001 /home/dev dev",
        "1000:adm, 1000:4 4 /home/dev dev",
        ":adm, 0:4 4 /root root",
        "second, 1000:1002 1002 100 /home/second second",
        "homeless, 1003:1003 1003 / homeless",
        "short, 1004:1004 1004 / short",
        "1005, 1005:0 0 / none",
        "1006, 1006:1006 1006 /home/number 1005",
        "last, 1007:1007 1007 /home/last last",
        "4242, 4242:0 0 / none",
        "4242:4343, 4242:4343 4343 / none",
    })
    void usersAreFoundAsDockerFindsThem(String user, String shown) throws Exception {
        Init.Outcome outcome = run(shown(user));
        if (shown == null) {
            assertThat(outcome.failure()).startsWith("group dev: not in /etc/group of the image");
        } else {
            assertThat(outcome.text()).isEqualTo(shown + "\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"nobody", "comment", "nis", "broken", "minus", "big", "-5", "+1000", "0x1", "2147483648", "de"})
    void whoIsNotThereIsNobody(String user) throws Exception {
        assertThat(run(shown(user)).failure())
                .isEqualTo("user " + user
                        + ": not in /etc/passwd of the image; add it there, or give a number up to 2147483647");
    }

    @Test
    void numbersMayComeWithAllGroups() throws Exception {
        assertThat(run(shown("1000:33").allGroups()).text()).isEqualTo("1000:33 33 4 10 27 /home/dev dev\n");
    }

    @Test
    void whatTheRequestSaysGoesBeforeWhatPasswdSays() throws Exception {
        assertThat(run(shown("dev").env("HOME=/mine").env("USER=")).text()).isEqualTo("1000:1001 1001 4 10 27 /mine\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "fifo", "directory", "endless", "terminal", "loop", "kernel", "nul", "empty"})
    void filesThatAreNoneHoldAndHurtNobody(String kind) throws Exception {
        for (String name : new String[] {"passwd", "group"}) {
            spoil(etc().resolve(name), kind);
        }

        assertThat(show("1000")).isEqualTo("1000:0 0 / none");
        again();
        assertThat(run(shown("dev")).failure()).startsWith("user dev: not in /etc/passwd of the image");
        again();
        assertThat(run(shown("7:sudo")).failure()).startsWith("group sudo: not in /etc/group of the image");
    }

    private static void spoil(Path file, String kind) throws Exception {
        Files.delete(file);
        switch (kind) {
            case "fifo" ->
                assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                        .isZero();
            case "directory" -> Files.createDirectory(file);
            case "endless" -> Files.createSymbolicLink(file, Path.of("/dev/zero"));
            case "terminal" -> Files.createSymbolicLink(file, Path.of("/dev/ptmx"));
            case "loop" -> Files.createSymbolicLink(file, file);
            case "kernel" -> Files.createSymbolicLink(file, Path.of("/proc/kmsg"));
            case "nul" -> Files.writeString(file, "dev:x:1000:1000\0::/home/dev:/bin/sh\nsudo:x:27\0:dev\n");
            case "empty" -> Files.createFile(file);
            default -> assertThat(kind).isEqualTo("missing");
        }
    }

    @Test
    void ofAHugeFileTheFirstMebibyteIsReadAndNoHalfLine() throws Exception {
        String line = "user:x:3000:3000::/home/user:/bin/sh\n";
        StringBuilder text = new StringBuilder();
        while (text.length() + 20 < 1 << 20) {
            text.append(text.length() + line.length() + 20 < 1 << 20 ? line : "#\n");
        }
        String before = text.toString();
        // The end of what is read is in the middle of the number: "cut:x:60" would be another user.
        String cut = "cut:" + "x".repeat((1 << 20) - before.length() - 7) + ":6000:6000::/home/cut:/bin/sh\n";
        write("passwd", before + cut + "behind:x:5000:5000::/home/behind:/bin/sh\n");
        try (RandomAccessFile huge =
                new RandomAccessFile(etc().resolve("passwd").toFile(), "rw")) {
            huge.setLength(1L << 40);
        }

        assertThat(show("user")).isEqualTo("3000:3000 3000 /home/user user");
        for (String unread : new String[] {"cut", "behind"}) {
            again();
            assertThat(run(shown(unread)).failure()).startsWith("user " + unread + ": not in");
        }
    }

    @Test
    void aMemberOfMoreGroupsThanTheKernelTakesStarts() throws Exception {
        StringBuilder groups = new StringBuilder();
        for (int i = 0; i < 70_000; i++) {
            groups.append("g::").append(i % 60_000).append(":dev\n");
        }
        write("group", groups.toString());

        assertThat(run(Spawn.shell("id -u").as("dev")).text()).isEqualTo("1000\n");
    }
}
