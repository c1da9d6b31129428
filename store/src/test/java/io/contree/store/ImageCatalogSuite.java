package io.contree.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What every {@link ImageCatalog} does. A subclass per implementation says how to open an empty one. */
public abstract class ImageCatalogSuite {
    /** A catalog without records. */
    protected abstract ImageCatalog catalog();

    /** The same records after a restart; a catalog without a disk returns itself. */
    protected ImageCatalog reopened(ImageCatalog catalog) {
        return catalog;
    }

    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05.678Z");

    private static Digest digest(int seed) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) seed;
        bytes[31] = (byte) (seed >> 8);
        return Digest.of(bytes);
    }

    private static Image image(UUID uuid, Digest key, List<LayerId> layers) {
        byte[] state = new byte[LtHash.SIZE];
        state[0] = (byte) 0xff;
        state[LtHash.SIZE - 1] = 1;
        SortedMap<String, String> env = new TreeMap<>(Map.of("PATH", "/bin", "EMPTY", "", "UMLAUT", "ä\n\"'"));
        return new Image(uuid, key, LtHash.of(state), LtHash.EMPTY, layers, env, "/srv", THEN);
    }

    @Test
    void returnsEveryFieldOfARecordedImage() {
        ImageCatalog catalog = catalog();
        Image image = image(UUID.randomUUID(), digest(1), List.of(LayerId.random(), LayerId.random()));
        assertThat(catalog.record(image)).isEqualTo(image);
        assertThat(reopened(catalog).image(image.uuid())).contains(image);
    }

    @Test
    void keepsTheOrderOfLayers() {
        ImageCatalog catalog = catalog();
        List<LayerId> layers =
                java.util.stream.Stream.generate(LayerId::random).limit(64).toList();
        Image image = catalog.record(image(UUID.randomUUID(), digest(2), layers));
        assertThat(catalog.image(image.uuid()).orElseThrow().layers()).isEqualTo(layers);
    }

    @Test
    void givesAnImageAnotherStackOnceOnly() {
        ImageCatalog catalog = catalog();
        List<LayerId> from = List.of(LayerId.random(), LayerId.random());
        List<LayerId> to = List.of(LayerId.random());
        Image image = catalog.record(image(UUID.randomUUID(), digest(2), from));
        assertThat(catalog.restack(image.uuid(), from, to)).isTrue();
        assertThat(catalog.restack(image.uuid(), from, List.of())).isFalse();
        assertThat(catalog.restack(UUID.randomUUID(), from, to)).isFalse();
        LayerId unused = LayerId.random();
        catalog.releaseLayers(List.of(unused));
        ImageCatalog again = reopened(catalog);
        assertThat(again.image(image.uuid()).orElseThrow().layers()).isEqualTo(to);
        assertThat(again.releasedLayers()).containsOnlyKeys(from.getFirst(), from.getLast(), unused);
    }

    @Test
    void recordsAnImageWithoutLayers() {
        ImageCatalog catalog = catalog();
        Image image = catalog.record(image(UUID.randomUUID(), digest(2), List.of()));
        assertThat(catalog.image(image.uuid())).contains(image);
    }

    @Test
    void knowsNoImageThatWasNotRecorded() {
        assertThat(catalog().image(UUID.randomUUID())).isEmpty();
    }

    @Test
    void returnsTheKnownImageForAKnownKey() {
        ImageCatalog catalog = catalog();
        UUID uuid = UUID.randomUUID();
        Image first = catalog.record(image(uuid, digest(3), List.of(LayerId.random())));
        Image second = image(uuid, digest(3), List.of(LayerId.random()));
        assertThat(catalog.record(second)).isEqualTo(first);
        assertThat(catalog.layers()).isEqualTo(java.util.Set.copyOf(first.layers()));
    }

    @Test
    void refusesAUuidUnderAnotherKey() {
        ImageCatalog catalog = catalog();
        UUID uuid = UUID.randomUUID();
        Image first = catalog.record(image(uuid, digest(4), List.of()));
        assertThatThrownBy(() -> catalog.record(image(uuid, digest(5), List.of())))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CORRUPT))
                .hasMessageContaining(uuid.toString());
        assertThat(catalog.image(uuid)).contains(first);
    }

    @Test
    void recordsOneOfManyAtOnce() throws Exception {
        ImageCatalog catalog = catalog();
        UUID uuid = UUID.randomUUID();
        var results = ConcurrentHashMap.<Image>newKeySet();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                var _ = threads.submit(
                        () -> results.add(catalog.record(image(uuid, digest(6), List.of(LayerId.random())))));
            }
        }
        assertThat(results).hasSize(1);
        assertThat(catalog.image(uuid)).contains(results.iterator().next());
    }

    @Test
    void keepsTheExactBytesOfAConfig() {
        ImageCatalog catalog = catalog();
        Image image = catalog.record(image(UUID.randomUUID(), digest(7), List.of()));
        assertThat(catalog.config(image.uuid())).isEmpty();
        catalog.recordConfig(image.uuid(), "{ \"a\" : 1 }".getBytes(StandardCharsets.UTF_8));
        byte[] bytes = {0, -1, 10};
        catalog.recordConfig(image.uuid(), bytes);
        assertThat(reopened(catalog).config(image.uuid()))
                .hasValueSatisfying(kept -> assertThat(kept).isEqualTo(bytes));
    }

    @Test
    void keepsTheFirstLayerOfAChain() {
        ImageCatalog catalog = catalog();
        LayerId first = LayerId.random();
        UUID one = UUID.randomUUID();
        UUID other = UUID.randomUUID();
        assertThat(catalog.layerOfChain(one, digest(8))).isEmpty();
        assertThat(catalog.recordChain(one, digest(8), first)).isEqualTo(first);
        assertThat(catalog.recordChain(one, digest(8), LayerId.random())).isEqualTo(first);
        assertThat(catalog.layerOfChain(other, digest(8))).isEmpty();
        assertThat(catalog.recordChain(other, digest(8), LayerId.random())).isEqualTo(first);
        ImageCatalog again = reopened(catalog);
        assertThat(again.layerOfChain(one, digest(8))).contains(first);
        assertThat(again.layerOfChain(other, digest(8))).contains(first);
        assertThat(again.layerOfChain(UUID.randomUUID(), digest(8))).isEmpty();
    }

    @Test
    void namesTheLayersOfImagesAndChains() {
        ImageCatalog catalog = catalog();
        LayerId shared = LayerId.random();
        LayerId own = LayerId.random();
        LayerId chained = LayerId.random();
        assertThat(catalog.layers()).isEmpty();
        catalog.record(image(UUID.randomUUID(), digest(9), List.of(shared)));
        catalog.record(image(UUID.randomUUID(), digest(10), List.of(shared, own)));
        catalog.recordChain(UUID.randomUUID(), digest(11), chained);
        catalog.recordChain(UUID.randomUUID(), digest(12), shared);
        assertThat(reopened(catalog).layers()).containsExactlyInAnyOrder(shared, own, chained);
    }

    @Test
    void showsTheStackOfEachImage() {
        ImageCatalog catalog = catalog();
        List<LayerId> one = List.of(LayerId.random());
        List<LayerId> two = List.of(one.getFirst(), LayerId.random());
        catalog.record(image(UUID.randomUUID(), digest(9), one));
        catalog.record(image(UUID.randomUUID(), digest(10), two));
        catalog.record(image(UUID.randomUUID(), digest(11), List.of()));
        List<List<LayerId>> seen = new ArrayList<>();
        reopened(catalog).forEachStack(seen::add);
        assertThat(seen).containsExactlyInAnyOrder(one, two, List.of());
    }

    @Test
    void returnsTheKnownFileOfADigest() {
        ImageCatalog catalog = catalog();
        StoredFile file = new StoredFile(UUID.randomUUID(), digest(13), 1L << 40, THEN);
        assertThat(catalog.recordFile(file)).isEqualTo(file);
        assertThat(catalog.recordFile(new StoredFile(UUID.randomUUID(), digest(13), 1L << 40, THEN.plusSeconds(1))))
                .isEqualTo(file);
        ImageCatalog again = reopened(catalog);
        assertThat(again.file(digest(13))).contains(file);
        assertThat(again.file(file.uuid())).contains(file);
        assertThat(again.files()).containsExactly(digest(13));
        assertThat(again.file(digest(14))).isEmpty();
        assertThat(again.file(UUID.randomUUID())).isEmpty();
    }

    @Test
    void remembersWhatWasFoundDamagedFirst() {
        ImageCatalog catalog = catalog();
        LayerId layer = LayerId.random();
        assertThat(catalog.damage().layers()).isEmpty();
        catalog.damage().record(layer, "torn", THEN);
        catalog.damage().record(layer, "gone", THEN);
        ImageCatalog again = reopened(catalog);
        assertThat(again.damage().layers()).isEqualTo(Map.of(layer, "torn"));
        again.damage().clear(layer);
        assertThat(reopened(again).damage().layers()).isEmpty();
    }

    @Test
    void givesAllImagesOnAStackAnotherOne() {
        ImageCatalog catalog = catalog();
        LayerId below = LayerId.random();
        LayerId damaged = LayerId.random();
        LayerId above = LayerId.random();
        LayerId made = LayerId.random();
        UUID itself = UUID.randomUUID();
        UUID child = UUID.randomUUID();
        UUID beside = UUID.randomUUID();
        catalog.record(image(itself, digest(20), List.of(below, damaged)));
        catalog.record(image(child, digest(21), List.of(below, damaged, above)));
        catalog.record(image(beside, digest(22), List.of(damaged)));
        assertThat(catalog.damage().restackAll(List.of(below, damaged), List.of(made)))
                .isEqualTo(2);
        ImageCatalog again = reopened(catalog);
        assertThat(again.image(itself).orElseThrow().layers()).containsExactly(made);
        assertThat(again.image(child).orElseThrow().layers()).containsExactly(made, above);
        assertThat(again.image(beside).orElseThrow().layers()).containsExactly(damaged);
        assertThat(again.releasedLayers()).containsOnlyKeys(below, damaged);
        assertThat(again.damage().restackAll(List.of(), List.of(made))).isZero();
    }

    @Test
    void handsOutNoDamagedLayerOfAChain() {
        ImageCatalog catalog = catalog();
        UUID owner = UUID.randomUUID();
        LayerId damaged = LayerId.random();
        LayerId made = LayerId.random();
        catalog.recordChain(owner, digest(23), damaged);
        catalog.damage().record(damaged, "torn", THEN);
        assertThat(catalog.layerOfChain(owner, digest(23))).isEmpty();
        assertThat(catalog.recordChain(owner, digest(23), made)).isEqualTo(made);
        ImageCatalog again = reopened(catalog);
        assertThat(again.layerOfChain(owner, digest(23))).contains(made);
        assertThat(again.releasedLayers()).containsOnlyKeys(damaged);
    }

    @Test
    void forgetsADamagedFile() {
        ImageCatalog catalog = catalog();
        catalog.recordFile(new StoredFile(UUID.randomUUID(), digest(24), 3, THEN));
        catalog.damage().forgetFile(digest(24));
        assertThat(reopened(catalog).file(digest(24))).isEmpty();
    }
}
