package io.contree.store.layer;

import io.contree.linux.Stat;
import io.contree.store.Digest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What files of a draft hold that came from layers below, where it is known already. Used by one thread. */
final class KnownContents {
    private final Map<Long, Content> byInode = new HashMap<>();

    /**
     * A content.
     *
     * @param shared whether the file takes no room for it
     */
    record Content(Digest digest, boolean shared) {}

    void add(Stat file, Digest digest, boolean shared) {
        byInode.put(file.inode(), new Content(digest, shared));
    }

    Optional<Content> of(Stat file) {
        return Optional.ofNullable(byInode.get(file.inode()));
    }

    boolean isShared(Stat file) {
        return of(file).filter(Content::shared).isPresent();
    }
}
