package io.contree.store.dedup;

import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.store.Digest;
import io.contree.store.LayerId;
import io.contree.store.disk.Layout;
import io.contree.store.manifest.Manifest;
import io.contree.store.state.Checkpoint;
import io.contree.store.state.TreeEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets files of new layers share the blocks of files that hold the same, of those layers that were made or asked for last. What a
 * file shows, its times and its inode stay as they are. Safe for use by several threads.
 */
public final class EqualContents {
    /** The smallest size that is looked for, in bytes: of smaller files the inode and the manifest cost more than is gained. */
    public static final long SMALLEST = 128 << 10;

    /** How many bytes of a new layer are compared before it is recorded; the search finds the rest. */
    private static final long BUDGET = 64 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(EqualContents.class);
    private static final int REMEMBERED = 8192;

    private final Layout layout;
    private final boolean possible;
    private final Map<Digest, FileInLayer> recent = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, FileInLayer> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** @param possible whether the disk lets files share blocks; if not, nothing here does or costs anything */
    public EqualContents(Layout layout, boolean possible) {
        this.layout = layout;
        this.possible = possible;
    }

    public boolean isPossible() {
        return possible;
    }

    /**
     * Lets the files of a layer share what is known, and remembers the others. A file that cannot share has its content to itself.
     *
     * @param draft sealed, and not yet under its own name
     * @param id the name that it will have
     */
    public void share(Layout.LayerDirectory draft, LayerId id) throws IOException {
        if (!possible) {
            return;
        }
        Manifest manifest = Manifest.open(draft.manifest());
        long left = BUDGET;
        for (int index = 0; index < manifest.count(); index++) {
            if (manifest.size(index) < SMALLEST) {
                continue;
            }
            TreeEntry entry = manifest.entry(index);
            FileInLayer own = new FileInLayer(id, entry.path());
            Optional<FileInLayer> known = known(entry);
            if (known.isEmpty()) {
                remember(entry, own);
            } else if (entry.size() <= left) {
                left -= entry.size();
                if (!share(known.get(), draft.tree(), entry)) {
                    remember(entry, own);
                }
            }
        }
    }

    private Optional<FileInLayer> known(TreeEntry entry) {
        synchronized (recent) {
            return entry.content().map(recent::get);
        }
    }

    void remember(TreeEntry entry, FileInLayer place) {
        synchronized (recent) {
            entry.content().ifPresent(content -> recent.put(content, place));
        }
    }

    Path tree(FileInLayer file) {
        return layout.layer(file.layer()).tree();
    }

    /** False if the content is not, or no longer, where it was. */
    private boolean share(FileInLayer known, Path tree, TreeEntry entry) {
        RawPath path = entry.path();
        try (EqualFiles files = EqualFiles.open(tree(known), known.path(), tree, path, entry.size())) {
            if (files.areApart()) {
                while (!files.isDone()) {
                    Checkpoint.pass();
                    files.step();
                }
            }
            return !files.differ();
        } catch (LinuxException e) {
            LOG.debug("\"{}\" has a content of its own: {}", path, e.getMessage());
            return false;
        }
    }
}
