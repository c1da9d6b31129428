package io.contree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How the scripts get what they need from the machine's package sources. The sources are programs of this test, the
 * shell's functions are the real ones.
 */
class PrepareTest {
    private static final Path SCRIPT = Path.of("../scripts/prepare.sh").toAbsolutePath();

    /** More than a pipe holds, as apt-cache prints it where there are many sources. */
    private static final String CHATTY = "i=0; while [ $i -lt 3000 ]; do echo '     500 http://mirror.example/debian"
            + " testing/main amd64 Packages, one of many'; i=$((i+1)); done\n";

    @TempDir
    Path directory;

    private Path calls;

    private int exitCode;

    @BeforeEach
    void sourcesThatOfferAll() throws IOException {
        calls = directory.resolve("calls");
        Files.createDirectory(directory.resolve("bin"));
        program("apt-cache", "echo \"$2:\"; echo '  Installed: (none)'; echo '  Candidate: 25.0.3-1'; " + CHATTY);
        program("apt-get", "echo \"apt-get $*\" >>'" + calls + "'\n");
        program("dpkg-query", "exit 1\n");
    }

    @Test
    void aPackageIsOfferedHoweverMuchIsSaidAboutIt() throws Exception {
        assertThat(shell("is_offered openjdk-25-jdk-headless && echo offered")).isEqualTo("offered\n");
    }

    @Test
    void aPackageWithoutACandidateIsNotOffered() throws Exception {
        program("apt-cache", "echo \"$2:\"; echo '  Candidate: (none)'; " + CHATTY);
        assertThat(shell("is_offered x || echo no")).isEqualTo("no\n");

        program("apt-cache", "exit 0\n");
        assertThat(shell("is_offered x || echo no")).isEqualTo("no\n");
    }

    @Test
    void aptIsAskedInALanguageThatIsUnderstood() throws Exception {
        program("apt-cache", "[ \"$LC_ALL\" = C ] && echo '  Candidate: 1' || echo '  Installationskandidat: 1'\n");
        assertThat(shell("export LC_ALL=de_DE.UTF-8; is_offered x && echo offered"))
                .endsWith("offered\n");
    }

    @Test
    void javaIsStartedWithALocaleThatWritesEveryCharacter() throws Exception {
        assertThat(shell("export LC_ALL=POSIX; source \"$2\"; echo \"$LC_ALL\""))
                .isEqualTo("C.UTF-8\n");
    }

    @Test
    void aJdkComesFromThePackageSources() throws Exception {
        // As the package does: a JDK is there once it is installed.
        Path jdk = directory.resolve("jdk");
        Path installed =
                Files.createDirectories(directory.resolve("packaged/bin")).getParent();
        program(installed.resolve("bin/javac"), "exit 0\n");
        Files.writeString(installed.resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");
        program("apt-get", "case $* in *openjdk-25*) mv '" + installed + "' '" + jdk + "';; esac\n");

        String jdks = "find_jdk() { [ \"$(jdk_major '" + jdk + "')\" = 25 ] && export JAVA_HOME='" + jdk + "'; }; ";
        assertThat(shell(jdks + "prepare_jdk; echo \"$JAVA_HOME\"")).endsWith(jdk + "\n");
        assertThat(exitCode).isZero();
    }

    @Test
    void theListsAreFetchedOnceAndAllComesAtOnce() throws Exception {
        assertThat(shell("install_missing acl attr; install_missing zstd")).contains("installing acl attr");
        assertThat(calls)
                .content()
                .containsOnlyOnce("update")
                .contains("install -y -qq --no-install-recommends acl attr\n")
                .contains("zstd\n");
    }

    @Test
    void whatABuildNeedsAndCannotHaveIsAnErrorAtOnce() throws Exception {
        program("apt-get", "[ \"$1\" = update ] || { echo 'E: no space left'; exit 100; }\n");
        String said =
                shell("prepare_jdk() { :; }; PATH='" + directory.resolve("bin") + "'; prepare_build; echo went on");
        assertThat(said)
                .contains("E: no space left")
                .contains("contree: cannot build: mvn make gcc as musl-gcc not found on the PATH.")
                .contains("maven make gcc binutils musl-tools")
                .doesNotContain("went on");
        assertThat(exitCode).isEqualTo(1);

        program("apt-get", "exit 0\n");
        program("apt-cache", "echo '  Candidate: (none)'\n");
        said = shell("prepare_jdk() { :; }; PATH='" + directory.resolve("bin") + "'; prepare_build; echo went on");
        assertThat(said)
                .contains("maven is not offered by this machine's package sources")
                .contains("contree: cannot build: ")
                .doesNotContain("went on");
        assertThat(exitCode).isEqualTo(1);
    }

    @Test
    void aProgramThatIsThereNeedsNoPackage() throws Exception {
        for (String name : List.of("mvn", "make", "gcc", "as", "musl-gcc")) {
            program(name, "exit 0\n");
        }
        assertThat(shell("prepare_jdk() { :; }; prepare_build; echo ready")).isEqualTo("ready\n");
        assertThat(calls).doesNotExist();
    }

    @Test
    void whoIsNotRootIsToldWhatToInstall() throws Exception {
        assertThat(shell("is_root() { return 1; }; install_missing zstd || echo missing"))
                .contains("contree: not installed: zstd")
                .contains("apt-get install zstd")
                .endsWith("missing\n");
        assertThat(calls).doesNotExist();
    }

    private void program(String name, String body) throws IOException {
        program(directory.resolve("bin").resolve(name), body);
    }

    private static void program(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The output of a script that has sourced prepare.sh and runs as if by root. */
    private String shell(String script) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                "bash",
                "-c",
                "set -euo pipefail; root=$1; source \"$2\"; is_root() { true; }; " + script,
                "-",
                directory.toString(),
                SCRIPT.toString());
        builder.environment().merge("PATH", directory.resolve("bin").toString(), (old, own) -> own + ":" + old);
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        exitCode = process.waitFor();
        return said;
    }
}
