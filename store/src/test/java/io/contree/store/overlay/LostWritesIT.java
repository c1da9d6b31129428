package io.contree.store.overlay;

import static io.contree.store.overlay.StoreFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.linux.RawPath;
import io.contree.store.Checkout;
import io.contree.store.Image;
import io.contree.store.ImageView;
import io.contree.store.LayerWriter;
import io.contree.store.StoreException;
import io.contree.store.StoredFile;
import io.contree.testkit.FailingDisk;
import io.contree.testkit.LeakChecker;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the disk lost is never acknowledged, whoever saw the failure first, and everything else goes on. */
@ExtendWith(LeakChecker.class)
class LostWritesIT {
    private static final int LARGE = 4 << 20;

    private static StoreFixture store(FailingDisk disk) {
        return new StoreFixture(disk.path().resolve("data"), Optional.empty(), 64);
    }

    private static byte[] bytes(int seed) {
        byte[] bytes = new byte[LARGE];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void aRunWhoseBytesAreLostIsNotKeptAndTheNextOneIs() throws Exception {
        try (FailingDisk disk = FailingDisk.make();
                StoreFixture store = store(disk)) {
            Image base = store.base();
            try (Checkout checkout = store.store().checkout(base)) {
                disk.fail();
                Files.write(checkout.root().resolve("lost"), bytes(1));
                assertThatThrownBy(() -> checkout.commit(base.env(), base.cwd()))
                        .isInstanceOf(StoreException.class)
                        .hasMessageNotContaining(disk.path().toString());
            }
            disk.heal();
            Image kept = store.after(base, root -> Files.write(root.resolve("kept"), bytes(2)));

            assertThat(store.children(store.layout().layers())).hasSize(2);
            store.reopen(disk::forget);
            try (ImageView view = store.store().view(kept);
                    var content = view.open(new RawPath("kept")).bytes()) {
                assertThat(content.readAllBytes()).isEqualTo(bytes(2));
            }
        }
    }

    /** Somebody else's file fails, and somebody else's flush of the whole disk is told: the run's own flush would not be. */
    @Test
    void aLossThatAnotherFlushSawIsNotMissed() throws Exception {
        try (FailingDisk disk = FailingDisk.make();
                StoreFixture store = store(disk)) {
            Image base = store.base();
            try (Checkout checkout = store.store().checkout(base);
                    LayerWriter layer = store.store().layers().write(List.of())) {
                for (int i = 0; i < 20; i++) {
                    StoreFixture.file(layer, "f" + i, "x");
                }
                disk.fail();
                Files.write(checkout.root().resolve("lost"), bytes(1));
                layer.file(new RawPath("lost"), StoreFixture.FILE, new ByteArrayInputStream(bytes(3)));
                assertThat(disk.flushElsewhere()).isTrue();
                disk.heal();
                assertThat(disk.flushElsewhere()).isFalse();

                assertThatThrownBy(() -> checkout.commit(base.env(), base.cwd()))
                        .isInstanceOf(StoreException.class);
                assertThatThrownBy(layer::finish).isInstanceOf(StoreException.class);
            }
            assertThat(store.after(base, root -> shell(root, "echo fine > f"))).isNotEqualTo(base);
        }
    }

    @Test
    void anErrorThatNobodySawDoesNotKeepRunsFromStarting() throws Exception {
        try (FailingDisk disk = FailingDisk.make();
                StoreFixture store = store(disk)) {
            Image base = store.base();
            disk.fail();
            disk.loseOtherFile();
            disk.heal();

            Image next = store.after(base, root -> shell(root, "echo fine > f"));

            assertThat(store.read(next, "f")).isEqualTo("fine\n");
        }
    }

    @Test
    void anUploadThatIsLostIsRefusedAndCanBeSentAgain() throws Exception {
        try (FailingDisk disk = FailingDisk.make();
                StoreFixture store = store(disk)) {
            disk.fail();
            assertThatThrownBy(() -> store.store().files().put(new ByteArrayInputStream(bytes(1))))
                    .isInstanceOf(StoreException.class)
                    .hasMessageNotContaining(disk.path().toString());
            assertThat(store.catalog.files()).isEmpty();
            disk.heal();
            StoredFile file = store.store().files().put(new ByteArrayInputStream(bytes(1)));
            store.reopen(disk::forget);
            assertThat(store.layout().file(file.digest())).hasBinaryContent(bytes(1));
        }
    }
}
