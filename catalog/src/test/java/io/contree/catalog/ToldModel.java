package io.contree.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.RawPath;
import io.contree.store.Digest;
import io.contree.store.ImageView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** What a {@link CrashedStore} has if everything that it told is true. */
final class ToldModel {
    private final Map<UUID, String> images = new HashMap<>();
    private final Map<Digest, String> uploads = new HashMap<>();
    private final Map<UUID, String> treeOf = new HashMap<>();
    private final Map<String, UUID> uuidOf = new HashMap<>();

    void line(String line) {
        String[] words = line.split(" ");
        switch (words[0]) {
            case "image" -> image(UUID.fromString(words[1]), words[2]);
            case "removing" -> images.remove(UUID.fromString(words[1]));
            case "upload" -> uploads.put(new Digest(words[1].replace("sha256:", "")), words[2]);
            case "giving-up" -> uploads.remove(new Digest(words[1].replace("sha256:", "")));
            default -> {}
        }
    }

    private void image(UUID uuid, String tree) {
        images.put(uuid, tree);
        treeOf.putIfAbsent(uuid, tree);
        uuidOf.putIfAbsent(tree, uuid);
        assertThat(treeOf.get(uuid)).as("tree of " + uuid).isEqualTo(tree);
        if (!tree.startsWith("imported")) { // those have the times of their making
            assertThat(uuidOf.get(tree)).as("UUID of " + tree).isEqualTo(uuid);
        }
    }

    /** All that was told and not given up is there, and whole. */
    void requireAll(CrashedStore store, String what) throws IOException {
        for (Map.Entry<UUID, String> image : images.entrySet()) {
            assertThat(store.catalog().projects().image(CrashedStore.PROJECT, image.getKey()))
                    .as(what)
                    .isPresent();
            assertThat(text(store, image.getKey())).as(what).isEqualTo(image.getValue());
        }
        for (Map.Entry<Digest, String> upload : uploads.entrySet()) {
            assertThat(store.catalog().projects().file(CrashedStore.PROJECT, upload.getKey()))
                    .as(what)
                    .isPresent();
            try (FileChannel file = store.store().files().open(upload.getKey())) {
                ByteBuffer bytes = ByteBuffer.allocate(100);
                file.read(bytes);
                assertThat(new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8))
                        .as(what)
                        .isEqualTo(upload.getValue());
            }
        }
    }

    private static String text(CrashedStore store, UUID image) throws IOException {
        try (ImageView view = store.store().view(store.store().image(image));
                var bytes = view.open(new RawPath("f")).bytes()) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
