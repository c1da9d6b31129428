package io.contree.store.oci.origin;

import io.contree.store.oci.image.ImageConfig;
import java.io.IOException;

/** Where an image comes from: a registry, a layout, an archive. Several threads may fetch its layers at once. */
public interface ImageOrigin extends AutoCloseable {
    /** The config: its digest is verified, and it names as many layers as there are. */
    ImageConfig config();

    /** Names a layer (0 is the lowest) for progress and errors. */
    String layerName(int layer);

    /**
     * Fetches a layer to this machine.
     *
     * @throws io.contree.store.StoreException if the origin refuses, or is not what it claims to be
     */
    FetchedLayer fetch(int layer) throws IOException, InterruptedException;

    @Override
    void close();
}
