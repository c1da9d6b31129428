package io.contree.store.oci.origin;

import java.io.IOException;
import java.io.InputStream;

/** The files of an OCI image layout, in a directory or in a tar. Closing closes what they are in. */
public interface LayoutFiles extends AutoCloseable {
    /**
     * A file's bytes, by its path in the layout.
     *
     * @throws io.contree.store.StoreException INVALID if there is no such regular file
     */
    InputStream open(String path) throws IOException;

    @Override
    void close();
}
