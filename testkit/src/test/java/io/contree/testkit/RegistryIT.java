package io.contree.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The registry, skopeo and our layouts against each other. */
@ExtendWith(LeakChecker.class)
class RegistryIT {
    @TempDir
    Path temp;

    @Test
    void whatIsPushedComesBack() throws Exception {
        try (LoopbackRegistry registry = LoopbackRegistry.open()) {
            Skopeo skopeo = new Skopeo(registry.credentials());
            skopeo.push(layout(), registry.host() + "/some/image:v1");
            skopeo.pull(registry.host() + "/some/image:v1", temp.resolve("back"), "v1");

            assertThat(blobs(temp.resolve("back"))).isEqualTo(blobs(temp.resolve("layout")));
            assertThat(skopeo.digest(registry.host() + "/some/image:v1")).startsWith("sha256:");
            assertThat(registry.requests()).anyMatch(request -> request.startsWith("GET /v2/some/image/blobs/sha256:"));
        }
    }

    @Test
    void basicAuthAsksForThePassword() throws Exception {
        try (LoopbackRegistry registry = LoopbackRegistry.withBasicAuth()) {
            assertGuarded(registry);
        }
    }

    @Test
    void tokenAuthAsksForAToken() throws Exception {
        try (LoopbackRegistry registry = LoopbackRegistry.withTokenAuth()) {
            assertGuarded(registry);
        }
    }

    @Test
    void closingEndsTheProcess() throws Exception {
        LeakChecker.Watch watch = LeakChecker.watch();
        LoopbackRegistry registry = LoopbackRegistry.open();
        assertThat(watch.leaks(Duration.ZERO)).anyMatch(leak -> leak.contains("docker-registry serve"));

        registry.close();

        assertThat(watch.leaks(Duration.ofSeconds(5))).noneMatch(leak -> leak.contains("docker-registry"));
    }

    private void assertGuarded(LoopbackRegistry registry) throws Exception {
        Path layout = layout();
        String reference = registry.host() + "/guarded:v1";
        assertThatThrownBy(() -> new Skopeo(Optional.empty()).push(layout, reference))
                .hasMessageContaining("exited with");
        LoopbackRegistry.Credentials wrong = new LoopbackRegistry.Credentials("contree", "wrong");
        assertThatThrownBy(() -> new Skopeo(Optional.of(wrong)).push(layout, reference))
                .hasMessageContaining("exited with");

        Skopeo skopeo = new Skopeo(registry.credentials());
        skopeo.push(layout, reference);
        assertThat(skopeo.digest(reference)).startsWith("sha256:");
    }

    private Path layout() throws Exception {
        Path tree = Files.createDirectory(temp.resolve("tree"));
        Files.writeString(tree.resolve("file"), "content");
        Path lower = RootFs.pack(tree, temp.resolve("lower.tar"));
        Files.writeString(tree.resolve("file"), "changed");
        Path upper = RootFs.pack(tree, temp.resolve("upper.tar"));
        return OciLayout.write(temp.resolve("layout"), "v1", List.of(lower, upper), List.of("A=b \"c\""));
    }

    private static List<String> blobs(Path layout) throws Exception {
        try (var files = Files.list(layout.resolve("blobs/sha256"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
