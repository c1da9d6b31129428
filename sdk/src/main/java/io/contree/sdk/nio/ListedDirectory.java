package io.contree.sdk.nio;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the server says about a directory.
 *
 * @param self the directory itself, under the name {@code .}; absent if the server does not give it
 * @param files what it holds
 */
public record ListedDirectory(@Nullable ListedEntry self, List<ListedEntry> files) {
    public ListedDirectory {
        files = List.copyOf(files);
    }
}
