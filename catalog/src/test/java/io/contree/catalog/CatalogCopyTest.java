package io.contree.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.store.Digest;
import io.contree.store.StoreException;
import io.contree.store.StoredFile;
import io.contree.store.disk.CatalogLink;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy of a catalog is what was recorded at one moment, and stays that. */
class CatalogCopyTest {
    @TempDir
    private Path directory;

    private static StoredFile file(int number) {
        Digest digest = Digest.ofContent(
                ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
        return new StoredFile(digest.uuid(), digest, number, Instant.EPOCH);
    }

    @Test
    void hasAllThatWasAcknowledgedBefore() throws Exception {
        CatalogLink link = CatalogLink.of(directory);
        try (SqlCatalog serving = SqlCatalog.serve(link)) {
            Set<Digest> acknowledged = ConcurrentHashMap.newKeySet();
            AtomicBoolean end = new AtomicBoolean();
            Thread writer = Thread.ofPlatform().start(() -> {
                for (int i = 0; !end.get(); i++) {
                    acknowledged.add(serving.images().recordFile(file(i)).digest());
                }
            });
            try {
                for (int i = 0; i < 10; i++) {
                    Set<Digest> before = Set.copyOf(acknowledged);
                    Path copy = directory.resolve("copies/" + i + "/catalog #1 %20.db");
                    Files.createDirectories(copy.getParent());
                    try (SqlCatalog beside = SqlCatalog.administer(link)) {
                        beside.copyTo(copy);
                    }
                    byte[] bytes = Files.readAllBytes(copy);
                    try (CatalogCopy read = CatalogCopy.open(copy)) {
                        assertThat(read.files()).containsAll(before);
                        assertThat(read.generation().number()).isEqualTo(1);
                        assertThat(read.layers()).isEmpty();
                        assertThat(copy.getParent()).isDirectoryNotContaining(path -> !path.equals(copy));
                    }
                    assertThat(copy).hasBinaryContent(bytes);
                }
            } finally {
                end.set(true);
                writer.join();
            }
        }
    }

    @Test
    void isACatalogThatCanBeServed() throws Exception {
        Path fresh = Files.createDirectory(directory.resolve("fresh"));
        try (SqlCatalog serving = SqlCatalog.serve(CatalogLink.of(directory))) {
            serving.images().recordFile(file(1));
            serving.copyTo(fresh.resolve("catalog.db"));
        }
        try (CatalogCopy copy = CatalogCopy.open(fresh.resolve("catalog.db"))) {
            CatalogLink.of(fresh).record(copy.generation());
        }
        try (SqlCatalog serving = SqlCatalog.serve(CatalogLink.of(fresh))) {
            assertThat(serving.images().files()).containsExactly(file(1).digest());
        }
    }

    @Test
    void anExistingFileIsNotWrittenTo() throws Exception {
        Path other = Files.writeString(directory.resolve("other"), "somebody's");
        try (SqlCatalog serving = SqlCatalog.serve(CatalogLink.of(directory.resolve("data")))) {
            assertThatThrownBy(() -> serving.copyTo(other))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("cannot copy the catalog");
        }
        assertThat(other).hasContent("somebody's");
    }
}
