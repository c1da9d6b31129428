package io.contree.engine.cache;

import io.contree.engine.OperationRecord;
import io.contree.store.Digest;
import java.util.Optional;
import java.util.UUID;

/**
 * The durable records of runs that answer for equal ones: those whose end has a {@link
 * io.contree.engine.OperationEnd#cacheKey}, of each project the latest of a key. Every method that records is atomic, and
 * durable on return. Safe for use by several threads. One conformance suite runs on every implementation.
 */
public interface RunCacheCatalog {
    /** The run of a project that an equal one may repeat: it still has its log, and the project the image that it reached. */
    Optional<OperationRecord> repeatable(UUID project, Digest key);

    /**
     * Records an operation that was accepted and has ended at once, as {@link io.contree.engine.OperationCatalog#accept} and
     * {@code finish} do in turn; the run that it repeats was used by that.
     *
     * @param repetition its end says which run it repeats
     * @return false, with nothing recorded, if that run may not be repeated any more
     */
    boolean repeat(OperationRecord repetition);

    /** Forgets the keys of the longest unused runs of all projects until there are no more than this. */
    void keepCached(int most);
}
