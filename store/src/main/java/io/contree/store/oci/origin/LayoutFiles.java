package io.contree.store.oci.origin;

import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import java.io.IOException;
import java.io.InputStream;

/** The files of an OCI image layout, in a directory or in a tar. Closing this closes what they are in. */
public interface LayoutFiles extends AutoCloseable {
    /**
     * A file's bytes, by its path in the layout.
     *
     * @throws StoreException INVALID if there is no such regular file
     */
    InputStream open(String path) throws IOException;

    /**
     * A whole document.
     *
     * @param what names it in errors
     * @throws StoreException INVALID if there is no such regular file, or it has more bytes than {@code most}
     */
    default byte[] document(String path, int most, String what) throws IOException {
        try (InputStream in = open(path)) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new StoreException(Kind.INVALID, what + " has more than " + most + " bytes.");
            }
            return bytes;
        }
    }

    @Override
    void close();
}
