package io.contree.store.oci.origin;

import java.io.IOException;
import java.io.InputStream;

/** The packed bytes of one layer, on this machine. Closing removes what was only there for the import. */
public interface FetchedLayer extends AutoCloseable {
    /** The bytes; the stream fails before its end if they are not the promised ones. */
    InputStream open() throws IOException;

    /** How many bytes there are. */
    long size();

    @Override
    default void close() {}
}
