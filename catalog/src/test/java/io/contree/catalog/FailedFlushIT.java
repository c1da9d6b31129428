package io.contree.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.store.StoreException;
import io.contree.store.disk.CatalogLink;
import io.contree.testkit.FailingDisk;
import io.contree.testkit.LeakChecker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A disk that fails once must not take with it what is confirmed afterwards. */
@ExtendWith(LeakChecker.class)
class FailedFlushIT {
    private static final int MOST = 500;

    @Test
    void nothingIsConfirmedAfterAFailedFlushUntilTheCatalogIsProved() throws Exception {
        try (FailingDisk disk = FailingDisk.make()) {
            Path data = Files.createDirectory(disk.path().resolve("data"));
            List<UUID> confirmed = new ArrayList<>();
            try (SqlCatalog catalog = SqlCatalog.serve(CatalogLink.of(data))) {
                for (int i = 0; i < 20; i++) {
                    confirmed.add(config(catalog));
                }
                disk.fail();
                StoreException failure = untilFailure(catalog, confirmed);
                assertThat(failure.kind()).isEqualTo(StoreException.Kind.STOPPED);
                assertThat(failure).hasMessageContaining("the disk failed under its catalog");
                assertThat(catalog.stop()).isCompletedWithValue(failure);
                disk.heal();

                for (int i = 0; i < 5; i++) {
                    assertThatThrownBy(() -> config(catalog)).isSameAs(failure);
                }
                assertThat(catalog.images().config(confirmed.getLast())).isPresent();
            }
            disk.forget();
            try (SqlCatalog catalog = SqlCatalog.serve(CatalogLink.of(data))) {
                assertThat(confirmed)
                        .allSatisfy(image ->
                                assertThat(catalog.images().config(image)).isPresent());
                confirmed.add(config(catalog));
            }
            disk.forget();
            try (SqlCatalog catalog = SqlCatalog.serve(CatalogLink.of(data))) {
                assertThat(confirmed)
                        .allSatisfy(image ->
                                assertThat(catalog.images().config(image)).isPresent());
            }
        }
    }

    /** Records something large. */
    private static UUID config(SqlCatalog catalog) {
        UUID image = UUID.randomUUID();
        byte[] bytes = new byte[100_000];
        new Random(image.getLeastSignificantBits()).nextBytes(bytes);
        catalog.images().recordConfig(image, bytes);
        return image;
    }

    private static StoreException untilFailure(SqlCatalog catalog, List<UUID> confirmed) {
        for (int i = 0; i < MOST; i++) {
            try {
                confirmed.add(config(catalog));
            } catch (StoreException e) {
                return e;
            }
        }
        throw new AssertionError("the disk did not fail");
    }
}
