package io.contree.store.oci;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.RawPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A directory for the files of one import, which goes with it. */
record Scratch(Path directory) implements AutoCloseable {
    @Override
    public void close() {
        try {
            FileCalls.removeTree(Fd.CWD, RawPath.fromText(directory.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
