package io.contree.store.layer;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import java.util.Optional;

/** What an upper directory that is not sealed yet does to a path of the state below. */
enum Shadow {
    /** It has an entry of its own there. */
    SHOWN,
    /** It hides what is below. */
    HIDDEN,
    /** What is below shows through. */
    THROUGH;

    static Shadow of(LayerTree tree, RawPath path) throws LinuxException {
        boolean hides = LayerTree.isOpaque(FileCalls.xattrs(tree.root(), ""));
        RawPath directory = RawPath.EMPTY;
        for (String name : path.names()) {
            try (Fd parent = tree.directory(directory)) {
                Optional<Stat> stat = FileCalls.statIfPresent(parent, name);
                directory = directory.child(name);
                if (stat.isEmpty()) {
                    return hides ? HIDDEN : THROUGH;
                }
                if (stat.get().isWhiteout()) {
                    return HIDDEN;
                }
                if (directory.length() == path.length()) {
                    return SHOWN;
                }
                if (!stat.get().isDirectory()) {
                    return HIDDEN;
                }
                hides |= LayerTree.isOpaque(FileCalls.xattrs(parent, name));
            }
        }
        return SHOWN;
    }
}
