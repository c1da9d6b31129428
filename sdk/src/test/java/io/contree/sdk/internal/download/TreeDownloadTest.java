package io.contree.sdk.internal.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.contree.sdk.internal.InternalException;
import io.contree.sdk.internal.InternalException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TreeDownloadTest {
    @TempDir
    Path home;

    private Path target;

    @BeforeEach
    void place() {
        target = home.resolve("target");
    }

    private void unpack(byte[] tar) {
        TreeDownload.save("download /x", new ByteArrayInputStream(tar), target);
    }

    @Test
    void unpacksATree() throws IOException {
        String longName = "n".repeat(140);
        unpack(new TarBytes()
                .pax("comment=of all")
                .directory("./")
                .directory("d/")
                .file("d/a", "one")
                .symlink("d/link", "../../outside")
                .hardlink("hard", "d/a")
                .pax("path=d/" + longName, "mtime=1700000000.25")
                .file("short", "long")
                .entry("d/null", '3', "", new byte[0])
                .file("without/a/parent", "p")
                .finished());

        assertThat(target.resolve("d/a")).hasContent("one");
        assertThat(Files.readSymbolicLink(target.resolve("d/link"))).hasToString("../../outside");
        assertThat(Files.isSameFile(target.resolve("hard"), target.resolve("d/a")))
                .isTrue();
        assertThat(target.resolve("d").resolve(longName)).hasContent("long");
        assertThat(Files.getLastModifiedTime(target.resolve("d").resolve(longName))
                        .toInstant())
                .isEqualTo("2023-11-14T22:13:20.250Z");
        assertThat(target.resolve("d/null")).doesNotExist();
        assertThat(target.resolve("without/a/parent")).hasContent("p");
        // The bits of setuid and setgid stay behind.
        assertThat(Files.getAttribute(target.resolve("d/a"), "unix:mode")).isEqualTo(0100640);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve("d"))))
                .isEqualTo("rwxr-x---");
        assertThat(Files.getLastModifiedTime(target.resolve("d")).toInstant()).isEqualTo("2023-11-14T22:13:20Z");
    }

    @Test
    void unpacksWhatGnuTarWrites() throws Exception {
        Path tree = Files.createDirectories(home.resolve("tree/deep").resolve("x".repeat(120)));
        Files.writeString(tree.resolve("ü" + "y".repeat(120)), "text");
        Files.createSymbolicLink(tree.resolve("l"), Path.of("z".repeat(150)));
        Process tar = new ProcessBuilder(
                        "tar", "--format=pax", "-C", home.resolve("tree").toString(), "-cf", "-", ".")
                .start();

        TreeDownload.save("download /x", tar.getInputStream(), target);

        assertThat(tar.waitFor()).isZero();
        try (Stream<Path> from = Files.walk(home.resolve("tree"));
                Stream<Path> to = Files.walk(target)) {
            assertThat(to.map(path -> target.relativize(path).toString()))
                    .containsExactlyInAnyOrderElementsOf(from.map(path ->
                                    home.resolve("tree").relativize(path).toString())
                            .toList());
        }
    }

    static Map<String, byte[]> hostile() {
        TarBytes throughLink = new TarBytes().symlink("l", "/tmp").file("l/x", "evil");
        return Map.ofEntries(
                Map.entry("up", new TarBytes().file("../evil", "x").finished()),
                Map.entry("up inside", new TarBytes().file("a/../../evil", "x").finished()),
                Map.entry("through a link", throughLink.finished()),
                Map.entry(
                        "over a link",
                        new TarBytes().symlink("l", "../evil").file("l", "x").finished()),
                Map.entry(
                        "directory over a link",
                        new TarBytes().symlink("l", "..").directory("l/").finished()),
                Map.entry(
                        "hard link out",
                        new TarBytes().hardlink("h", "../victim").finished()),
                Map.entry(
                        "hard link to a link",
                        new TarBytes()
                                .symlink("l", "../victim")
                                .hardlink("h", "l")
                                .finished()),
                Map.entry("twice", new TarBytes().file("a", "1").file("a", "2").finished()),
                Map.entry(
                        "below a file",
                        new TarBytes().file("a", "1").file("a/b", "2").finished()),
                Map.entry("over the root", new TarBytes().file(".", "1").finished()),
                Map.entry(
                        "pax up",
                        new TarBytes().pax("path=../evil").file("x", "1").finished()),
                Map.entry(
                        "a bad checksum",
                        new TarBytes()
                                .raw("evil".repeat(128).getBytes(StandardCharsets.UTF_8))
                                .finished()),
                Map.entry(
                        "a bad pax length",
                        new TarBytes()
                                .entry("x", 'x', "", "99 a=b\n".getBytes(StandardCharsets.UTF_8))
                                .finished()),
                Map.entry(
                        "a bad size",
                        new TarBytes().pax("size=-5").file("x", "1").finished()),
                Map.entry(
                        "a bad time",
                        new TarBytes().pax("mtime=1e999999").file("x", "1").finished()),
                Map.entry(
                        "sparse",
                        new TarBytes().pax("GNU.sparse.major=1").file("x", "1").finished()));
    }

    static Stream<String> hostileNames() {
        return hostile().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("hostileNames")
    void keepsAHostileArchiveOutAndLeavesNothing(String name) throws IOException {
        Path victim = Files.writeString(home.resolve("victim"), "precious");

        assertThatThrownBy(() -> unpack(hostile().get(name))).satisfies(failure -> isOf(Kind.ANSWER, failure));

        assertOnly(victim);
        assertThat(victim).hasContent("precious");
    }

    @Test
    void anAbsolutePathIsBelowTheTarget() {
        unpack(new TarBytes().file("/etc/passwd", "x").finished());

        assertThat(target.resolve("etc/passwd")).hasContent("x");
    }

    @Test
    void anArchiveThatBreaksOffLeavesNothing() throws IOException {
        byte[] whole = new TarBytes().file("a", "x".repeat(2000)).unfinished();

        for (int length : List.of(0, 100, 512, 1000, whole.length)) {
            assertThatThrownBy(() -> unpack(java.util.Arrays.copyOf(whole, length)))
                    .as("%d bytes", length)
                    .satisfies(failure -> isOf(Kind.CONNECTION, failure))
                    .hasMessageContaining("breaks off");
        }
        assertOnly();
    }

    @Test
    void takesThePlaceOfAnEmptyDirectoryAndOfNothingElse() throws IOException {
        Files.createDirectory(target);
        unpack(new TarBytes().file("a", "1").finished());
        assertThat(target.resolve("a")).hasContent("1");

        assertThatThrownBy(() -> unpack(new TarBytes().file("b", "2").finished()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there already");
        assertThat(target.resolve("b")).doesNotExist();
    }

    @Test
    void aTargetThatCannotBeMadeIsALocalFailure() {
        target = home.resolve("no/such/place");

        assertThatThrownBy(() -> unpack(new TarBytes().finished()))
                .satisfies(failure -> isOf(Kind.LOCAL_FILE, failure));
    }

    private static void isOf(Kind kind, Throwable failure) {
        assertThat(failure).asInstanceOf(type(InternalException.class)).returns(kind, InternalException::kind);
    }

    private void assertOnly(Path... there) throws IOException {
        try (Stream<Path> entries = Files.list(home)) {
            assertThat(entries.filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS)))
                    .containsExactlyInAnyOrder(there);
        }
    }
}
