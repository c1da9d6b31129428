package io.contree.store.overlay;

import io.contree.linux.RawPath;
import io.contree.store.Image;
import io.contree.store.LayerWriter;
import io.contree.store.Layers;
import io.contree.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Makes an image of a directory of plain files, directories and links, owned by root. */
public final class TreeImage {
    private TreeImage() {}

    public static Image of(Store store, Path tree) throws IOException {
        Layers layers = ((OverlayStore) store).layers();
        try (LayerWriter writer = layers.write(List.of());
                Stream<Path> paths = Files.walk(tree)) {
            paths.forEach(path -> add(writer, tree.relativize(path).toString(), path));
            return layers.record(List.of(writer.finish()), new TreeMap<>(), "");
        }
    }

    private static void add(LayerWriter writer, String name, Path path) {
        try {
            int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            var attributes = new LayerWriter.Attributes(mode, 0, 0, 1_700_000_000_000_000_000L);
            if (Files.isSymbolicLink(path)) {
                writer.symlink(
                        new RawPath(name),
                        new RawPath(Files.readSymbolicLink(path).toString()),
                        attributes);
            } else if (Files.isDirectory(path)) {
                writer.directory(new RawPath(name), attributes);
            } else {
                try (InputStream content = Files.newInputStream(path)) {
                    writer.file(new RawPath(name), attributes, content);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
