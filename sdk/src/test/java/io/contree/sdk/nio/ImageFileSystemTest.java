package io.contree.sdk.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory as an image: the JDK's own view of it says what is right. */
class ImageFileSystemTest {
    private static final FileTime MODIFIED = FileTime.from(Instant.ofEpochSecond(1, 123_456_789));

    @TempDir
    Path root;

    private LocalTree tree;
    private FileSystem files;

    @BeforeEach
    void fill() throws IOException {
        Files.createDirectories(root.resolve("usr/bin"));
        Files.createDirectories(root.resolve("etc/alternatives"));
        Files.writeString(root.resolve("usr/bin/awk"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(root.resolve("usr/bin/awk"), PosixFilePermissions.fromString("rwxr-x--x"));
        Files.writeString(root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nanna:x:1000:1000::/:\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\nstaff:x:50:\n");
        Files.writeString(root.resolve("etc/hällo wörld"), "hi");
        Files.setLastModifiedTime(root.resolve("etc/group"), MODIFIED);
        Files.createLink(root.resolve("usr/bin/awk2"), root.resolve("usr/bin/awk"));
        Files.createSymbolicLink(root.resolve("bin"), Path.of("usr/bin"));
        Files.createSymbolicLink(root.resolve("usr/bin/nawk"), Path.of("../../bin/awk"));
        Files.createSymbolicLink(root.resolve("etc/alternatives/awk"), Path.of("/bin/nawk"));
        Files.createSymbolicLink(root.resolve("etc/nowhere"), Path.of("absent/file"));
        Files.createSymbolicLink(root.resolve("etc/loop"), Path.of("../etc/loop2"));
        Files.createSymbolicLink(root.resolve("etc/loop2"), Path.of("loop"));
        Files.createSymbolicLink(root.resolve("usr/up"), Path.of(".."));
        tree = new LocalTree(root);
        files = ImageFileSystemProvider.open(tree);
    }

    @AfterEach
    void close() throws IOException {
        files.close();
    }

    @Test
    void walksTheSameTreeAtOneRequestPerDirectory() throws IOException {
        Map<String, String> expected = described(root, root);
        assertThat(described(files.getPath("/"), files.getPath("/"))).isEqualTo(expected);
        long directories = expected.values().stream()
                .filter(line -> line.contains("isDirectory=true"))
                .count();
        assertThat(tree.requests()).doesNotHaveDuplicates().hasSize((int) directories);
    }

    @Test
    void walksWithoutWhatOnlySomeServersSay() throws IOException {
        try (FileSystem plain = ImageFileSystemProvider.open(new LocalTree(root, false));
                Stream<Path> found = Files.walk(plain.getPath("/"))) {
            assertThat(found.map(Path::toString)).containsExactlyInAnyOrderElementsOf(pathsOf(root));
            assertThat(Files.getAttribute(plain.getPath("/"), "unix:mode")).isEqualTo(0040755);
            assertThat(Files.getLastModifiedTime(plain.getPath("/etc/group"))).isEqualTo(FileTime.fromMillis(1_000));
        }
    }

    private static List<String> pathsOf(Path root) throws IOException {
        try (Stream<Path> found = Files.walk(root)) {
            return found.map(path -> "/" + root.relativize(path)).toList();
        }
    }

    /** Everything that both file systems can say, by path. */
    private static Map<String, String> described(Path root, Path start) throws IOException {
        Map<String, String> described = new TreeMap<>();
        try (Stream<Path> found = Files.walk(start)) {
            for (Path path : (Iterable<Path>) found::iterator) {
                Map<String, Object> attributes =
                        new TreeMap<>(Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS));
                // Not part of an image.
                List.of("creationTime", "lastAccessTime", "ctime", "dev", "rdev", "fileKey")
                        .forEach(attributes::remove);
                attributes.put("owner", String.valueOf(attributes.get("owner")));
                attributes.put("group", String.valueOf(attributes.get("group")));
                if (Files.isSymbolicLink(path)) {
                    attributes.put("link", Files.readSymbolicLink(path).toString());
                }
                described.put(root.relativize(path).toString(), attributes.toString());
            }
        }
        return described;
    }

    @Test
    void followsLinksInsideOfTheImage() throws IOException {
        assertThat(Files.readString(files.getPath("/usr/up/usr/bin/awk"))).isEqualTo("#!/bin/sh\n");
        assertThat(files.getPath("/bin/nawk").toRealPath()).hasToString("/usr/bin/awk");
        assertThat(files.getPath("/etc/alternatives/awk").toRealPath()).hasToString("/usr/bin/awk");
        assertThat(files.getPath("/bin/../../../etc/./group").toRealPath()).hasToString("/etc/group");
        assertThat(files.getPath("bin").toRealPath()).hasToString("/usr/bin");
        assertThat(files.getPath("").toRealPath()).hasToString("/");
        assertThat(files.getPath("/bin/nawk").toRealPath(LinkOption.NOFOLLOW_LINKS))
                .hasToString("/bin/nawk");
        String unfollowed = "bin/../../etc/../usr/./bin";
        assertThat(files.getPath("/" + unfollowed).toRealPath(LinkOption.NOFOLLOW_LINKS))
                .hasToString("/bin/../../usr/bin");
        assertThat(root.resolve(unfollowed).toRealPath(LinkOption.NOFOLLOW_LINKS))
                .as("as the JDK does")
                .isEqualTo(root.resolve("bin/../../usr/bin"));
        assertThat(Files.isSameFile(files.getPath("/bin/awk"), files.getPath("/usr/bin/nawk")))
                .isTrue();
        assertThat(Files.isSameFile(files.getPath("/usr/bin/awk"), files.getPath("/usr/bin/awk2")))
                .as("hard links")
                .isTrue();
        assertThat(Files.isSameFile(files.getPath("/usr/bin/awk"), files.getPath("/etc/group")))
                .isFalse();
    }

    @Test
    void linksThatLeadNowhereSayWhere() {
        refused(() -> Files.size(files.getPath("/etc/nowhere")), NoSuchFileException.class);
        refused(() -> files.getPath("/etc/loop").toRealPath(), FileSystemException.class);
        refused(() -> Files.size(files.getPath("/etc/loop/x")), FileSystemException.class);
        refused(() -> Files.readString(files.getPath("/etc/loop")), FileSystemLoopException.class);
        refused(() -> Files.size(files.getPath("/etc/group/x")), FileSystemException.class);
        refused(() -> Files.size(files.getPath("/absent")), NoSuchFileException.class);
        refused(() -> Files.readString(files.getPath("/absent")), NoSuchFileException.class);
        refused(() -> Files.readString(files.getPath("/etc")), FileSystemException.class);
        refused(() -> Files.readSymbolicLink(files.getPath("/etc/group")), NotLinkException.class);
        refused(() -> Files.list(files.getPath("/etc/group")), NotDirectoryException.class);
        assertThat(Files.exists(files.getPath("/etc/nowhere"))).isFalse();
        assertThat(Files.exists(files.getPath("/etc/nowhere"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
        assertThat(Files.exists(files.getPath("/etc/loop"))).isFalse();
        refused(
                () -> Files.newByteChannel(files.getPath("/bin/nawk"), LinkOption.NOFOLLOW_LINKS),
                FileSystemException.class);
    }

    private static void refused(ThrowingCallable call, Class<? extends Throwable> type) {
        assertThatThrownBy(call).isInstanceOf(type);
    }

    @Test
    void walkingOverLinksEndsAtLoops() {
        assertThatThrownBy(() -> {
                    try (Stream<Path> found = Files.walk(files.getPath("/"), FileVisitOption.FOLLOW_LINKS)) {
                        found.forEach(path -> {});
                    }
                })
                .hasCauseInstanceOf(java.nio.file.FileSystemLoopException.class);
    }

    @Test
    void attributesHaveTheNamesAndTypesOfTheJdk() throws IOException {
        Path path = files.getPath("/bin/awk");
        Path local = root.resolve("bin/awk");
        Map<String, Object> mine = Files.readAttributes(path, "unix:*");
        Map<String, Object> theirs = Files.readAttributes(local, "unix:*");
        assertThat(mine.keySet()).isEqualTo(theirs.keySet());
        theirs.forEach((name, value) -> {
            if (!List.of("owner", "group", "fileKey").contains(name)) {
                assertThat(mine.get(name)).as(name).isInstanceOf(value.getClass());
            }
        });
        assertThat(Files.readAttributes(path, "size,isOther")).containsOnlyKeys("size", "isOther");
        assertThat(Files.getAttribute(path, "unix:uid")).isEqualTo(Files.getAttribute(local, "unix:uid"));
        assertThat(Files.getAttribute(path, "unix:nlink")).isEqualTo(2);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rwxr-x--x");
        PosixFileAttributes posix =
                Files.getFileAttributeView(path, PosixFileAttributeView.class).readAttributes();
        assertThat(posix.owner()).hasToString(Files.getOwner(local).toString());
        assertThat(Files.getFileAttributeView(path, FileOwnerAttributeView.class)
                        .getOwner())
                .isEqualTo(posix.owner());
        assertThat(Files.getFileAttributeView(path, UserDefinedFileAttributeView.class))
                .isNull();
        refused(() -> Files.readAttributes(path, "size,taste"), IllegalArgumentException.class);
        refused(() -> Files.readAttributes(path, "dos:*"), UnsupportedOperationException.class);
        refused(
                () -> Files.readAttributes(path, java.nio.file.attribute.DosFileAttributes.class),
                UnsupportedOperationException.class);
    }

    @Test
    void usersAndGroupsAreThoseOfTheImage() throws IOException {
        var principals = files.getUserPrincipalLookupService();
        assertThat(principals.lookupPrincipalByName("anna")).isEqualTo(new ImageUser(1000, "anna"));
        assertThat(principals.lookupPrincipalByGroupName("staff")).isEqualTo(new ImageGroup(50, "staff"));
        assertThat(principals.lookupPrincipalByName("77")).isEqualTo(new ImageUser(77, "77"));
        refused(() -> principals.lookupPrincipalByName("nobody"), UserPrincipalNotFoundException.class);
    }

    @Test
    void accessIsToReadAndWhereThereIsAnXToExecute() {
        assertThat(Files.isReadable(files.getPath("/etc/group"))).isTrue();
        assertThat(Files.isWritable(files.getPath("/etc/group"))).isFalse();
        assertThat(Files.isExecutable(files.getPath("/etc/group"))).isFalse();
        assertThat(Files.isExecutable(files.getPath("/bin/awk"))).isTrue();
        refused(
                () -> files.provider().checkAccess(files.getPath("/etc/group"), AccessMode.WRITE),
                AccessDeniedException.class);
    }

    @Test
    void nothingCanBeWritten(@TempDir Path local) throws IOException {
        Path path = files.getPath("/etc/group");
        Path fresh = files.getPath("/etc/fresh");
        Path source = Files.writeString(local.resolve("source"), "x");
        List<ThrowingCallable> writes = List.of(
                () -> Files.writeString(fresh, "x"),
                () -> Files.newByteChannel(path, StandardOpenOption.APPEND),
                () -> Files.newByteChannel(path, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE),
                () -> Files.newOutputStream(path),
                () -> Files.createDirectory(fresh),
                () -> Files.createSymbolicLink(fresh, path),
                () -> Files.createLink(fresh, path),
                () -> Files.delete(path),
                () -> Files.deleteIfExists(path),
                () -> Files.copy(path, fresh),
                () -> Files.copy(source, fresh),
                () -> Files.move(path, fresh),
                () -> Files.setLastModifiedTime(path, FileTime.fromMillis(0)),
                () -> Files.setPosixFilePermissions(path, java.util.Set.of()),
                () -> Files.setAttribute(path, "unix:mode", 0777),
                () -> Files.setOwner(path, Files.getOwner(path)));
        for (int i = 0; i < writes.size(); i++) {
            assertThatThrownBy(writes.get(i)).as("write %d", i).isInstanceOf(ReadOnlyFileSystemException.class);
        }
        assertThat(files.isReadOnly()).isTrue();
        assertThat(Files.getFileStore(path).isReadOnly()).isTrue();
    }

    @Test
    void copiesToThisMachine(@TempDir Path local) throws IOException {
        Path target = local.resolve("group");
        Files.copy(files.getPath("/etc/group"), target, StandardCopyOption.COPY_ATTRIBUTES);
        assertThat(target).hasSameTextualContentAs(root.resolve("etc/group"));
        assertThat(Files.getLastModifiedTime(target)).isEqualTo(MODIFIED);
    }

    @Test
    void directoriesAreStreamedWithPatterns() throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(files.getPath("/etc"), "{g,p}*")) {
            assertThat(found).map(Path::toString).containsExactly("/etc/group", "/etc/passwd");
            refused(found::iterator, IllegalStateException.class);
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(files.getPath("etc/alternatives"))) {
            assertThat(found).map(Path::toString).containsExactly("etc/alternatives/awk");
        }
        try (Stream<Path> found = Files.find(
                files.getPath("/"),
                9,
                (path, attributes) -> files.getPathMatcher("glob:/**/h*ö*").matches(path))) {
            assertThat(found.map(Path::toString)).containsExactly("/etc/hällo wörld");
        }
        assertThat(Files.readString(files.getPath("/etc/hällo wörld"))).isEqualTo("hi");
    }

    @Test
    void urisLeadBack() throws Exception {
        Path path = files.getPath("/etc/hällo wörld");
        URI uri = path.toUri();
        assertThat(uri).hasToString("contree://127.0.0.1:8642/" + LocalTree.IMAGE + "!/etc/h%C3%A4llo%20w%C3%B6rld");
        assertThat(Path.of(uri)).isEqualTo(path);
        assertThat(Files.readString(Path.of(uri))).isEqualTo("hi");
        assertThat(files.getPath("etc").toUri()).isEqualTo(files.getPath("/etc").toUri());
        assertThat(FileSystems.getFileSystem(uri)).isEqualTo(files);
        assertThat(FileSystems.getFileSystem(URI.create("contree://127.0.0.1:8642/" + LocalTree.IMAGE)))
                .isEqualTo(files);
        refused(() -> Path.of(URI.create("contree://127.0.0.1:8642/etc")), IllegalArgumentException.class);
        files.close();
        refused(() -> Path.of(uri), FileSystemNotFoundException.class);
    }

    @Test
    void afterClosingNothingIsOpen() throws IOException {
        Path path = files.getPath("/etc/group");
        var channel = Files.newByteChannel(path);
        files.close();
        files.close();
        assertThat(files.isOpen()).isFalse();
        assertThat(channel.isOpen()).isFalse();
        List<ThrowingCallable> uses = List.of(
                () -> Files.readString(path),
                () -> Files.newInputStream(path),
                () -> Files.list(files.getPath("/")),
                () -> Files.readAttributes(path, BasicFileAttributes.class),
                path::toRealPath,
                () -> Files.delete(path));
        uses.forEach(use -> refused(use, ClosedFileSystemException.class));
        assertThat(path.resolveSibling("passwd")).hasToString("/etc/passwd");
    }

    @Test
    void streamsAndChannelsOfTheJdkWork() throws Exception {
        Path path = files.getPath("/etc/passwd");
        byte[] expected = Files.readAllBytes(root.resolve("etc/passwd"));
        assertThat(Files.readAllBytes(path)).isEqualTo(expected);
        try (Stream<String> lines = Files.lines(path, StandardCharsets.UTF_8)) {
            assertThat(lines).hasSize(2);
        }
        try (var channel = java.nio.channels.FileChannel.open(path)) {
            var mapped = channel.map(java.nio.channels.FileChannel.MapMode.READ_ONLY, 0, channel.size());
            byte[] read = new byte[mapped.remaining()];
            mapped.get(read);
            assertThat(read).isEqualTo(expected);
        }
        try (var channel = java.nio.channels.AsynchronousFileChannel.open(path)) {
            var buffer = java.nio.ByteBuffer.allocate(4);
            assertThat(channel.read(buffer, 5).get()).isEqualTo(4);
            assertThat(new String(buffer.array(), StandardCharsets.UTF_8)).isEqualTo("x:0:");
        }
    }
}
