package io.contree.store.archive;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.RawPath;
import io.contree.store.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Packs a directory on this machine so that importing the archive makes the same image as importing the directory:
 * owners, modes, times, extended attributes, hard links, devices, holes and names byte for byte. What is mounted below
 * it and sockets stay out.
 */
public final class DirectoryArchive {
    private DirectoryArchive() {}

    /**
     * Writes the archive; does not close the stream.
     *
     * @param sparse whether holes may be left out, which only the reader of a root file system understands
     * @throws IOException if something cannot be read, or the stream fails
     * @throws StoreException INVALID if the data of a server is in the directory
     */
    public static void write(Path directory, OutputStream out, boolean sparse) throws IOException {
        try (Fd top = FileCalls.open(directory, FileCalls.READ | FileCalls.DIRECTORY)) {
            ViewArchive.ofMachine(new PaxWriter(out), sparse).write(top, RawPath.EMPTY);
        }
    }
}
