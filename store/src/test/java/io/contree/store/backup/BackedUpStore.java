package io.contree.store.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.store.Image;
import io.contree.store.LayerId;
import io.contree.store.disk.Layout;
import io.contree.store.manifest.StackSums;
import io.contree.store.overlay.StoreFixture;
import io.contree.store.state.StateSums;
import io.contree.store.view.ViewMounts;
import io.contree.testkit.TreeSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** A store with short forms of what tests of backups do to it. */
final class BackedUpStore implements AutoCloseable {
    final StoreFixture store;
    final TextCatalog catalog;
    final Path directory;

    /** @param home where the store's data and everything else lies */
    BackedUpStore(Path home) {
        this.store = new StoreFixture(home.resolve("data"), Optional.empty(), 64);
        this.catalog = new TextCatalog(store.catalog, UUID.randomUUID());
        this.directory = home.resolve("backup");
    }

    Path log(UUID operation) {
        return log(store.layout(), operation);
    }

    static Path log(Layout layout, UUID operation) {
        return layout.operations().resolve(operation + ".log");
    }

    /** An operation with a log. */
    UUID operation(String log, boolean ended) throws IOException {
        UUID operation = UUID.randomUUID();
        Files.createDirectories(log(operation).getParent());
        Files.writeString(log(operation), log);
        catalog.operations.put(operation, ended);
        return operation;
    }

    BackupSummary backUp() {
        return backUp(directory, 3);
    }

    BackupSummary backUp(Path to, int keep) {
        return new Backup(store.layout(), catalog, this::log, progress -> {}).make(to, keep);
    }

    BackupSummary restore(Path data) {
        return restore(data, Optional.empty(), false);
    }

    BackupSummary restore(Path data, Optional<String> name, boolean skipDamaged) {
        return new Restore(catalog, BackedUpStore::log, skipDamaged, progress -> {}).into(directory, name, data);
    }

    /** What is looked at in a store on restored data. */
    interface Look {
        void at(StoreFixture restored) throws Exception;
    }

    /** Opens a store on restored data, with the records that this one has, and removes it. */
    void open(Path data, Look look) throws Exception {
        try (StoreFixture restored = new StoreFixture(data, store.catalog)) {
            look.at(restored);
        }
    }

    /**
     * Asserts that restored data show images as this store does, and that their sums are those of what they show; removes the data.
     */
    void assertSame(Path data, Image... images) throws Exception {
        open(data, restored -> {
            for (Image image : images) {
                shown(restored, image).assertSameAs(shown(store, image));
                assertThat(StackSums.addedUp(restored.stack(image)))
                        .isEqualTo(new StateSums(image.state(), image.content()));
                for (LayerId layer : image.layers()) {
                    assertThat(Files.mismatch(
                                    restored.layout().layer(layer).manifest(),
                                    store.layout().layer(layer).manifest()))
                            .isEqualTo(-1);
                }
            }
        });
    }

    private static TreeSnapshot shown(StoreFixture store, Image image) throws IOException {
        ViewMounts.ViewMount mount = store.views().use(image.layers());
        try {
            return TreeSnapshot.read(mount.root());
        } finally {
            store.views().release(image.layers());
        }
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
