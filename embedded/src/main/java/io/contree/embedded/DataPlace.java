package io.contree.embedded;

import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Where a server keeps its data.
 *
 * @param isTemporary whether it is removed with the server
 */
record DataPlace(Path directory, boolean isTemporary) {
    static DataPlace kept(Path directory) {
        return new DataPlace(directory, false);
    }

    static DataPlace temporary() {
        try {
            return new DataPlace(Files.createTempDirectory("contree-embedded-"), true);
        } catch (IOException e) {
            throw new UncheckedIOException("could not make a temporary directory for a server: " + e, e);
        }
    }

    /** Removes what is temporary; the server must be closed. */
    void leave() {
        if (!isTemporary || !Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            if (isEmpty()) {
                // Also where system calls cannot be made, which may be why the server did not start.
                Files.delete(directory);
            } else {
                FileCalls.removeTree(directory);
            }
        } catch (LinuxException e) {
            throw new UncheckedIOException("could not remove " + directory + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("could not remove " + directory + ": " + e, e);
        }
    }

    private boolean isEmpty() throws IOException {
        try (var entries = Files.newDirectoryStream(directory)) {
            return !entries.iterator().hasNext();
        }
    }
}
