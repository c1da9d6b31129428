package io.contree.testkit;

import io.contree.linux.FileCalls;
import java.io.IOException;
import java.nio.file.Path;

/** Removal of whole trees, whatever is in them. */
public final class Trees {
    private Trees() {}

    /** Removes a tree; one that is not there is no error. */
    public static void remove(Path tree) throws IOException {
        FileCalls.removeTree(tree.toAbsolutePath());
    }
}
