package io.contree.sdk.nio;

import java.nio.file.FileStore;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where an image is: read-only, without space. How much space it takes on the server is not known here, and given as 0. */
final class ImageFileStore extends FileStore {
    private final UUID image;

    ImageFileStore(UUID image) {
        this.image = image;
    }

    @Override
    public String name() {
        return image.toString();
    }

    @Override
    public String type() {
        return Location.SCHEME;
    }

    @Override
    public boolean isReadOnly() {
        return true;
    }

    @Override
    public long getTotalSpace() {
        return 0;
    }

    @Override
    public long getUsableSpace() {
        return 0;
    }

    @Override
    public long getUnallocatedSpace() {
        return 0;
    }

    @Override
    public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
        return AttributeView.isSupported(type);
    }

    @Override
    public boolean supportsFileAttributeView(String name) {
        return Attributes.VIEWS.contains(name);
    }

    @Override
    public <V extends FileStoreAttributeView> @Nullable V getFileStoreAttributeView(Class<V> type) {
        return null;
    }

    @Override
    public Object getAttribute(String attribute) {
        return switch (attribute) {
            case "totalSpace", "usableSpace", "unallocatedSpace" -> 0L;
            default -> throw new UnsupportedOperationException("a file store has no attribute '" + attribute + "'");
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ImageFileStore store && store.image.equals(image);
    }

    @Override
    public int hashCode() {
        return image.hashCode();
    }

    @Override
    public String toString() {
        return image + " (" + Location.SCHEME + ")";
    }
}
