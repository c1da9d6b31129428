package io.contree.sdk.nio;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The file systems that are open in this JVM, by what they show. One that is dropped without being closed is let go. */
final class OpenFileSystems {
    private static final Map<Location, List<WeakReference<ImageFileSystem>>> OPEN = new HashMap<>();

    private OpenFileSystems() {}

    /** @param location as a URI will ask for it */
    static synchronized void add(Location location, ImageFileSystem fileSystem) {
        OPEN.computeIfAbsent(location, key -> new ArrayList<>()).add(new WeakReference<>(fileSystem));
    }

    static synchronized void remove(ImageFileSystem fileSystem) {
        OPEN.values().forEach(list -> list.removeIf(reference -> isGoneOr(fileSystem, reference.get())));
        OPEN.values().removeIf(List::isEmpty);
    }

    static synchronized Optional<ImageFileSystem> find(Location location) {
        for (WeakReference<ImageFileSystem> reference : OPEN.getOrDefault(location, List.of())) {
            ImageFileSystem fileSystem = reference.get();
            if (fileSystem != null) {
                return Optional.of(fileSystem);
            }
        }
        return Optional.empty();
    }

    @SuppressWarnings("ReferenceEquality") // equal ones show the same image and are not the same
    private static boolean isGoneOr(ImageFileSystem fileSystem, @Nullable ImageFileSystem other) {
        return other == null || other == fileSystem;
    }
}
