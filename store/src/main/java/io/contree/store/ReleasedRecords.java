package io.contree.store;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What lost a record that named it, and goes when nothing else does. A record is removed first and what it names on disk after
 * it, so a crash between the two leaves garbage that is known as such. Every method that records is durable on return, and
 * atomic. Safe for use by several threads.
 */
public interface ReleasedRecords {
    /**
     * Releases every image that no project has, no public tag and no unfinished operation names. Only while nobody makes any: a
     * new one has no name yet.
     */
    void releaseUnnamedImages();

    /** Releases layers that were made for a record that does not name them after all. */
    void releaseLayers(Collection<LayerId> layers);

    /** Releases every layer that a chain names and no image. */
    void releaseUnusedChains();

    /** Released images that no project has, no public tag and no unfinished operation names. */
    Set<UUID> unneededImages();

    /**
     * Removes those of the images that are still unneeded, and releases their layers.
     *
     * @return those that were removed
     */
    Set<UUID> forgetImages(Collection<UUID> images);

    /** The released layers, each with a number that changes whenever it is released again. */
    Map<LayerId, Long> releasedLayers();

    /** The layers of images, as far as they are known. */
    Set<LayerId> layersOf(Collection<UUID> images);

    /** Those of the layers that an image names other than {@code without}. Reads the stacks of all images. */
    Set<LayerId> namedLayers(Set<LayerId> layers, Set<UUID> without);

    /** Removes the chains that name these layers, which stay released. */
    void forgetChains(Collection<LayerId> layers);

    /** Something names the layers: they are no longer released, unless they were again since they had this number. */
    void keepLayers(Map<LayerId, Long> layers);

    /** The layers are gone from the disk. */
    void removedLayers(Collection<LayerId> layers);

    /** Released files that no project has. */
    Set<Digest> unneededFiles();

    /**
     * Removes the records of those of the files that are still unneeded, which stay released; the others are released no longer.
     *
     * @return those without a record
     */
    Set<Digest> forgetFiles(Collection<Digest> files);

    /** The files are gone from the disk. */
    void removedFiles(Collection<Digest> files);

    /**
     * Gives the disk back what removed records took up, but for a reserve that the next ones use; others go on recording meanwhile.
     *
     * @throws StoreException DISK_FULL, IO: then the rest is given back another time
     */
    void giveBackSpace();
}
