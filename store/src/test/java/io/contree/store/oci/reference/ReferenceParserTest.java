package io.contree.store.oci.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.store.StoreException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceParserTest {
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @CsvSource({
        "busybox, docker.io/library/busybox:latest",
        "busybox:1.36, docker.io/library/busybox:1.36",
        "user/name, docker.io/user/name:latest",
        "docker://docker.io/library/busybox:latest, docker.io/library/busybox:latest",
        "docker://index.docker.io/busybox, docker.io/library/busybox:latest",
        "docker://127.0.0.1:5000/a/b:c, 127.0.0.1:5000/a/b:c",
        "localhost/x, localhost/x:latest",
        "docker://[::1]:5000/x:1, [::1]:5000/x:1",
        "ghcr.io/a/b/c:v1.2, ghcr.io/a/b/c:v1.2",
    })
    void registryReferences(String written, String meant) {
        assertThat(ReferenceParser.parse(written)).hasToString(meant);
    }

    @Test
    void aDigestWinsOverATag() {
        Reference.Remote image = (Reference.Remote) ReferenceParser.parse("docker://host.io/a:tag@" + DIGEST);
        assertThat(image.selector()).isEqualTo(DIGEST);
        assertThat(image.tag()).isEqualTo("tag");
    }

    @Test
    void uploadedFiles() {
        UUID file = UUID.fromString("01234567-89ab-8cde-8f01-23456789abcd");
        Place place = new Place.Upload(file);
        assertThat(ReferenceParser.parse("upload:rootfs:" + file)).isEqualTo(new Reference.RootFileSystem(place));
        assertThat(ReferenceParser.parse("upload:oci-archive:" + file + ":v:1"))
                .isEqualTo(new Reference.OciArchive(place, Optional.of("v:1")));
        assertThat(ReferenceParser.parse("upload:docker-archive:" + file))
                .isEqualTo(new Reference.DockerArchive(place, Optional.empty()))
                .hasToString("upload:docker-archive:" + file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "upload:",
                "upload:rootfs",
                "upload:rootfs:/etc/shadow",
                "upload:rootfs:01234567-89ab-8cde-8f01-23456789abcd:name",
                "upload:rootfs:01234567-89ab-8cde-8f01-23456789abcd/../x",
                "upload:oci:01234567-89ab-8cde-8f01-23456789abcd",
                "upload:oci-archive:01234567-89ab-8cde-8f01-23456789abcd:"
            })
    void uploadsThatCannotBe(String written) {
        assertThatThrownBy(() -> ReferenceParser.parse(written))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.INVALID));
    }

    @Test
    void pathsOfThisMachine() {
        assertThat(ReferenceParser.parse("rootfs:/a/b.tar"))
                .isEqualTo(new Reference.RootFileSystem(new Place.Local(Path.of("/a/b.tar"))));
        assertThat(ReferenceParser.parse("oci:/a/b:tag"))
                .isEqualTo(new Reference.OciLayout(Path.of("/a/b"), Optional.of("tag")));
        assertThat(ReferenceParser.parse("oci:/a:b/c"))
                .isEqualTo(new Reference.OciLayout(Path.of("/a:b/c"), Optional.empty()));
        assertThat(ReferenceParser.parse("docker-archive:/a.tar:name:1"))
                .isEqualTo(new Reference.DockerArchive(new Place.Local(Path.of("/a.tar")), Optional.of("name:1")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "docker://",
                "docker:///x",
                "https://host/x",
                "host.io/UPPER",
                "host.io/a//b",
                "host.io/../etc",
                "host.io/a:",
                "host.io/a:ta g",
                "host.io:0/a",
                "host.io:99999/a",
                "host.io/a@sha256:../../x",
                "host.io/a@sha256:0123",
                "host.io/a@md5:0123",
                "user:password@host.io/a",
                "rootfs:",
                "oci:",
                "docker-archive:",
                "-host.io/a",
                "host.io/a\nb",
                "host.io/a\0b",
            })
    void mistakesSayWhatIsWrongAndWhatThereIs(String written) {
        assertThatThrownBy(() -> ReferenceParser.parse(written))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.INVALID))
                .hasMessageContaining("Use docker://");
    }
}
