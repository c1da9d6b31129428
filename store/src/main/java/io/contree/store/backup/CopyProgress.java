package io.contree.store.backup;

/**
 * How far a backup or a restore is.
 *
 * @param part what is being copied
 * @param done how many of its things have been dealt with
 * @param total of how many; 0 while that is not known
 * @param bytes copied so far, of all parts
 */
public record CopyProgress(Part part, long done, long total, long bytes) {
    /** What is copied, in this order. */
    public enum Part {
        CATALOG,
        LAYERS,
        FILES,
        LOGS
    }

    /** Is told, from one thread and often. */
    public interface Listener {
        void at(CopyProgress progress);
    }
}
