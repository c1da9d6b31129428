package io.contree.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;

/** Uploaded files by SHA-256. Same bytes, same record. Safe for use by several threads. */
public interface FileStore {
    /**
     * Reads the stream to its end; the file is on disk and recorded on return. Does not close the stream.
     *
     * @throws IOException if the stream fails; nothing is then stored
     * @throws StoreException DISK_FULL, IO
     */
    StoredFile put(InputStream bytes) throws IOException;

    /**
     * Opens a file for reading; close it.
     *
     * @throws StoreException NOT_FOUND, DAMAGED, IO
     */
    FileChannel open(Digest digest);

    /** False for a recorded file that should be uploaded again: what is on disk is known not to be it. Costs next to nothing. */
    boolean seemsWhole(Digest digest, long size);
}
