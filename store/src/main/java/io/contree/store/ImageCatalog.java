package io.contree.store;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The durable records of the store. Every method that records is atomic, and durable on return, but for {@link #record}. Implemented on
 * SQL by {@code catalog}; one conformance suite runs on every implementation. Safe for use by several threads.
 */
public interface ImageCatalog extends ReleasedRecords {
    Optional<Image> image(UUID uuid);

    /**
     * Records a state, which is durable with whatever is recorded next in the same database, such as who reached it: nobody may be told of
     * it before. If its key is known, the known image is returned and nothing is recorded; the caller then drops its own layers.
     *
     * @throws StoreException CORRUPT if the UUID is known under another key
     */
    Image record(Image image);

    /**
     * Gives an image another stack that shows the same state. Layers that it names no longer are released.
     *
     * @return false, with nothing recorded, if the image is unknown or its stack is not {@code from}
     */
    boolean restack(UUID image, List<LayerId> from, List<LayerId> to);

    /** Keeps the OCI config that an image was imported with, as its exact bytes; a second one replaces the first. */
    void recordConfig(UUID image, byte[] config);

    /** The OCI config that was kept beside an image. */
    Optional<byte[]> config(UUID image);

    /**
     * The layer that was made from a chain of registry layers (OCI ChainID: the whole stack below it included), if this owner
     * recorded it: a chain id is no secret, so knowing one must not give access to somebody else's bytes. A damaged layer is none.
     */
    Optional<LayerId> layerOfChain(UUID owner, Digest chainId);

    /**
     * Records the layer of a chain for an owner; if the chain is known, returns the known layer and keeps that, unless it is damaged.
     */
    LayerId recordChain(UUID owner, Digest chainId, LayerId layer);

    /** Layers that an image or a chain names: all others are garbage. */
    Set<LayerId> layers();

    /** Hands the stack of each image, the lowest layer first, to a visitor, which must not call the catalog. */
    void forEachStack(Consumer<List<LayerId>> visitor);

    /** Records an uploaded file; a known digest returns the known record. */
    StoredFile recordFile(StoredFile file);

    Optional<StoredFile> file(Digest digest);

    /** Looks a file up by the UUID that {@code recordFile} returned for it. */
    Optional<StoredFile> file(UUID uuid);

    /** All files, for the sweep at start. */
    List<Digest> files();

    /** What was found damaged. */
    DamageCatalog damage();
}
