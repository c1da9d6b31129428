package io.contree.store.layer;

import io.contree.linux.Fd;
import io.contree.linux.FileHandle;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.store.LayerId;
import io.contree.store.manifest.Manifest;
import io.contree.store.state.Checkpoint;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The hard-link groups of layers by the handles of their files, each layer asked once: an image may have tens of thousands, and a
 * run changes few. Safe for use by several threads.
 */
public final class LinkHandles {
    /** In all, of the layers used last. */
    private static final int MOST = 1 << 19;

    private final SequencedMap<LayerId, Map<FileHandle, Integer>> known = new LinkedHashMap<>(16, 0.75f, true);
    private int handles;

    /** The numbers of the groups of a layer, which has these files and this manifest. */
    synchronized Map<FileHandle, Integer> of(LayerId layer, LayerTree files, Manifest manifest) throws LinuxException {
        Map<FileHandle, Integer> found = known.get(layer);
        if (found == null) {
            found = read(files, manifest);
            known.put(layer, found);
            handles += found.size();
            while (handles > MOST && known.size() > 1) {
                handles -= known.pollFirstEntry().getValue().size();
            }
        }
        return found;
    }

    private static Map<FileHandle, Integer> read(LayerTree files, Manifest manifest) throws LinuxException {
        Map<FileHandle, Integer> found = new HashMap<>();
        for (int number = 1; number <= manifest.groups(); number++) {
            Checkpoint.pass();
            RawPath path = manifest.path(manifest.members(number)[0]);
            try (Fd directory = files.directory(path.parent())) {
                Optional<FileHandle> handle = FileHandle.of(directory, path.name());
                if (handle.isEmpty()) {
                    return found; // a file system without handles, where overlays have no index
                }
                found.put(handle.get(), number);
            }
        }
        return found;
    }
}
