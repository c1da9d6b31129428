package io.contree.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.Contree;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/sdk/filesystem.md. */
public interface FilesystemPage extends DocsPage {
    @Test
    default void fileSystem() throws IOException {
        Contree contree = contree();
        Path local = local();
        // docs: filesystem
        try (FileSystem files = contree.images().use("ubuntu:latest").fileSystem()) {
            Path etc = files.getPath("/etc");
            System.out.println(Files.readString(etc.resolve("os-release")));
            try (Stream<Path> configs = Files.walk(etc)) {
                PathMatcher conf = files.getPathMatcher("glob:/etc/**.conf");
                configs.filter(conf::matches).forEach(path -> System.out.println(path + " " + path.toUri()));
            }
            Files.copy(etc.resolve("passwd"), local.resolve("passwd-of-image"));
        }
        // end
        assertThat(printed()).startsWith("ID=ubuntu\n").contains("\n/etc/ssh/sshd.conf contree://127.0.0.1:");
        assertThat(local.resolve("passwd-of-image")).content().startsWith("root:");
    }

    @Test
    default void fileSystemByUri() throws IOException {
        Contree contree = contree();
        String address = contree.baseUrl().getAuthority() + "/" + ubuntu().uuid();
        // docs: filesystem-uri
        URI uri = URI.create("contree://" + address); // such as contree://127.0.0.1:8642/UUID
        try (FileSystem files = FileSystems.newFileSystem(uri, Map.of("client", contree))) {
            System.out.println(Files.exists(files.getPath("/etc/passwd")));
        }
        // end
        assertThat(printed()).isEqualTo("true\n");
    }
}
