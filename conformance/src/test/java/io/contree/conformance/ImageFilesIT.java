package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sdk.Contree;
import io.contree.testkit.RootFs;
import io.contree.testkit.SnapshotEntry;
import io.contree.testkit.TreeSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;

/** An image as a file system of the JDK, held against the archive that the server makes of it. */
@Isolated("counts what clients spool")
class ImageFilesIT extends ServerSuite {
    @Override
    boolean movesMuch() {
        return true;
    }

    private Contree client(URI uri) throws IOException {
        return Contree.builder().baseUrl(uri.toString()).token(server.token()).build();
    }

    @Test
    void walkingDebianFindsTheArchiveWithOneRequestForADirectory() throws Exception {
        String image = api.importImage("rootfs:" + RootFs.debianTar(), "debian:walked");
        Map<String, SnapshotEntry> archived = archived(image, false);
        try (CountingProxy proxy = new CountingProxy(server.uri());
                Contree contree = client(proxy.uri());
                FileSystem files = contree.images().use(image).fileSystem()) {
            Map<String, SnapshotEntry> walked = WalkedTree.of(files, false);
            long directories =
                    walked.values().stream().filter(SnapshotEntry::isDirectory).count();
            assertThat(walked).isEqualTo(archived).hasSizeGreaterThan(3000);
            assertThat(proxy.requests())
                    .doesNotHaveDuplicates()
                    .hasSize((int) directories)
                    .allMatch(line -> line.contains("/list?"));
            assertThat(Files.readString(files.getPath("/etc/debian_version"))).startsWith("12");
            assertThat(proxy.requests()).hasSize((int) directories + 1);
        }
    }

    @Test
    void namesOfAnyBytesDevicesAndHardLinksAreThere() throws Exception {
        JsonNode made = api.shell(box, """
                mkdir "/odd" && cd /odd && d="$(printf 'd\\377\\303')" && mkdir "$d" && echo deep > "$d/$(printf 'f\\200')"
                ln -s "$(printf 't\\376')" link && echo x > 'new
                line' && ln "new
                line" second && mkfifo pipe && echo p > 'per%20cent+plus' && chown 7:8 pipe && chmod 4751 second
                mkdir 'back\\slash' && touch 'ünïcode' && touch -d '1969-01-01' old
                """);
        String image = made.at("/result/image").asString();
        try (Contree contree = client(server.uri());
                FileSystem files = contree.images().use(image).fileSystem()) {
            assertThat(WalkedTree.of(files, true)).isEqualTo(archived(image, true));
            Path deep = files.getPath("/odd/d\udcff\udcc3/f\udc80");
            assertThat(Files.readString(deep)).isEqualTo("deep\n");
            assertThat(Path.of(deep.toUri())).isEqualTo(deep);
            assertThat(Files.readSymbolicLink(files.getPath("/odd/link"))).isEqualTo(files.getPath("t\udcfe"));
            assertThat(Files.isSameFile(files.getPath("/odd/second"), files.getPath("/odd/new\nline")))
                    .isTrue();
            assertThat(Files.readString(files.getPath("/odd/per%20cent+plus"))).isEqualTo("p\n");
        }
    }

    @Test
    void uriOpensAnImage() throws Exception {
        URI uri = URI.create("contree://" + server.uri().getAuthority() + "/" + box + "!/etc/group");
        assertThatThrownBy(() -> Path.of(uri)).isInstanceOf(FileSystemNotFoundException.class);
        try (FileSystem files = FileSystems.newFileSystem(uri, Map.of("token", server.token()))) {
            assertThat(Path.of(uri)).isEqualTo(files.getPath("/etc/group"));
            assertThat(Files.readString(Path.of(uri))).startsWith("root:");
            Path copy = Files.copy(Path.of(uri), home.resolve("group"));
            assertThat(copy).hasContent(Files.readString(root.resolve("etc/group")));
        }
        URI absent = URI.create("contree://" + server.uri().getAuthority() + "/" + UUID.randomUUID());
        assertThatThrownBy(() -> FileSystems.newFileSystem(absent, Map.of("token", server.token())))
                .isInstanceOf(FileSystemNotFoundException.class);
    }

    @Test
    void hugeFilesPassThrough() throws Exception {
        JsonNode made = api.shell(box, "truncate -s 600M /huge && echo end >> /huge");
        String image = made.at("/result/image").asString();
        try (Contree contree = client(server.uri());
                FileSystem files = contree.images().use(image).fileSystem();
                Stream<Path> spools = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            List<Path> before = spools.toList();
            Path huge = files.getPath("/huge");
            // The test's own memory is smaller than the file.
            assertThat(Files.copy(huge, java.io.OutputStream.nullOutputStream()))
                    .isEqualTo((600L << 20) + 4);
            try (var channel = Files.newByteChannel(huge)) {
                channel.position(600L << 20);
                var end = java.nio.ByteBuffer.allocate(10);
                assertThat(channel.read(end)).isEqualTo(4);
                assertThat(new String(end.array(), 0, 4, StandardCharsets.UTF_8))
                        .isEqualTo("end\n");
                channel.position(0);
                assertThat(channel.read(java.nio.ByteBuffer.allocate(10))).isEqualTo(10);
            }
            try (Stream<Path> after = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
                assertThat(after.filter(path -> !before.contains(path))
                                .filter(path -> path.toString().endsWith(".spool")))
                        .isEmpty();
            }
        }
    }

    /** The archive of a whole image, unpacked by GNU tar. */
    private Map<String, SnapshotEntry> archived(String image, boolean withContent) throws Exception {
        Path tar = home.resolve(image + ".tar");
        Path out = Files.createDirectory(home.resolve(image));
        try (InputStream archive = contree.images().use(image).archive("/")) {
            Files.copy(archive, tar);
        }
        RootFs.unpack(tar, out);
        Map<String, SnapshotEntry> entries = new TreeMap<>();
        TreeSnapshot.read(out)
                .withoutDirectoryTimes()
                .entries()
                .forEach((path, entry) -> entries.put(path, WalkedTree.comparable(entry, withContent)));
        return entries;
    }
}
