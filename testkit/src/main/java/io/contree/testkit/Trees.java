package io.contree.testkit;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.RawPath;
import java.io.IOException;
import java.nio.file.Path;

/** Removal of whole trees, whatever is in them. */
public final class Trees {
    private Trees() {}

    /** Removes a tree; one that is not there is no error. */
    public static void remove(Path tree) throws IOException {
        FileCalls.removeTree(Fd.CWD, RawPath.fromText(tree.toAbsolutePath().toString()));
    }
}
