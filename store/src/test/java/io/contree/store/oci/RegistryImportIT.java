package io.contree.store.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.store.Image;
import io.contree.store.ImportSource;
import io.contree.store.Importer;
import io.contree.store.StoreException;
import io.contree.store.overlay.StoreFixture;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.LoopbackRegistry;
import io.contree.testkit.OciLayout;
import io.contree.testkit.Requirements;
import io.contree.testkit.Skopeo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Images of several layers from a registry: many imports at once, full disks, cancelling, and what must survive. */
@ExtendWith(LeakChecker.class)
class RegistryImportIT {
    @TempDir
    Path scratch;

    private LoopbackRegistry registry;
    private Path tree;
    private String reference;

    /** Three layers that change each other, and the tree that they make together. */
    @BeforeEach
    void push() throws Exception {
        Requirements.root();
        tree = Files.createDirectory(scratch.resolve("tree"));
        List<Path> layers = new ArrayList<>();
        for (String change : List.of(
                "mkdir bin etc; head -c 3000000 /dev/urandom > bin/large; cp /bin/true bin/ping; echo a > etc/a; echo b > etc/b",
                "setcap cap_net_raw+ep bin/ping; setfattr -n user.note -v kept etc/a; rm etc/b",
                "echo c > etc/c; ln etc/c etc/d; chmod 4711 bin/ping; setcap cap_net_raw+ep bin/ping; mkfifo etc/pipe")) {
            shell(change + "; find . ! -type d -exec touch -h -d @1700000000 {} +");
            layers.add(layer(layers.size()));
        }
        registry = LoopbackRegistry.open();
        Path layout = OciLayout.write(scratch.resolve("layout"), "1", layers, List.of());
        reference = registry.host() + "/box:1";
        new Skopeo(registry.credentials()).push(layout, reference);
        reference = "docker://" + reference;
    }

    /** Everything that is there, and whiteouts for what is gone; an import finds out which of it changed. */
    private Path layer(int number) throws Exception {
        Path staged = scratch.resolve("staged-" + number);
        Path tar = scratch.resolve("layer-" + number + ".tar");
        shell("cp -a . " + staged + "; cd " + staged + (number == 1 ? "; touch etc/.wh.b" : "")
                + "; tar --format=posix --xattrs --xattrs-include='*' --numeric-owner -cf " + tar + " .");
        return tar;
    }

    private void shell(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-ec", command)
                .directory(tree.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).as(command).isZero();
    }

    @AfterEach
    void close() throws IOException {
        if (registry != null) {
            registry.close();
        }
    }

    private Image importFrom(StoreFixture store, String from, Importer.Progress progress) {
        ImportSource source = new ImportSource(from, Optional.empty(), Duration.ofMinutes(1));
        return store.store().importer().importImage(source, progress).image();
    }

    private Image importFrom(StoreFixture store, String from) {
        return importFrom(store, from, (what, done, total) -> {});
    }

    @Test
    void layersAreTheSameImageAsTheirTreeWithCapabilitiesAndAttributes() throws Exception {
        Path tar = scratch.resolve("whole.tar");
        shell("tar --format=posix --xattrs --xattrs-include='*' --numeric-owner -cf " + tar + " .");
        Path bare = scratch.resolve("bare.tar");
        shell("tar --format=posix --numeric-owner -cf " + bare + " .");
        try (StoreFixture store = new StoreFixture()) {
            Image image = importFrom(store, reference);
            assertThat(image.layers()).hasSize(3);
            assertThat(importFrom(store, "rootfs:" + tar).uuid()).isEqualTo(image.uuid());
            assertThat(importFrom(store, "rootfs:" + tree).uuid()).isEqualTo(image.uuid());
            assertThat(importFrom(store, "rootfs:" + bare).uuid())
                    .as("attributes are part of the state")
                    .isNotEqualTo(image.uuid());
        }
    }

    @Test
    void importsOfOneChainAtOnceDoTheWorkOnce() throws Exception {
        try (StoreFixture store = new StoreFixture();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Image>> imports = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                imports.add(() -> importFrom(store, reference));
            }
            Set<Image> images = new HashSet<>();
            for (var done : threads.invokeAll(imports)) {
                images.add(done.get());
            }
            assertThat(images).hasSize(1);
            assertThat(store.catalog.layers()).hasSize(3);
            assertThat(store.children(store.layout().data().resolve("tmp"))).isEmpty();
            assertThat(store.read(images.iterator().next(), "etc/c")).isEqualTo("c\n");
        }
    }

    @Test
    void aDiskThatGetsFullDuringADownloadLeavesNothing() throws Exception {
        Path small = Files.createDirectory(scratch.resolve("small"));
        shell("mount -t tmpfs -o size=2M tmpfs " + small);
        try (StoreFixture full = new StoreFixture(small.resolve("data"), Optional.empty(), 64)) {
            assertThatThrownBy(() -> importFrom(full, reference))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.DISK_FULL))
                    .hasMessageContaining("full");
            assertThat(full.catalog.layers()).isEmpty();
            assertThat(full.children(full.layout().data().resolve("tmp"))).isEmpty();
        } finally {
            shell("umount " + small);
        }
    }

    @Test
    void anImportThatIsCancelledInTheMiddleLeavesNothing() throws Exception {
        AtomicBoolean cancelled = new AtomicBoolean();
        Importer.Progress progress = new Importer.Progress() {
            @Override
            public void step(String what, long done, long total) {
                cancelled.set(done > 0);
            }

            @Override
            public boolean cancelled() {
                return cancelled.get();
            }
        };
        try (StoreFixture store = new StoreFixture()) {
            assertThatThrownBy(() -> importFrom(store, reference, progress))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CANCELLED));
            assertThat(cancelled).as("something had come").isTrue();
            assertThat(store.catalog.layers()).isEmpty();
            assertThat(store.children(store.layout().data().resolve("tmp"))).isEmpty();
            assertThat(importFrom(store, reference).layers())
                    .as("a later import")
                    .hasSize(3);
        }
    }
}
