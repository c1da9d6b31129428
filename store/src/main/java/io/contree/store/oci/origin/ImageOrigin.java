package io.contree.store.oci.origin;

import io.contree.store.oci.image.ImageConfig;
import java.io.IOException;

/** One image where it comes from: a registry, a layout, an archive. Its layers may be fetched by several threads at once. */
public interface ImageOrigin extends AutoCloseable {
    /** The config, its digest verified, with as many layers as there are. */
    ImageConfig config();

    /** Names a layer (0 is the lowest) for progress and errors. */
    String layerName(int layer);

    /**
     * Brings a layer here.
     *
     * @throws io.contree.store.StoreException if the origin refuses, or is not as it says
     */
    FetchedLayer fetch(int layer) throws IOException, InterruptedException;

    @Override
    void close();
}
