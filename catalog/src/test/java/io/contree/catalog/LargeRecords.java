package io.contree.catalog;

import io.contree.store.Digest;
import io.contree.store.Image;
import io.contree.store.LtHash;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/** Images whose records take up 100,000 bytes each. */
final class LargeRecords {
    static final int BYTES = 100_000;

    private LargeRecords() {}

    static List<UUID> make(SqlCatalog catalog, int count) {
        List<UUID> images = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            UUID uuid = UUID.randomUUID();
            byte[] key = new byte[32];
            ByteBuffer.wrap(key).putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
            catalog.images()
                    .record(new Image(
                            uuid,
                            Digest.of(key),
                            LtHash.EMPTY,
                            LtHash.EMPTY,
                            List.of(),
                            new TreeMap<>(),
                            "",
                            Instant.EPOCH));
            catalog.images().recordConfig(uuid, config(uuid));
            images.add(uuid);
        }
        return images;
    }

    static byte[] config(UUID image) {
        byte[] bytes = new byte[BYTES];
        new Random(image.getLeastSignificantBits()).nextBytes(bytes);
        return bytes;
    }

    static void forget(SqlCatalog catalog, List<UUID> images) {
        catalog.images().releaseUnnamedImages();
        catalog.images().forgetImages(images);
    }
}
