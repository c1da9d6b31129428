package io.contree.store.backup;

import io.contree.store.Digest;
import io.contree.store.ImageCatalog;
import io.contree.store.LayerId;
import io.contree.store.disk.CatalogLink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** Copies what a catalog in memory names as lines of text: layers, files, and operations that a test makes up. */
final class TextCatalog implements CatalogSource {
    private final ImageCatalog catalog;
    final UUID uuid;
    /** Operations, and whether they have ended. */
    final Map<UUID, Boolean> operations = new TreeMap<>();

    TextCatalog(ImageCatalog catalog, UUID uuid) {
        this.catalog = catalog;
        this.uuid = uuid;
    }

    @Override
    public void copyTo(Path file) throws IOException {
        Files.writeString(file, text());
    }

    private String text() {
        StringBuilder text = new StringBuilder("id " + uuid + "\n");
        catalog.layers().forEach(layer -> text.append("layer ").append(layer).append('\n'));
        catalog.files().forEach(digest -> text.append("file ").append(digest).append('\n'));
        operations.forEach((operation, ended) ->
                text.append(ended ? "ended " : "begun ").append(operation).append('\n'));
        return text.toString();
    }

    /** As it was copied to a file, for another process. */
    static CatalogSource from(Path text) {
        return new CatalogSource() {
            @Override
            public void copyTo(Path file) throws IOException {
                Files.copy(text, file);
            }

            @Override
            public NamedThings open(Path copy) {
                return TextCatalog.read(copy);
            }
        };
    }

    @Override
    public NamedThings open(Path copy) {
        return read(copy);
    }

    private static NamedThings read(Path copy) {
        List<String> lines;
        try {
            lines = Files.readAllLines(copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Copied(lines);
    }

    private record Copied(List<String> lines) implements NamedThings {
        private List<String> all(String kind) {
            return lines.stream()
                    .filter(line -> line.startsWith(kind + " "))
                    .map(line -> line.substring(kind.length() + 1))
                    .toList();
        }

        @Override
        public CatalogLink.Generation generation() {
            return new CatalogLink.Generation(UUID.fromString(all("id").getFirst()), 3);
        }

        @Override
        public Set<LayerId> layers() {
            return all("layer").stream().map(LayerId::parse).collect(Collectors.toSet());
        }

        @Override
        public Set<Digest> files() {
            return all("file").stream().map(Digest::parse).collect(Collectors.toSet());
        }

        @Override
        public void forEachOperation(OperationVisitor visitor) {
            all("ended").forEach(operation -> visitor.visit(UUID.fromString(operation), true));
            all("begun").forEach(operation -> visitor.visit(UUID.fromString(operation), false));
        }

        @Override
        public void close() {}
    }
}
