package io.contree.store.disk;

import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what no record names. A failure is logged and left to the sweep at the next open. */
public final class Removal {
    private static final Logger LOG = LoggerFactory.getLogger(Removal.class);

    private Removal() {}

    public static void remove(Path path) {
        try {
            FileCalls.removeTree(path);
        } catch (LinuxException e) {
            LOG.warn("could not remove {}; the next start tries again: {}", path, e.getMessage());
        }
    }
}
