package io.contree.init;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which program is started, and what is said about one that is not. */
class SpawnFailureTest extends InitTest {
    @Test
    void looksUpPathOfTheGivenEnvironment() throws Exception {
        script(directory.resolve("one/tool"), "echo one");
        script(directory.resolve("two/tool"), "echo two");

        Spawn spawn = Spawn.of("tool").env(path("none", "two", "one")).env(path("one"));
        assertThat(init.run(1, spawn).text()).isEqualTo("two\n");
    }

    @Test
    void looksUpADefaultPathWithoutOne() throws Exception {
        assertThat(init.run(1, Spawn.of("sh", "-c", "echo $0 found")).text()).isEqualTo("sh found\n");
    }

    @Test
    void looksUpTheWorkingDirectoryForAnEmptyElement() throws Exception {
        script(directory.resolve("tool"), "echo here");

        Spawn spawn = Spawn.of("tool").env("PATH=/none:").cwd(directory.toString());
        assertThat(init.run(1, spawn).text()).isEqualTo("here\n");
    }

    @Test
    void resolvesANameWithASlashInTheWorkingDirectory() throws Exception {
        script(directory.resolve("sub/tool"), "echo relative");

        assertThat(init.run(1, Spawn.of("sub/tool").cwd(directory.toString())).text())
                .isEqualTo("relative\n");
    }

    @Test
    void takesANameWithSpacesForOneName() throws Exception {
        script(directory.resolve("my tool"), "echo spaced");

        assertThat(init.run(1, Spawn.of("my tool").env(path("."))).text()).isEqualTo("spaced\n");
        assertThat(init.run(2, Spawn.of("echo hello")).failure())
                .isEqualTo("echo hello: executable file not found in PATH");
    }

    @Test
    void goesOnBehindAProgramThatMayNotRun() throws Exception {
        Files.writeString(Files.createDirectories(directory.resolve("one")).resolve("tool"), "no program");
        Files.createDirectories(directory.resolve("two/tool"));
        script(directory.resolve("three/tool"), "echo three");

        assertThat(init.run(1, Spawn.of("tool").env(path("one", "two", "three")))
                        .text())
                .isEqualTo("three\n");
        assertThat(init.run(2, Spawn.of("tool").env(path("one", "two"))).failure())
                .isEqualTo(directory + "/one/tool: permission denied: it is not executable (mode 0644)");
    }

    @Test
    void saysThatAProgramIsNotInPath() throws Exception {
        Init.Outcome outcome = init.run(1, Spawn.of("no-such-program"));

        assertThat(outcome.failure()).isEqualTo("no-such-program: executable file not found in PATH");
        assertThat(outcome.order()).isEqualTo("F");
    }

    @Test
    void saysThatAFileIsNotThere() throws Exception {
        assertThat(init.run(1, Spawn.of("/no/such")).failure()).isEqualTo("/no/such: no such file or directory");
        assertThat(init.run(2, Spawn.of("/dev/null/x")).failure()).containsIgnoringCase("not a directory");
    }

    @Test
    void saysThatTheCommandIsEmpty() throws Exception {
        assertThat(init.run(1, Spawn.of("")).failure()).isEqualTo("the command is empty");
    }

    @Test
    void saysThatAProgramIsADirectory() throws Exception {
        assertThat(init.run(1, Spawn.of("/etc")).failure()).isEqualTo("/etc: is a directory");
    }

    @Test
    void saysThatAFileIsNotExecutable() throws Exception {
        Path file = Files.writeString(directory.resolve("data"), "#!/bin/sh\n");

        assertThat(init.run(1, Spawn.of(file.toString())).failure())
                .isEqualTo(file + ": permission denied: it is not executable (mode 0644)");
        assertThat(init.run(2, Spawn.of("/dev/null")).failure())
                .isEqualTo("/dev/null: permission denied: it is not a regular file");
    }

    @Test
    void saysWhichInterpreterIsMissing() throws Exception {
        Path tool = executable("tool", "#! /no/such/sh -e\n");
        Path dos = executable("dos", "#!/bin/sh\r\necho\r\n");

        assertThat(init.run(1, Spawn.of(tool.toString())).failure())
                .isEqualTo(tool + ": its interpreter /no/such/sh is not there");
        assertThat(init.run(2, Spawn.of("tool").env(path("."))).failure())
                .endsWith("tool: its interpreter /no/such/sh is not there");
        assertThat(init.run(3, Spawn.of(dos.toString())).failure())
                .isEqualTo(dos + ": its interpreter /bin/sh is not there: the script has Windows line ends");
    }

