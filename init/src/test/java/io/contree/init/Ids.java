package io.contree.init;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A user and a group by number. */
record Ids(int uid, int gid) {
    /** Those of this JVM, so that the tests need no root. */
    static final Ids OURS = ours();

    boolean isRoot() {
        return uid == 0;
    }

    private static Ids ours() {
        try {
            Path self = Path.of("/proc/self");
            return new Ids((int) Files.getAttribute(self, "unix:uid"), (int) Files.getAttribute(self, "unix:gid"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