    @Test
    void saysWhichLoaderIsMissing() throws Exception {
        byte[] program = Files.readAllBytes(Path.of("/bin/true"));
        String text = new String(program, StandardCharsets.ISO_8859_1);
        Path tool = directory.resolve("tool");
        Files.write(tool, text.replaceFirst("/lib(64)?/ld-", "/lob$1/ld-").getBytes(StandardCharsets.ISO_8859_1));
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(init.run(1, Spawn.of(tool.toString())).failure())
                .matches("\\Q" + tool + "\\E: its loader /lob(64)?/ld-\\S+ is not there");
    }

    @Test
    void saysWhatIsNoProgram() throws Exception {
        Path text = executable("text", "echo no mark\n");
        Path empty = executable("empty", "");
        Path foreign = executable("foreign", "\u007fELF and then nothing of use");

        assertThat(init.run(1, Spawn.of(text.toString())).failure())
                .isEqualTo(text + ": exec format error: it is neither a program nor a script with a #! line");
        assertThat(init.run(2, Spawn.of(empty.toString())).failure())
                .isEqualTo(empty + ": exec format error: the file is empty");
        assertThat(init.run(3, Spawn.of(foreign.toString())).failure())
                .isEqualTo(foreign + ": exec format error: it is a program for another machine or a damaged one");
    }

    @Test
    void saysWhatIsTooLong() throws Exception {
        assertThat(init.run(1, Spawn.of("echo", "x".repeat(131_072))).failure())
                .endsWith(
                        "echo: argument list too long: one argument has 131072 bytes, and Linux takes at most 131071 for one;"
                                + " pass it through standard input or a file");
        assertThat(init.run(2, Spawn.of("echo").env("OF_IMAGE=" + "x".repeat(131_072)))
                        .failure())
                .endsWith(
                        "echo: argument list too long: the variable OF_IMAGE has 131081 bytes, and Linux takes at most 131071"
                                + " for one; pass it through a file");
        assertThat(init.run(3, Spawn.of("/bin/true", "x".repeat(131_071)))
                        .exit()
                        .code())
                .isZero();
    }

    @Test
    void saysWhatIsWrongWithTheWorkingDirectory() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        assertThat(init.run(1, Spawn.of("true").cwd(file + "/sub")).failure())
                .isEqualTo("working directory " + file + "/sub: Not a directory");
        assertThat(init.run(2, Spawn.of("true").cwd("relative")).failure())
                .isEqualTo("working directory relative: must be absolute");
        assertThat(init.run(3, Spawn.of("true").cwd("/" + "x/".repeat(3000))).failure())
                .endsWith("name too long");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/self/fd/0", "/proc/self/fd/4", "/proc/self/fd/5/..", "/dev/fd/3"})
    void aDescriptorOfInitIsNoWayIn(String path) throws Exception {
        assertThat(init.run(1, Spawn.of("/bin/pwd").cwd(path)).failure()).startsWith("working directory " + path);
        assertThat(init.run(2, Spawn.of(path)).failure()).startsWith(path);
    }

    @Test
    void refusesIdsThatMeanNobody() throws Exception {
        assertThat(init.run(1, Spawn.of("true").as(-1, Ids.OURS.gid())).failure())
                .isEqualTo(
                        "user 4294967295: not in /etc/passwd of the image; add it there, or give a number up to 2147483647");
        assertThat(init.run(2, Spawn.of("true").as(Ids.OURS.uid(), -1)).failure())
                .isEqualTo(
                        "group 4294967295: not in /etc/group of the image; add it there, or give a number up to 2147483647");
    }

    @Test
    void aSpidIsFreeAgainAfterAFailureAndTheNextProcessRuns() throws Exception {
        for (int spid = 1; spid <= 300; spid++) {
            assertThat(init.run(spid, Spawn.of("/no/such")).failure()).isNotEmpty();
        }
        assertThat(init.run(301, Spawn.shell("ls /proc/" + init.pid() + "/fd | wc -l"))
                        .exit()
                        .code())
                .isZero();
    }

    private String path(String... directories) {
        StringBuilder path = new StringBuilder("PATH=");
        for (String element : directories) {
            path.append(path.length() == 5 ? "" : ":").append(directory.resolve(element));
        }
        return path.toString();
    }

    private Path executable(String name, String content) throws Exception {
        Path file = Files.writeString(directory.resolve(name), content, StandardCharsets.ISO_8859_1);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void script(Path path, String body) throws Exception {
        Files.createDirectories(path.getParent());
        executable(directory.relativize(path).toString(), "#!/bin/sh\n" + body + "\n");
    }
}
